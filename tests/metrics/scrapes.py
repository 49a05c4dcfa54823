"""What `/metrics` told once."""

from dataclasses import dataclass

from prometheus_client import Metric

TOKEN = "a token for tests only, thirty-two signs or more"


@dataclass(frozen=True)
class Scrape:
    """The text, and the families in it."""

    text: str
    families: list[Metric]

    def value(self, sample: str, /, **labels: str) -> float | None:
        """The one sample of that name with just these labels."""
        samples = [each for family in self.families for each in family.samples]
        found = [each.value for each in samples if (each.name, each.labels) == (sample, labels)]
        return found[0] if found else None

    def names(self) -> set[str]:
        """The families."""
        return {family.name for family in self.families}
