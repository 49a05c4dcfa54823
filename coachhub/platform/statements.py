"""What a request or a job asks the database: how often, for how long, in which words; never with which values.

COMMIT is no statement here, and neither is what goes past SQLAlchemy, such as COPY.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

_MOST_KEPT = 500
"""So many texts are kept of one request or job; all are counted."""


@dataclass(frozen=True)
class Statement:
    """One statement with placeholders where its values stand, and the seconds until the database had answered it."""

    text: str
    seconds: float


@dataclass(slots=True)
class Tally:
    """The statements since it began (`since`, of `perf_counter`): their number, their seconds, the first few texts."""

    since: float = field(default_factory=perf_counter)
    count: int = 0
    seconds: float = 0.0
    kept: list[tuple[str, float]] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        """Seconds since it began, of which `seconds` are the database's."""
        return perf_counter() - self.since

    @property
    def statements(self) -> list[Statement]:
        """What was asked, in order."""
        return [Statement(*each) for each in self.kept]

    def add(self, text: str, seconds: float) -> None:
        """Threads that a job has begun may share it; a figure lost between two of them is not worth a lock."""
        self.count += 1
        self.seconds += seconds
        if len(self.kept) < _MOST_KEPT:
            self.kept.append((text, seconds))

    def include(self, other: "Tally") -> None:
        self.count += other.count
        self.seconds += other.seconds
        self.kept += other.kept[: _MOST_KEPT - len(self.kept)]


_running: ContextVar[Tally | None] = ContextVar("statements", default=None)


@contextmanager
def counted() -> Iterator[Tally]:
    """Count what is asked in the block, by this thread and those that it lets work in its context.

    In a block within another such block it is counted for both.
    """
    tally, around = Tally(), _running.get()
    token = _running.set(tally)
    try:
        yield tally
    finally:
        _running.reset(token)
        if around is not None:
            around.include(tally)


def tally() -> Tally | None:
    """The count of the running request or job; None outside of one."""
    return _running.get()
