"""What happens, counted for the whole installation: bookings, mails, jobs, whichever process they happen in.

The counts lie in Valkey, because a job's process lives as long as its job, and no scrape would ever meet it. They
count what was committed. They may be lost with Valkey, as all that is there: they begin again, which Prometheus knows.
Without METRICS_TOKEN nobody would read them, and nothing is counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic

import structlog
from flask import Flask, current_app
from redis import Redis, RedisError

log = structlog.get_logger(__name__)

KEY = "coachhub:counts"
_NAME = "coachhub_counts"
_BETWEEN = "\x1f"
_REST = 10.0
"""So many seconds a Valkey that does not answer is not told anything."""


@dataclass(frozen=True)
class Step:
    """One figure going up: its name and the values of its labels, and by how much."""

    field: tuple[str, ...]
    by: float


@dataclass(frozen=True)
class Counted:
    """A figure that only goes up: its name, what it counts, and the labels that tell its parts apart.

    Labels have few values, and none that names a practice or a person.
    """

    name: str
    meaning: str
    labels: tuple[str, ...] = ()

    def step(self, *values: str, by: float = 1) -> Step:
        """It goes up for these values of its labels."""
        return Step((self.name, *values), by)

    def happened(self, *values: str, times: int = 1) -> None:
        """It happened: counted once the running transaction is committed, and not at all where it is not."""
        steps = _noted.get()
        if steps is None:
            raise RuntimeError("what happens is counted inside a transaction")
        if times:
            steps.append(self.step(*values, by=times))


@dataclass(frozen=True)
class Measured:
    """Sizes, by the first of the bounds that each does not pass. What is larger than all is counted above them."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...]

    def steps(self, size: float, *values: str) -> list[Step]:
        """One more of this size."""
        bound = next((str(bound) for bound in self.bounds if size <= bound), "+Inf")
        return [Step((self.name, *values, bound), 1), Step((self.name, *values, "sum"), size)]


WEBHOOKS = Counted(
    "coachhub_webhook_events",
    "Events that a provider told us: kept, or known already.",
    ("provider", "kind", "outcome"),
)
WEBHOOKS_HANDLED = Counted(
    "coachhub_webhook_events_handled", "Events of a provider that were acted on.", ("provider", "kind", "outcome")
)

_noted: ContextVar[list[Step] | None] = ContextVar("counts", default=None)


@contextmanager
def collecting(steps: list[Step]) -> Iterator[None]:
    """Keep what happens in the block, for the caller to tell after its commit."""
    token = _noted.set(steps)
    try:
        yield
    finally:
        _noted.reset(token)


class Ledger:
    """The counts in Valkey."""

    def __init__(self, connection: Redis) -> None:
        self._connection = connection
        self._rests_until = 0.0

    def add(self, steps: Sequence[Step]) -> None:
        """Count; where Valkey does not answer, this is lost, and so is what comes in the next few seconds."""
        if monotonic() < self._rests_until:
            return
        try:
            with self._connection.pipeline(transaction=False) as pipeline:
                for step in steps:
                    pipeline.hincrbyfloat(KEY, _BETWEEN.join(step.field), step.by)
                pipeline.execute()
        except RedisError as error:
            self._rests_until = monotonic() + _REST
            log.warning("counts_lost", error=type(error).__name__)

    def read(self) -> Mapping[tuple[str, ...], float]:
        """Every figure. Raises RedisError."""
        kept: dict[bytes, bytes] = self._connection.hgetall(KEY)  # type: ignore[assignment]  # it is not asynchronous
        return {tuple(field.decode().split(_BETWEEN)): float(value) for field, value in kept.items()}


def keep(app: Flask, connection: Redis) -> None:
    """Have what happens in this application counted."""
    app.extensions[_NAME] = Ledger(connection)


def ledger() -> Ledger | None:
    """The counts of the running application; None where nobody asked for any."""
    found: Ledger | None = current_app.extensions.get(_NAME)
    return found


def tell(steps: Iterable[Step]) -> None:
    """Count what has happened."""
    told = list(steps)
    if told and (kept := ledger()) is not None:
        kept.add(told)
