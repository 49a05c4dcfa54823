"""One line a job: its name, its practice, the request that asked for it. Real workers, and what they wrote."""

from pathlib import Path

import pytest
from redis import Redis
from structlog.contextvars import bound_contextvars

from coachhub.platform.config import Settings
from coachhub.platform.jobs import DEFAULT, Ring, RqQueue
from tests.cast import Cast
from tests.log_lines import MARK, events_of
from tests.workers.processes import Processes, eventually

_TRIALS = "tests.workers.trial_jobs"
_REQUEST = "8f14e45fceea167a"


@pytest.fixture
def bell(settings: Settings, valkey: Redis) -> RqQueue:
    return RqQueue(settings.redis_url.get_secret_value())


def _work(processes: Processes, jobs: int, **more: str) -> str:
    """What a worker writes until it has told of so many jobs."""
    processes.fork("workers.boot", "worker", DEFAULT, LOG_FORMAT="json", **more)
    eventually(lambda: len(events_of(_said(processes), "job")) >= jobs, processes.log.read_text)
    return _said(processes)


def _said(processes: Processes) -> str:
    said = processes.log.read_text()
    return said[: said.rfind("\n") + 1]


def test_it_tells_of_a_job_and_of_one_that_was_slow(
    processes: Processes, bell: RqQueue, cast: Cast, tmp_path: Path
) -> None:
    marks = tmp_path / str(cast.ana.practice_id)
    with bound_contextvars(request_id=_REQUEST, practice_id="of the request"):
        bell.put(Ring(f"{_TRIALS}.ring_back", (str(marks),), DEFAULT))
        bell.put(Ring(f"{_TRIALS}.ask_slowly", (str(marks),), DEFAULT))
    said = _work(processes, 3, SLOW_JOB_MS="90")
    lines = {line["job"].rpartition(".")[2]: line for line in events_of(said, "job")}
    assert set(lines) == {"ring_back", "ask_slowly", "mark"}
    assert {(line["status"], line["request_id"]) for line in lines.values()} == {("done", _REQUEST)}
    assert lines["ask_slowly"]["practice_id"] == lines["ring_back"]["practice_id"] == str(cast.ana.practice_id)
    assert "practice_id" not in lines["mark"]
    assert len({line["job_id"] for line in lines.values()}) == 3
    [slow] = [line for line in events_of(said, "slow_job") if line["job_id"] == lines["ask_slowly"]["job_id"]]
    assert (slow["statements"][0]["text"], slow["statements"][0]["count"]) == ("select pg_sleep(0.05)", 2)
    assert slow["statements"][0]["ms"] > 100


def test_it_tells_of_a_job_that_failed_and_not_of_what_it_was_given(processes: Processes, bell: RqQueue) -> None:
    bell.put(Ring(f"{_TRIALS}.quote", (f"{MARK} {MARK}@example.com",), DEFAULT))
    said = _work(processes, 1)
    [job] = events_of(said, "job")
    [failure] = events_of(said, "job_failed")
    assert (job["status"], job["job"], job["job_id"]) == ("failed", f"{_TRIALS}.quote", failure["job_id"])
    assert "in quote" in failure["exception"]
    assert failure["exception"].endswith("ValueError")
    assert [word for word in (MARK, "example.com") if word in said] == []
