"""What was measured, and whether it keeps to the limits: medians and ratios of paired rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Steps = Mapping[str, float]
"""Milliseconds by step, in the order in which the steps were taken."""

_CALM = 1.5


@dataclass(frozen=True)
class Contest:
    """What we take and what the floor takes, a round each. `most` and `goal` are times the floor; None: no limit."""

    name: str
    floor_is: str
    ours: Sequence[Steps]
    floor: Sequence[Steps]
    most: float | None
    goal: float | None = None

    @property
    def our_median(self) -> float:
        """Milliseconds of a round of ours."""
        return median(total(steps) for steps in self.ours)

    @property
    def floor_median(self) -> float:
        """Milliseconds of a round of the floor."""
        return median(total(steps) for steps in self.floor)

    @property
    def ratio(self) -> float:
        """The median of how many times the floor each round took: a busy moment hits both sides of its pair."""
        return median(total(ours) / total(floor) for ours, floor in zip(self.ours, self.floor, strict=True))

    @property
    def is_kept(self) -> bool:
        """Whether the ratio is within the limit; without one it always is."""
        return self.most is None or self.ratio <= self.most


@dataclass(frozen=True)
class Count:
    """A number that may not be passed, and how long it took: milliseconds, for information."""

    name: str
    unit: str
    value: int
    most: int | None
    rounds: Sequence[float]

    @property
    def our_median(self) -> float:
        """Milliseconds of a round."""
        return median(self.rounds)

    @property
    def is_kept(self) -> bool:
        """Whether the number is within the limit; without one it always is."""
        return self.most is None or self.value <= self.most


@dataclass(frozen=True)
class Limit:
    """One measured value that may not be above `most`, or below `least`; without either it is for information."""

    name: str
    unit: str
    value: float
    most: float | None = None
    goal: float | None = None
    least: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the value is within the limit."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


Figure = Contest | Count | Limit


def total(steps: Steps) -> float:
    """Milliseconds of all steps of a round."""
    return sum(steps.values())


def medians(rounds: Sequence[Steps]) -> dict[str, float]:
    """The median of each step, in milliseconds. They need not add up to the median of the whole."""
    return {name: median(steps[name] for steps in rounds) for name in rounds[0]}


def spread(rounds: Sequence[float]) -> float:
    """How many times the quickest round the median one took: 1 on a quiet machine."""
    return median(rounds) / min(rounds)


def is_calm(figures: Sequence[Figure]) -> bool:
    """Whether the floors took about the same each time, so that the figures can be trusted."""
    floors = [[total(steps) for steps in figure.floor] for figure in figures if isinstance(figure, Contest)]
    return all(spread(rounds) <= _CALM for rounds in floors)
