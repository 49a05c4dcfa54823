"""The bell: jobs asked for in a transaction are rung after its commit. The rows are the queue.

A job is named by a literal string and takes ids as text only. Losing a ring loses nothing: a sweep finds the
rows. This is the only file that knows RQ.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import redis
import structlog
from redis import Redis
from rq import Queue as RqQueueOfJobs
from rq import Worker
from rq.serializers import JSONSerializer

log = structlog.get_logger(__name__)

URGENT = "urgent"
DEFAULT = "default"
QUEUES = (URGENT, DEFAULT)
_TICK = "coachhub:tick"
_TIMEOUT = 600
_KEEP_RESULT = 60
_KEEP_FAILURE = 7 * 24 * 3600


@dataclass(frozen=True)
class Ring:
    """One job asked for: its dotted name, its arguments (ids as text), its queue."""

    job: str
    arguments: tuple[str, ...]
    queue: str


class Queue(Protocol):
    """Where a ring goes."""

    def put(self, ring: Ring) -> None:
        """Hand over one ring. Raises ConnectionError where nobody answers."""


_asked: ContextVar[list[Ring] | None] = ContextVar("rings", default=None)


@contextmanager
def collecting(rings: list[Ring]) -> Iterator[None]:
    """Keep what is asked for in the block, for the caller to ring after its commit."""
    token = _asked.set(rings)
    try:
        yield
    finally:
        _asked.reset(token)


def enqueue(job: str, *arguments: object, queue: str = DEFAULT) -> None:
    """Ask for a job, once this transaction is committed; the same job asked for twice is one ring."""
    rings = _asked.get()
    if rings is None:
        raise RuntimeError("enqueue belongs inside a transaction")
    asked = Ring(job, tuple(str(argument) for argument in arguments), queue)
    if asked not in rings:
        rings.append(asked)


def ring(rings: list[Ring]) -> None:
    """Ring what a committed transaction asked for; a bell that is out of order is logged, not raised."""
    from coachhub.platform.ports import ports

    for asked in rings:
        try:
            ports().queue.put(asked)
        except (ConnectionError, TimeoutError):
            log.warning("bell_out_of_order", job=asked.job)


class RqQueue:
    """Rings through RQ, with arguments as JSON."""

    def __init__(self, redis_url: str) -> None:
        self._connection = connect(redis_url)

    def put(self, ring: Ring) -> None:
        queue = RqQueueOfJobs(ring.queue, connection=self._connection, serializer=JSONSerializer)
        try:
            queue.enqueue(
                ring.job,
                *ring.arguments,
                job_timeout=_TIMEOUT,
                result_ttl=_KEEP_RESULT,
                failure_ttl=_KEEP_FAILURE,
            )
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise ConnectionError(str(error)) from error


def connect(redis_url: str) -> Redis:
    """A connection to Valkey that gives up after three seconds instead of holding a request."""
    return Redis.from_url(redis_url, socket_connect_timeout=3, socket_timeout=None)


def live_workers(redis_url: str) -> list[str]:
    """The queues that have a living worker, one entry a worker. Raises redis.ConnectionError."""
    workers = Worker.all(connection=connect(redis_url))
    return sorted(queue for worker in workers for queue in worker.queue_names())


def record_tick(redis_url: str, now: datetime) -> None:
    """Note that the scheduler has just ticked."""
    connect(redis_url).set(_TICK, now.isoformat())


def last_tick(redis_url: str) -> datetime | None:
    """When the scheduler last ticked, or None where it never did."""
    kept = connect(redis_url).get(_TICK)
    return datetime.fromisoformat(kept.decode() if isinstance(kept, bytes) else kept) if kept else None
