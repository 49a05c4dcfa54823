"""The bell: jobs asked for in a transaction are rung after its commit. The rows are the queue.

A job is named by a literal string and takes ids as text only. Losing a ring loses nothing: a sweep finds the
rows. This is the only file that knows RQ.
"""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import redis
import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue as RqQueueOfJobs
from rq import Worker, worker_registration
from rq.cron import CronJob, CronScheduler
from rq.job import Job
from rq.serializers import JSONSerializer

from coachhub.platform.launcher import die_with_parent

log = structlog.get_logger(__name__)

URGENT = "urgent"
DEFAULT = "default"
QUEUES = (URGENT, DEFAULT)
_TICK = "coachhub:tick"
_TIMEOUT = 600
_KEEP_RESULT = 60
_KEEP_FAILURE = 7 * 24 * 3600
_PATIENCE = 3
_HEARTBEAT = 15
_MAINTENANCE = 60
_DEAD_AFTER = timedelta(seconds=3 * _HEARTBEAT)


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
        try:
            _put(ring, self._connection)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise ConnectionError(str(error)) from error


def _put(ring: Ring, connection: Redis, ttl: int | None = None) -> Job:
    queue = RqQueueOfJobs(ring.queue, connection=connection, serializer=JSONSerializer)
    return queue.enqueue(
        ring.job,
        *ring.arguments,
        job_timeout=_TIMEOUT,
        result_ttl=_KEEP_RESULT,
        failure_ttl=_KEEP_FAILURE,
        ttl=ttl,
    )


def connect(redis_url: str) -> Redis:
    """A connection to Valkey that gives up after three seconds instead of holding a request."""
    return Redis.from_url(redis_url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE)


class _Worker(Worker):
    """Forks for each job; the fork shares no connection with us and ends when we do.

    A horse that outlived a killed worker would go on sending beside the worker that replaces it.
    """

    after_fork: Callable[[], None]
    log_result_lifespan = False

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """As RQ's; and a Valkey that was emptied meanwhile learns of this worker again."""
        super().heartbeat(timeout, pipeline)
        if pipeline is None and not self.connection.sismember(self.redis_workers_keys, self.key):
            self.connection.hset(self.key, mapping=self.serialize())
            worker_registration.register(self)

    def main_work_horse(self, job: Job, queue: RqQueueOfJobs) -> None:
        die_with_parent(signal.SIGKILL)
        self.after_fork()
        super().main_work_horse(job, queue)


def run_worker(redis_url: str, queue: str, after_fork: Callable[[], None]) -> None:
    """Work on one queue until told to stop; `after_fork` runs first in each fork, to drop what it inherited.

    One queue a process: RQ loses a job when a worker of two is killed between taking and starting it.
    """
    worker = _Worker(
        [queue],
        connection=connect(redis_url),
        serializer=JSONSerializer,
        worker_ttl=_HEARTBEAT + 15,  # RQ waits for a job 15 seconds less than this, then shows that it lives
        job_monitoring_interval=_HEARTBEAT,
        maintenance_interval=_MAINTENANCE,
    )
    worker.after_fork = after_fork
    worker.work()


@dataclass(frozen=True)
class Sweep:
    """A job that is asked for again and again: its dotted name, how often (seconds), on which queue."""

    job: str
    seconds: int
    queue: str = DEFAULT


class _SweepJob(CronJob):
    """RQ's own pickles what it enqueues; ours is JSON, and is forgotten when the next one comes."""

    def enqueue(self, connection: Redis) -> Job:
        return _put(Ring(self.func_name, (), self.queue_name), connection, ttl=self.interval)


def run_scheduler(redis_url: str, sweeps: Sequence[Sweep]) -> None:
    """Ask for each sweep in its time, at once to begin with, until told to stop.

    Two schedulers at a time do no harm: a sweep only finds what is due.
    """
    scheduler = CronScheduler(connection=connect(redis_url))
    for sweep in sweeps:
        scheduler.get_jobs().append(_SweepJob(sweep.queue, func_name=sweep.job, interval=sweep.seconds))
    scheduler.start()  # type: ignore[no-untyped-call]


def live_workers(redis_url: str, now: datetime) -> list[str]:
    """The queues that have a living worker, one entry a worker. Raises redis.ConnectionError.

    A worker that was killed stays registered for a while: it lives only while its heart beats.
    """
    with connect(redis_url) as connection:
        workers = Worker.all(connection=connection)
        beating = [worker for worker in workers if worker.last_heartbeat and now - worker.last_heartbeat < _DEAD_AFTER]
        return sorted(queue for worker in beating for queue in worker.queue_names())


def record_tick(redis_url: str, now: datetime) -> None:
    """Note that the scheduler has just ticked, and that a worker heard it."""
    with connect(redis_url) as connection:
        connection.set(_TICK, now.isoformat())


def last_tick(redis_url: str) -> datetime | None:
    """When the scheduler last ticked, or None where it never did."""
    with connect(redis_url) as connection:
        kept = connection.get(_TICK)
    return datetime.fromisoformat(kept.decode() if isinstance(kept, bytes) else str(kept)) if kept else None
