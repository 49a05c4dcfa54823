"""What a request or a job asks the database: how often, for how long, in which words; never with which values.

COMMIT is no statement here, and neither is what goes past SQLAlchemy, such as COPY.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext

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
    _asked: tuple[str, float] | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since it began, of which `seconds` are the database's."""
        return perf_counter() - self.since

    @property
    def statements(self) -> list[Statement]:
        """What was asked, in order."""
        return [Statement(*each) for each in self.kept]

    def ask(self, text: str) -> None:
        self._asked = (text, perf_counter())

    def answer(self) -> None:
        if self._asked is None:
            return
        text, asked_at = self._asked
        seconds = perf_counter() - asked_at
        self._asked = None
        self.count += 1
        self.seconds += seconds
        if len(self.kept) < _MOST_KEPT:
            self.kept.append((text, seconds))


_running: ContextVar[Tally | None] = ContextVar("statements", default=None)


@contextmanager
def counted() -> Iterator[Tally]:
    """Count what is asked in the block, by this thread."""
    tally = Tally()
    token = _running.set(tally)
    try:
        yield tally
    finally:
        _running.reset(token)


def tally() -> Tally | None:
    """The count of the running request or job; None outside of one."""
    return _running.get()


@event.listens_for(Engine, "before_cursor_execute")
def _ask(_connection: Connection, _cursor: object, text: str, *_rest: object) -> None:
    if (running := _running.get()) is not None:
        running.ask(text)


@event.listens_for(Engine, "after_cursor_execute")
def _answer(*_told: object) -> None:
    if (running := _running.get()) is not None:
        running.answer()


@event.listens_for(Engine, "handle_error")
def _refuse(_context: ExceptionContext) -> None:
    """What the database refused, or ended after too long, was asked, too."""
    if (running := _running.get()) is not None:
        running.answer()
