"""The bell: jobs asked for in a transaction are rung after its commit. The rows are the queue.

A job is named by a literal string and takes ids as text only. Losing a ring loses nothing: a sweep finds the
rows. This is the only file that knows RQ.
"""

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import redis
import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue as RqQueueOfJobs
from rq import Worker, worker_registration
from rq.cron import CronJob, CronScheduler
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.executions import Execution
from rq.job import Job, Retry
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException
from rq.worker import BaseWorker

from coachhub.platform import clock, job_counts, statements, watching
from coachhub.platform.counts import Step
from coachhub.platform.launcher import die_with_parent
from coachhub.platform.request_log import WorkingOn

log = structlog.get_logger(__name__)

URGENT = "urgent"
DEFAULT = "default"
BULK = "bulk"
"""What takes a processor's whole time, such as documents: nothing short waits behind it."""
QUEUES = (URGENT, DEFAULT, BULK)
_TIMEOUT = 600
_TRY_AGAIN_AFTER = (0, 30, 300)
"""Seconds after which a job that failed, or whose worker died, is tried again; after the last time it stays failed."""
_LOOK_FOR_RETRIES = 5
_KEEP_RESULT = 60
_KEEP_FAILURE = 7 * 24 * 3600
_KEEP_RUNG = 24 * 3600
_PATIENCE = 3
_HEARTBEATS_MISSED = 3
_LEFT = "left"
"""In a job's meta: what the request that asked for it left with it."""


@dataclass(frozen=True)
class Pace:
    """How often (seconds) a worker shows that it lives, and how often it looks for the jobs of those that died."""

    heartbeat: int = 15
    maintenance: int = 60


_PACE = Pace()
_DEAD_AFTER = timedelta(seconds=_HEARTBEATS_MISSED * _PACE.heartbeat)


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

    for number, asked in enumerate(rings):
        try:
            ports().queue.put(asked)
        except (ConnectionError, TimeoutError):  # the others would wait as long for nothing
            log.warning("bell_out_of_order", job=asked.job, lost=len(rings) - number)
            return


class RqQueue:
    """Rings through RQ, with arguments as JSON. What waits already is not put a second time."""

    def __init__(self, redis_url: str) -> None:
        self._connection = connect(redis_url)

    def put(self, ring: Ring) -> None:
        try:
            _put(ring, self._connection)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise ConnectionError(str(error)) from error


def _put(ring: Ring, connection: Redis) -> None:
    """Put a job, unless the one put last for the same ring waits still: it has not looked at anything yet.

    The queue itself says whether it waits, so whatever becomes of a job, or of what we note here, blocks no other.
    """
    queue = RqQueueOfJobs(ring.queue, connection=connection, serializer=JSONSerializer)
    rung = ":".join(("coachhub:rung", ring.queue, ring.job, *ring.arguments))
    last = connection.get(rung)
    if last is not None and connection.lpos(queue.key, _text(last)) is not None:
        return
    job = queue.enqueue(
        ring.job,
        *ring.arguments,
        job_timeout=_TIMEOUT,
        result_ttl=_KEEP_RESULT,
        failure_ttl=_KEEP_FAILURE,
        retry=Retry(max=len(_TRY_AGAIN_AFTER), interval=list(_TRY_AGAIN_AFTER)),
        meta={_LEFT: watching.left_with_jobs()},
    )
    connection.set(rung, job.id, ex=_KEEP_RUNG)


def connect(redis_url: str) -> Redis:
    """A connection to Valkey that gives up after three seconds instead of holding a request."""
    return Redis.from_url(redis_url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE)


