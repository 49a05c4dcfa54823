"""`coachhub bench reminders`: a million people are reminded, on servers of its own.

Everybody has met a friend and is asked how it was. The workers are real processes, and so is the provider that counts
what arrives; each state is durable before the next batch is begun.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import ceil
from statistics import median
from typing import LiteralString
from uuid import UUID

import psycopg

from coachhub.bench.crew import A_SINGLE_WORKER, A_WORKER, crew
from coachhub.bench.crowd import make_crowd
from coachhub.bench.figures import Contest, Figure, Limit
from coachhub.bench.provider import Counts, counting_provider
from coachhub.bench.rounds import Watch, in_turn
from coachhub.bench.scratch import Scratch, counting, scratch
from coachhub.bench.single import single_ring
from coachhub.bench.start import Start
from coachhub.platform.clock import SystemClock
from coachhub.platform.jobs import DEFAULT, Ring, RqQueue, connect, live_workers
from coachhub.reminders.service.planning import plan_practice, practice_ids, ring_where_something_is_due
from coachhub.reminders.service.sending import COPIES_A_CALL, IN_FLIGHT

WORKERS = 2
MOST_SECONDS, GOAL_SECONDS = 120.0, 60.0
LEAST_OF_RAW, GOAL_OF_RAW = 0.5, 0.9
SLOW_CALL = 0.2
MOST_OF_BOUND = 1.5
MOST_PLANNING = 3.0
MOST_LOOK = 50.0
SINGLES = 60
_PLANNED_AT_ONCE = 10
"""Practices that are planned in one round of the contest."""


def bench_reminders(rounds: int, practices: int = 100, clients: int = 10_000, singles: int = SINGLES) -> list[Figure]:
    """Every figure, in turn; about a quarter of an hour at its full size."""
    with scratch() as made:
        make_crowd(made.superuser_url, practices, clients)
        everybody = practices * clients
        return [
            _planning(made, rounds, clients),
            _nothing_due(made, rounds, everybody),
            *_by_workers(made, everybody),
            _slow_provider(made, everybody),
            _one_a_job(made, singles),
        ]


def _planning(made: Scratch, rounds: int, clients: int) -> Contest:
    with made.worker.app_context():
        some = _crowded(made)[:_PLANNED_AT_ONCE]
    _plan(made, some, Watch())
    made.as_admin("create table planned as select * from outbox")
    fresh = partial(made.as_admin, "truncate outbox")
    ours, floor = in_turn(partial(_plan, made, some), partial(_copy_rows, made), rounds, fresh)
    made.as_admin("drop table planned")
    fresh()
    name = f"Planning {len(some) * clients:,} reminders"
    return Contest(name, "the same rows by one bare INSERT ... SELECT", ours, floor, MOST_PLANNING)


def _plan(made: Scratch, some: Sequence[UUID], watch: Watch) -> None:
    with made.worker.app_context(), watch.step("plan"):
        for practice_id in some:
            plan_practice(practice_id)


def _copy_rows(made: Scratch, watch: Watch) -> None:
    with watch.step("insert"):
        made.as_admin("insert into outbox select * from planned")


def _nothing_due(made: Scratch, rounds: int, everybody: int) -> Limit:
    """Every practice has been looked at, and the next look is tomorrow's."""
    made.as_admin("truncate wakes")
    made.as_admin("insert into wakes select id, now() + interval '1 day', false from practices")
    taken: list[float] = []
    with made.worker.app_context():
        for _ in range(rounds + 1):
            with counting(made.worker) as statements, _timed(taken):
                ring_where_something_is_due()
    looks = statements() - 1  # one binds the transaction to nobody
    return Limit(
        f"A sweep that finds nothing due among {everybody:,} clients, {looks} look",
        "ms",
        1000 * median(taken[1:]),
        MOST_LOOK,
    )


def _by_workers(made: Scratch, everybody: int) -> list[Figure]:
    raw = _all_sent(made, everybody, _raw_loop(made))
    queued = _all_sent(made, everybody, _rung(made))
    name = f"{everybody:,} reminders"
    return [
        Limit(f"{name}, by a raw loop in {WORKERS} processes", "s", raw),
        Limit(f"{name}, through {WORKERS} RQ workers", "s", queued, MOST_SECONDS, GOAL_SECONDS),
        Limit(f"{name}, raw loop against queue", "x", raw / queued, least=LEAST_OF_RAW, goal=GOAL_OF_RAW),
    ]


