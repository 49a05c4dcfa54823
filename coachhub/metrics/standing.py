"""How things stand at the moment of asking: rows that are open, jobs that wait, workers that live.

Asked at most every few seconds by each process. Where the database or Valkey does not answer, that is what is told.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock
from time import monotonic

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from coachhub.platform import clock, jobs
from coachhub.platform.db import db
from coachhub.platform.moments import BACKUP, TICK
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_visitor

_FRESH_FOR = 10.0
_REST = 20
"""So many times as long as asking took, nothing is asked: a million mails that are due take half a second to count."""
_STALE_AFTER = 60.0
_STANDS = text("select what, state, number, oldest from lookup.how_it_stands(:at)")


class Standing(Collector):
    """Gauges of the whole installation: each process tells the same."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: list[Metric] = []
        self._good_until = 0.0

    def describe(self) -> list[Metric]:
        """Nothing is asked before somebody scrapes."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges, asked now or a few seconds ago."""
        with self._lock:
            if (begun := monotonic()) >= self._good_until:
                self._told = _ask()
                ended = monotonic()
                self._good_until = ended + min(max(_FRESH_FOR, _REST * (ended - begun)), _STALE_AFTER)
            told = self._told
        yield from told


def _ask() -> list[Metric]:
    is_there = GaugeMetricFamily("coachhub_up", "Whether it answers.", labels=["server"])
    found: list[Metric] = [is_there]
    asked: list[tuple[str, Callable[[], list[Metric]]]] = [("database", _of_rows), ("valkey", _of_queues)]
    for server, ask in asked:
        try:
            found += ask()
            is_there.add_metric([server], 1)
        except (SQLAlchemyError, RedisError):
            is_there.add_metric([server], 0)
    return found


def _of_rows() -> list[Metric]:
    rows = GaugeMetricFamily("coachhub_rows", "Rows that are open or have failed.", labels=["what", "state"])
    oldest = GaugeMetricFamily(
        "coachhub_oldest_row_seconds", "Since when the oldest of them waits; 0: none.", labels=["what", "state"]
    )
    now = clock.now()
    with as_visitor():
        found = db.session.execute(_STANDS, {"at": now}).all()
    for row in found:
        rows.add_metric([row.what, row.state], row.number)
        if (row.what, row.state) in _WITH_AGE:
            oldest.add_metric([row.what, row.state], _age(row.oldest, now))
    return [rows, oldest]


_WITH_AGE = {
    ("outbox", "due"),
    ("outbox", "claimed"),
    ("mail_events", "open"),
    ("stripe_events", "open"),
    ("reports", "waiting"),
}


def _of_queues() -> list[Metric]:
    waiting = GaugeMetricFamily("coachhub_queue_jobs", "Jobs that wait.", labels=["queue"])
    oldest = GaugeMetricFamily("coachhub_queue_oldest_seconds", "Since when the first one waits.", labels=["queue"])
    failed = GaugeMetricFamily("coachhub_queue_failed_jobs", "Jobs of the last week given up.", labels=["queue"])
    workers = GaugeMetricFamily("coachhub_workers", "Workers whose heart beats.", labels=["queue"])
    tick = GaugeMetricFamily("coachhub_scheduler_tick_seconds", "Since when a worker has heard no tick.")
    now, redis_url = clock.machine_now(), ports().settings.redis_url.get_secret_value()
    alive = jobs.live_workers(redis_url, now)
    for state in jobs.queue_states(redis_url):
        waiting.add_metric([state.queue], state.waiting)
        oldest.add_metric([state.queue], _age(state.oldest, now))
        failed.add_metric([state.queue], state.failed)
        workers.add_metric([state.queue], alive.count(state.queue))
    if (last := TICK.last(redis_url)) is not None:
        tick.add_metric([], _age(last, now))
    return [waiting, oldest, failed, workers, tick, _of_backups(redis_url, now)]


def _of_backups(redis_url: str, now: datetime) -> Metric:
    age = GaugeMetricFamily("coachhub_backup_age_seconds", "Since when `coachhub backup` has made no whole file.")
    if (made := BACKUP.last(redis_url)) is not None:
        age.add_metric([], _age(made, now))
    return age


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0) if since is not None else 0