class _Worker(Worker):
    """Forks for each job; the fork shares no connection with us and ends when we do.

    A horse that outlived a killed worker would go on sending beside the worker that replaces it.
    """

    after_fork: Callable[[], None]
    watch: watching.Watch
    after_job: Callable[[list[Step]], None]
    log_result_lifespan = False

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """After so many seconds without a heartbeat the job's worker is dead, and another takes the job up."""
        return int(_HEARTBEATS_MISSED * self.job_monitoring_interval)

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

    def perform_job(self, job: Job, queue: RqQueueOfJobs, execution: Execution) -> bool:
        doing = WorkingOn(job.id, str(job.func_name), job.meta.get(_LEFT, {}))
        with statements.counted() as tally:
            is_done = self.watch(doing, lambda: super(_Worker, self).perform_job(job, queue, execution))
        self.after_job(job_counts.ended(doing.name, "done" if is_done else "failed", tally))
        return is_done

    def handle_job_failure(self, *which: Any, **how: Any) -> None:
        """As RQ's, without the error's text: it likes to quote a row, and Valkey would keep it for a week."""
        super().handle_job_failure(*which, **how | {"exc_string": ""})

    def handle_work_horse_killed(self, job: Job, *how: Any) -> None:
        super().handle_work_horse_killed(job, *how)  # type: ignore[no-untyped-call]
        self.after_job(job_counts.killed(str(job.func_name)))


def run_worker(
    redis_url: str,
    queue: str,
    after_fork: Callable[[], None],
    pace: Pace = _PACE,
    watch: watching.Watch = watching.unwatched,
    after_job: Callable[[list[Step]], None] = lambda _steps: None,
) -> None:
    """Work on one queue until told to stop; `after_fork` runs first in each fork, to drop what it inherited.

    `watch` does the work of each job and tells of it; `after_job` is told in the fork what to count of it at its end.

    One queue a process: RQ loses a job when a worker of two is killed between taking and starting it.
    """
    worker = _Worker(
        [queue],
        connection=connect(redis_url),
        serializer=JSONSerializer,
        worker_ttl=pace.heartbeat + 15,  # RQ waits for a job 15 seconds less than this, then shows that it lives
        job_monitoring_interval=pace.heartbeat,
        maintenance_interval=pace.maintenance,
        exception_handlers=[_note_failure],
    )
    worker.after_fork, worker.after_job, worker.watch = after_fork, after_job, watch
    worker.work()


def _note_failure(job: Job, kind: type[BaseException], error: BaseException, *_of_error: object) -> None:
    """Keep the error's name, which tells nothing of a person. What had all its time is not tried again."""
    log.error("job_failed", exc_info=error)
    job.meta["error"] = kind.__name__
    job.save_meta()  # type: ignore[no-untyped-call]
    if issubclass(kind, JobTimeoutException):
        job.retries_left = 0


@dataclass(frozen=True)
class Sweep:
    """A job that is asked for again and again: its dotted name, how often (seconds), on which queue."""

    job: str
    seconds: int
    queue: str = DEFAULT


class _SweepJob(CronJob):
    """RQ's own pickles what it enqueues; ours is JSON, and waits at most once."""

    def enqueue(self, connection: Redis) -> None:  # type: ignore[override]  # nobody asks for the job
        _put(Ring(self.func_name, (), self.queue_name), connection)

    def should_run(self) -> bool:
        """As RQ's; and when the clock was set back, instead of waiting until it has caught up."""
        last = self.latest_enqueue_time
        return super().should_run() or (last is not None and last > clock.machine_now())


class _Scheduler(CronScheduler):
    """RQ's, which also puts back into their queues the jobs whose time to be tried again has come."""

    def __init__(self, connection: Redis) -> None:
        super().__init__(connection=connection)
        self._retries = RQScheduler(QUEUES, connection=connection, serializer=JSONSerializer)

    def enqueue_jobs(self) -> list[CronJob]:
        self._retries.acquire_locks()  # type: ignore[no-untyped-call]
        self._retries.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]
        return super().enqueue_jobs()

    def calculate_sleep_interval(self) -> float:
        return min(super().calculate_sleep_interval(), _LOOK_FOR_RETRIES)


def run_scheduler(redis_url: str, sweeps: Sequence[Sweep]) -> None:
    """Ask for each sweep in its time, at once to begin with, until told to stop.

    Two schedulers at a time do no harm: a sweep only finds what is due.
    """
    scheduler = _Scheduler(connect(redis_url))
    for sweep in sweeps:
        scheduler.get_jobs().append(_SweepJob(sweep.queue, func_name=sweep.job, interval=sweep.seconds))
    scheduler.start()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class FailedJob:
    """A job that is not tried again by itself: its dotted name, its ids, and the name of the error that ended it."""

    id: str
    job: str
    arguments: tuple[str, ...]
    queue: str
    ended_at: datetime | None
    error: str