def _slow_provider(made: Scratch, everybody: int) -> Limit:
    """Beside the least that so many calls of this length can take, so many of them at once."""
    taken = _all_sent(made, everybody, _rung(made), delay=SLOW_CALL)
    bound = ceil(everybody / COPIES_A_CALL) * SLOW_CALL / (IN_FLIGHT * WORKERS)
    name = f"{everybody:,} reminders at {SLOW_CALL * 1000:.0f} ms a call"
    return Limit(f"{name}, against what calls in flight give ({bound:.0f} s)", "x", taken / bound, MOST_OF_BOUND)


@dataclass(frozen=True)
class _Way:
    """How mails are sent: by which processes, whether these wait for work now, and what has them begin."""

    commands: Sequence[Sequence[str]]
    are_ready: Callable[[], bool]
    begin: Callable[[], object]


def _all_sent(made: Scratch, everybody: int, way: _Way, delay: float = 0.0) -> float:
    """Seconds from the sweep's look until every state is durable: planned, sent and noted."""
    made.as_admin("truncate outbox")
    made.as_admin("truncate wakes")
    made.as_admin("insert into wakes select id, now(), false from practices")
    made.as_admin("vacuum analyze outbox")
    connect(made.redis_url).flushdb()
    with counting_provider(delay) as provider:
        with crew(made, provider, way.commands):
            while not way.are_ready():
                time.sleep(0.1)
            began = time.perf_counter()
            way.begin()
            while provider.counts().mails < everybody:
                time.sleep(0.2)
            while _is_open(made):
                time.sleep(0.1)
            taken = time.perf_counter() - began
        _check(provider.counts(), _sent(made), everybody)
    return taken


def _rung(made: Scratch) -> _Way:
    return _Way(
        [A_WORKER] * WORKERS,
        lambda: len(live_workers(made.redis_url, SystemClock().now())) == WORKERS,
        lambda: RqQueue(made.redis_url).put(Ring("workers.jobs.sweep", (), DEFAULT)),
    )


def _raw_loop(made: Scratch) -> _Way:
    start = Start(made.redis_url)
    commands = [("-m", "coachhub.bench.raw_loop", str(number), str(WORKERS)) for number in range(WORKERS)]
    return _Way(commands, lambda: start.waiting() == WORKERS, lambda: start.give(WORKERS))


def _one_a_job(made: Scratch, singles: int) -> Limit:
    """To show the gap: a job a message, on a plain RQ worker."""
    made.as_admin("truncate outbox")
    with made.worker.app_context():
        first = _crowded(made)[0]
    _plan(made, [first], Watch())
    connect(made.redis_url).flushdb()
    queue = RqQueue(made.redis_url)
    for number in range(singles):
        queue.put(single_ring(first, number))
    with counting_provider() as provider, crew(made, provider, [A_SINGLE_WORKER]):
        while _sent(made) == 0:
            time.sleep(0.05)
        before, began = _sent(made), time.perf_counter()
        while (sent := _sent(made)) < singles:
            time.sleep(0.05)
        return Limit(
            "One message a job on a plain RQ worker", "a second", (sent - before) / (time.perf_counter() - began)
        )


def _crowded(made: Scratch) -> list[UUID]:
    """The practices of the crowd, without the one that every measurement has."""
    return [practice_id for practice_id in practice_ids() if practice_id != made.staff.practice_id]


def _sent(made: Scratch) -> int:
    return _ask(made, "select count(*) from outbox where state = 'sent'")


def _is_open(made: Scratch) -> bool:
    """Whether anything is not settled: by the index of what is open, while to count a million takes the database."""
    return bool(_ask(made, "select count(*) from outbox where settled_at is null and due_at > '-infinity'"))


def _ask(made: Scratch, question: LiteralString) -> int:
    with psycopg.connect(made.superuser_url) as connection:
        row = connection.execute(question).fetchone()
    return int(row[0]) if row else 0


def _check(counts: Counts, sent: int, everybody: int) -> None:
    if (counts.mails, counts.doubled, sent) != (everybody, 0, everybody):
        found = f"{counts.mails} of {everybody} mails arrived, {counts.doubled} of them twice, {sent} are noted as sent"
        raise RuntimeError(found)


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    taken.append(time.perf_counter() - began)
