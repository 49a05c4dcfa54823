"""What is asked of a server and how it answered; by h2load where that is installed, else by visitors of our own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from coachhub.bench import h2load, visitors

CONNECTIONS = 8


@dataclass(frozen=True)
class Page:
    """An address, what a browser sends with it, and how it is to be answered.

    Of a page whose looks are counted there are `others` alike, asked for in turn, and no more than `most` at a time.
    """

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    others: tuple[str, ...] = ()
    most: int | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them."""
        return (self.path, *self.others)


@dataclass(frozen=True)
class Drive:
    """One page asked for many times, on all connections at once."""

    seconds: float
    answers: Sequence[float]
    """Milliseconds of each."""
    work: float
    """Seconds of a core that whoever asked took."""

    @property
    def pace(self) -> float:
        """Pages a second."""
        return len(self.answers) / self.seconds

    @property
    def median(self) -> float:
        """Milliseconds."""
        return median(self.answers)

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return quantiles(self.answers, n=100)[-1]


def generator() -> tuple[str, Callable[..., tuple[float, list[float], float]]]:
    """Who asks, in words, and the function that does it."""
    version = h2load.version()
    return (version, h2load.ask) if version else ("our own visitors, as h2load is not installed", visitors.ask)


def drive(port: int, page: Page, times: int) -> Drive:
    """Ask the server on this machine for a page so many times. Raises RuntimeError where it answers anything else."""
    _, ask = generator()
    return Drive(*ask(port, page.paths, page.headers, page.status, times, CONNECTIONS))