def failed_jobs(redis_url: str) -> list[FailedJob]:
    """The failed jobs of the last week, oldest first in each queue. Raises redis.ConnectionError."""
    with connect(redis_url) as connection:
        return [_as_failed(job) for name in QUEUES for job in _failed_on(name, connection)]


def _failed_on(name: str, connection: Redis) -> list[Job]:
    queue = RqQueueOfJobs(name, connection=connection, serializer=JSONSerializer)
    ids = queue.failed_job_registry.get_job_ids()
    return list(filter(None, Job.fetch_many(ids, connection=connection, serializer=JSONSerializer)))


def _as_failed(job: Job) -> FailedJob:
    error = job.meta.get("error", "its process ended")
    return FailedJob(job.id, str(job.func_name), tuple(map(str, job.args)), job.origin or "", job.ended_at, error)


def retry_failed(redis_url: str, ids: Iterable[str]) -> list[str]:
    """Put failed jobs into their queues again; returns the ids of those that were failed. Raises ConnectionError."""
    with connect(redis_url) as connection:
        return [job_id for job_id in ids if _is_put_back(job_id, connection)]


def _is_put_back(job_id: str, connection: Redis) -> bool:
    try:
        job = Job.fetch(job_id, connection=connection, serializer=JSONSerializer)
        job.failed_job_registry.requeue(job)
    except (NoSuchJobError, InvalidJobOperation):
        return False
    return True


def forget_failed(redis_url: str, ids: Iterable[str]) -> list[str]:
    """Delete failed jobs: a sweep has seen to what they were about. Returns the ids of those that were failed."""
    failed = {job.id for job in failed_jobs(redis_url)}
    gone = [job_id for job_id in ids if job_id in failed]
    with connect(redis_url) as connection:
        for job_id in gone:
            Job.fetch(job_id, connection=connection, serializer=JSONSerializer).delete()
    return gone


@dataclass(frozen=True)
class QueueState:
    """How many jobs wait in a queue, since when the first of them, and how many have failed for good."""

    queue: str
    waiting: int
    oldest: datetime | None
    failed: int


def queue_states(redis_url: str) -> list[QueueState]:
    """How each queue stands. Raises redis.RedisError."""
    with connect(redis_url) as connection:
        return [_state_of(RqQueueOfJobs(name, connection, serializer=JSONSerializer)) for name in QUEUES]


def _state_of(queue: RqQueueOfJobs) -> QueueState:
    first = next(iter(queue.get_jobs(0, 1)), None)
    return QueueState(queue.name, queue.count, first.enqueued_at if first else None, queue.failed_job_registry.count)


def live_workers(redis_url: str, now: datetime) -> list[str]:
    """The queues of workers whose hearts beat: a killed one stays registered a while. Raises redis.ConnectionError."""
    with connect(redis_url) as connection:
        beating = [one for one in Worker.all(connection=connection) if _beats(one, now)]
        return sorted(queue for one in beating for queue in one.queue_names())


def _beats(one: BaseWorker | CronScheduler, now: datetime) -> bool:
    return one.last_heartbeat is not None and now - one.last_heartbeat < _DEAD_AFTER


def is_beating(redis_url: str, host: str, queue: str | None, now: datetime) -> bool:
    """Whether a worker of the queue, or the scheduler (no queue), on that host has shown lately that it lives.

    For who would start it again otherwise; so also where Valkey does not answer, which a new start would not mend.
    """
    try:
        with connect(redis_url) as connection:
            found: list[Any] = Worker.all(connection=connection) if queue else CronScheduler.all(connection)
            here = [one for one in found if one.hostname == host and (not queue or queue in one.queue_names())]
            return any(_beats(one, now) for one in here)
    except redis.RedisError:
        return True


def _text(kept: object) -> str:
    return kept.decode() if isinstance(kept, bytes) else str(kept)
