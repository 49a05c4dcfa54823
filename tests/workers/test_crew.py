"""Several workers out of one process: each is put back to its post, and all of them finish what they do."""

import signal
from pathlib import Path

import psutil
import pytest
from redis import Redis

from coachhub.platform import jobs
from coachhub.platform.clock import SystemClock
from coachhub.platform.config import Settings
from tests.workers.processes import Child, Processes, eventually

_POSTS = ("urgent", "default", "default-2", "bulk")


@pytest.fixture
def url(settings: Settings, valkey: Redis) -> str:
    return settings.redis_url.get_secret_value()


@pytest.fixture
def crew(processes: Processes, url: str, tmp_path: Path, clean: None) -> Child:
    child = processes.fork("tests.workers.trial_crew", str(tmp_path), *_POSTS)
    eventually(lambda: _at_work(url) == ["bulk", "default", "default", "urgent"], processes.log.read_text)
    return child


def _at_work(url: str) -> list[str]:
    return jobs.live_workers(url, SystemClock().now())


def _pids(folder: Path) -> dict[str, int]:
    return {path.stem: int(path.read_text()) for path in folder.glob("worker-*.pid")}


def test_it_mans_every_post_and_notes_who_stands_there(crew: Child, tmp_path: Path) -> None:
    noted = _pids(tmp_path)
    assert set(noted) == {f"worker-{post}" for post in _POSTS}
    assert set(noted.values()) == {child.pid for child in psutil.Process(crew.pid).children()}


def test_it_puts_another_where_one_was_killed(crew: Child, processes: Processes, tmp_path: Path) -> None:
    before = _pids(tmp_path)
    psutil.Process(before["worker-default-2"]).kill()
    eventually(lambda: _pids(tmp_path)["worker-default-2"] != before["worker-default-2"], processes.log.read_text)
    others = {name for name, pid in _pids(tmp_path).items() if pid == before[name]}
    assert others == {"worker-urgent", "worker-default", "worker-bulk"}
    assert "worker_ended" in processes.log.read_text()


def test_it_lets_each_finish_its_job_when_told_to_stop(
    crew: Child, processes: Processes, url: str, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    bell = jobs.RqQueue(url)
    for queue in ("urgent", "default"):
        bell.put(jobs.Ring("tests.workers.trial_jobs.take_a_while", (str(marks),), queue))
    eventually(lambda: marks.exists() and marks.read_text().count("begun") == 2, processes.log.read_text)
    for _ in range(2):  # who tells them twice, such as a terminal and a supervisor, hurries nobody
        crew.send_signal(signal.SIGTERM)
    eventually(lambda: "bulk" not in _at_work(url), processes.log.read_text)
    bell.put(jobs.Ring("tests.workers.trial_jobs.mark", (str(marks),), "bulk"))
    assert crew.wait(20) == 0
    assert sorted(marks.read_text().split()) == ["begun", "begun", "done", "done"]
    assert _at_work(url) == []


def test_it_leaves_nobody_behind_when_it_is_killed(crew: Child) -> None:
    left = psutil.Process(crew.pid).children()
    crew.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(left, timeout=20)[1] == []
