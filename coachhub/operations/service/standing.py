"""How rows and queues stand across all practices: what is open, what waits and since when, what has failed."""

from dataclasses import dataclass
from datetime import datetime

from redis import RedisError
from sqlalchemy import text

from coachhub.platform import clock, jobs
from coachhub.platform.db import db
from coachhub.platform.jobs import FailedJob, QueueState
from coachhub.platform.tenancy import as_visitor

_STANDS = text("select what, state, number, oldest from lookup.how_it_stands(:at)")


@dataclass(frozen=True)
class RowsOpen:
    """So many rows of a kind in a state, and since when the oldest waits, where that matters."""

    what: str
    state: str
    number: int
    oldest: datetime | None


@dataclass(frozen=True)
class Queues:
    """The queues, the living workers by queue, and the jobs that were given up."""

    states: list[QueueState]
    workers: list[str]
    failed: list[FailedJob]


def rows_open() -> list[RowsOpen]:
    """Bookings, reports and what the providers told; mail has a status of its own. No transaction is open."""
    with as_visitor():
        found = db.session.execute(_STANDS, {"at": clock.now()}).all()
    return [RowsOpen(*row) for row in found if row.what != "outbox"]


def queues(redis_url: str) -> Queues | None:
    """How the queues stand; None where Valkey does not answer."""
    try:
        alive = jobs.live_workers(redis_url, clock.machine_now())
        return Queues(jobs.queue_states(redis_url), alive, jobs.failed_jobs(redis_url))
    except RedisError:
        return None
