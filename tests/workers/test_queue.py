"""What becomes of a job: real workers that are stopped, killed, and given jobs that cannot be done."""

import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer

from coachhub.platform import jobs
from coachhub.platform.config import Settings
from coachhub.platform.jobs import DEFAULT, FailedJob, Ring, RqQueue
from tests.workers.forks import Fork
from tests.workers.processes import Processes, eventually

_TRIALS = "tests.workers.trial_jobs"
_NEVER = 3600


@pytest.fixture
def url(settings: Settings, valkey: Redis) -> str:
    return settings.redis_url.get_secret_value()


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """Where the jobs of a test say what they do."""
    kept = tmp_path / "marks"
    kept.touch()
    return kept


def _ring(url: str, job: str, marks: Path) -> None:
    RqQueue(url).put(Ring(f"{_TRIALS}.{job}", (str(marks),), DEFAULT))


def _worker(processes: Processes) -> Fork:
    return processes.fork("tests.workers.trial_worker", DEFAULT)


def _said(marks: Path) -> list[str]:
    return marks.read_text().split()


def _failed(url: str) -> list[FailedJob]:
    return jobs.failed_jobs(url)


def test_it_finishes_the_job_under_way_when_it_is_told_to_stop(processes: Processes, url: str, marks: Path) -> None:
    worker = _worker(processes)
    _ring(url, "take_a_while", marks)
    _ring(url, "mark", marks)
    eventually(lambda: _said(marks) == ["begun"], processes.log.read_text)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert _said(marks) == ["begun", "done"]


def test_it_takes_up_again_the_job_of_a_worker_that_was_killed(processes: Processes, url: str, marks: Path) -> None:
    worker = _worker(processes)
    _ring(url, "take_a_while", marks)
    eventually(lambda: _said(marks) == ["begun"], processes.log.read_text)
    processes.kill(worker)
    _worker(processes)
    eventually(lambda: _said(marks) == ["begun", "begun", "done"], processes.log.read_text)
    assert _failed(url) == []


def test_it_goes_on_after_a_job_that_does_not_exist_any_more(
    processes: Processes, url: str, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TRY_AGAIN_AFTER", (0,))
    worker = _worker(processes)
    _ring(url, "no_such_job", marks)
    _ring(url, "mark", marks)
    eventually(lambda: _said(marks) == ["ran"] and _failed(url) != [], processes.log.read_text)
    assert worker.poll() is None


def test_it_ends_a_job_that_takes_too_long_and_does_not_try_it_again(
    processes: Processes, url: str, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TIMEOUT", 1)
    _worker(processes)
    _ring(url, "take_for_ever", marks)
    eventually(lambda: _failed(url) != [], processes.log.read_text)
    [failed] = _failed(url)
    assert (failed.job, failed.arguments, failed.queue) == (f"{_TRIALS}.take_for_ever", (str(marks),), DEFAULT)
    assert failed.error == "JobTimeoutException"
    assert _said(marks) == ["begun"]


def test_it_tries_a_failed_job_again_after_a_while_and_then_shows_it_without_what_the_error_said(
    processes: Processes, url: str, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TRY_AGAIN_AFTER", (0, 1))
    monkeypatch.setattr(jobs, "_LOOK_FOR_RETRIES", 0.2)
    _worker(processes)
    _ring(url, "fail", marks)
    scheduler = jobs._Scheduler(jobs.connect(url))
    eventually(lambda: not scheduler.enqueue_jobs() and _failed(url) != [], processes.log.read_text)
    assert _said(marks) == ["begun", "begun", "begun"]
    [failed] = _failed(url)
    assert failed.error == "LookupError"
    assert "ben@example.com" not in repr(failed)


def test_it_leaves_nothing_of_what_an_error_said_in_valkey(
    processes: Processes, url: str, valkey: Redis, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TRY_AGAIN_AFTER", (0,))
    _worker(processes)
    _ring(url, "fail", marks)
    eventually(lambda: _failed(url) != [], processes.log.read_text)
    kept = Job.fetch(_failed(url)[0].id, connection=valkey, serializer=JSONSerializer)
    assert [result.exc_string for result in kept.results()] == [""]


def test_it_tries_a_failed_job_again_when_it_is_told_to(
    processes: Processes, url: str, marks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TRY_AGAIN_AFTER", (0,))
    _worker(processes)
    _ring(url, "fail", marks)
    eventually(lambda: _failed(url) != [], processes.log.read_text)
    [failed] = _failed(url)
    assert jobs.retry_failed(url, [failed.id, "nobody"]) == [failed.id]
    eventually(lambda: len(_said(marks)) == 3 and _failed(url) != [], processes.log.read_text)
    assert jobs.forget_failed(url, [failed.id, "nobody"]) == [failed.id]
    assert _failed(url) == []


def test_it_puts_what_waits_already_no_second_time(url: str, valkey: Redis, marks: Path) -> None:
    for _ in range(100):
        _ring(url, "mark", marks)
    assert valkey.llen("rq:queue:default") == 1
    RqQueue(url).put(Ring(f"{_TRIALS}.mark", ("another",), DEFAULT))
    assert valkey.llen("rq:queue:default") == 2


def test_it_puts_it_again_once_the_one_before_has_begun(
    processes: Processes, url: str, valkey: Redis, marks: Path
) -> None:
    _ring(url, "take_a_while", marks)
    _worker(processes)
    eventually(lambda: _said(marks) == ["begun"], processes.log.read_text)
    _ring(url, "take_a_while", marks)
    assert valkey.llen("rq:queue:default") == 1


@pytest.mark.parametrize("lost", ["rq:queue:default", "rq:job:*", "coachhub:rung:*", "*"])
def test_it_is_not_held_up_by_anything_that_valkey_has_lost(
    processes: Processes, url: str, valkey: Redis, marks: Path, lost: str
) -> None:
    _ring(url, "mark", marks)
    valkey.delete(*valkey.keys(lost))
    _worker(processes)
    eventually(lambda: _rung_and(url, marks), processes.log.read_text)


def _rung_and(url: str, marks: Path) -> bool:
    _ring(url, "mark", marks)
    time.sleep(0.1)
    return "ran" in _said(marks)


def test_it_sweeps_though_the_clock_was_set_back_and_keeps_one_sweep_waiting(url: str, valkey: Redis) -> None:
    scheduler = jobs._Scheduler(jobs.connect(url))
    sweep = jobs._SweepJob(DEFAULT, func_name=f"{_TRIALS}.mark", interval=_NEVER)
    scheduler.get_jobs().append(sweep)
    assert scheduler.enqueue_jobs() == [sweep]
    assert scheduler.enqueue_jobs() == []
    assert sweep.latest_enqueue_time is not None
    sweep.set_enqueue_time(sweep.latest_enqueue_time + timedelta(hours=1))
    assert scheduler.enqueue_jobs() == [sweep]
    assert valkey.llen("rq:queue:default") == 1


def test_it_takes_up_again_what_a_worker_took_and_never_began(
    processes: Processes, url: str, valkey: Redis, marks: Path
) -> None:
    _ring(url, "mark", marks)
    job_id = valkey.lmove("rq:queue:default", "rq:queue:default:intermediate")
    assert isinstance(job_id, bytes)
    two_minutes_ago = time.time() - 120
    valkey.set(f"rq:queue:default:intermediate:first_seen:{job_id.decode()}", two_minutes_ago)
    _worker(processes)
    eventually(lambda: _said(marks) == ["ran"], processes.log.read_text)
