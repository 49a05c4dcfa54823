"""The web server as it runs for real: what two workers cost, and how it ends."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from coachhub.platform.config import ROOT, Settings
from tests.cast import Cast
from tests.supervise.copies import eventually, free_port
from tests.workers.processes import environment

pytestmark = pytest.mark.lengthy

_WORKERS = 2
_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is shared")


class Site:
    """A running server, asked and told."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def get(self, path: str, **headers: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            return response.status

    def answers(self) -> bool:
        try:
            return self.get("/healthz") == 200
        except (OSError, http.client.HTTPException):
            return False

    def processes(self) -> list[psutil.Process]:
        whole = psutil.Process(self.process.pid)
        return [whole, *whole.children(recursive=True)]

    def workers(self) -> set[int]:
        return {worker.pid for worker in psutil.Process(self.process.pid).children()}

    def is_attended(self) -> bool:
        """Whether the first process waits, with as many workers as there are to be."""
        waits = any(part.endswith("attendant.py") for part in psutil.Process(self.process.pid).cmdline())
        return waits and len(self.workers()) == _WORKERS

    def work_done(self) -> float:
        """Seconds that processors have spent on it."""
        return sum(sum(one.cpu_times()[:2]) for one in self.processes())


@pytest.fixture
def site(cast: Cast, settings: Settings, tmp_path: Path) -> Iterator[Site]:
    with _running(settings, tmp_path) as found:
        yield found


@contextmanager
def _running(settings: Settings, tmp_path: Path) -> Iterator[Site]:
    data, port = tmp_path / "data", free_port()
    data.mkdir(exist_ok=True)
    options = ["--port", str(port), "--workers", str(_WORKERS), "--respawn-failed-workers", "--no-ws"]
    options += ["--blocking-threads", "4", "--workers-kill-timeout", "10"]
    with (tmp_path / "web.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "coachhub.serving", "--interface", "wsgi", *options, "coachhub.wsgi:app"],
            cwd=ROOT,
            env=environment(settings.model_copy(update={"data": data})),
            stdout=log,
            stderr=log,
        )
    found = Site(child, port)
    try:
        assert eventually(found.answers), (tmp_path / "web.log").read_text()
        yield found
    finally:
        if child.poll() is None:
            child.terminate()
        child.wait(30)


@_LINUX
def test_it_starts_with_little_work_and_shares_its_memory(site: Site, settings: Settings, tmp_path: Path) -> None:
    def of_another_start() -> float:
        with _running(settings, tmp_path) as found:
            return found.work_done()

    # Seconds of one core for both workers. Who else is at work slows a core down: what a start needs is the least seen.
    assert site.work_done() < 2 or any(of_another_start() < 2 for _ in range(2))
    with ThreadPoolExecutor(8) as visitors:
        assert set(visitors.map(site.get, ["/", "/sign-in", "/sign-up", "/healthz"] * 100)) == {200}
    assert sum(_own_megabytes(one.pid) for one in site.processes()) < 170


def _own_megabytes(pid: int) -> float:
    """What a process has for itself, and its share of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def test_it_answers_whom_it_let_in_before_it_ends(site: Site, admin: psycopg.Connection) -> None:
    with ThreadPoolExecutor(1) as visitor, psycopg.connect(admin.info.dsn, password=admin.info.password) as holder:
        holder.execute("lock table logins in access exclusive mode")
        slow = visitor.submit(site.get, "/sign-in", Cookie="coachhub=nobodys")
        assert eventually(lambda: _waits_for_lock(admin)), slow
        site.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: not _listens(site.port))
        assert site.process.poll() is None
        holder.rollback()
        assert slow.result() == 200
    assert site.process.wait(20) == 0


def _waits_for_lock(admin: psycopg.Connection) -> bool:
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    return admin.execute(waiting).fetchone() != (0,)


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def test_it_ends_with_whoever_started_it(site: Site) -> None:
    workers = site.processes()[1:]
    assert len(workers) == _WORKERS
    os.kill(site.process.pid, signal.SIGKILL)
    assert psutil.wait_procs(workers, timeout=20)[1] == []


@_LINUX
def test_it_replaces_a_worker_that_ended_while_the_other_one_serves(site: Site) -> None:
    assert eventually(site.is_attended)
    ended, left = site.workers()
    os.kill(ended, signal.SIGKILL)
    assert eventually(lambda: ended not in site.workers())
    until = time.monotonic() + 30
    while not site.is_attended():
        assert site.get("/healthz") == 200
        assert time.monotonic() < until
    assert left in site.workers()
    assert site.get("/healthz") == 200


@_LINUX
def test_it_comes_back_when_no_worker_is_left(site: Site) -> None:
    assert eventually(site.is_attended)
    before = site.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: site.is_attended() and not before & site.workers())
    assert eventually(site.answers)


@_LINUX
@pytest.mark.parametrize("seconds", [0, 0.5, 1, 2])
def test_it_ends_also_when_told_to_while_it_replaces_its_workers(site: Site, seconds: float) -> None:
    assert eventually(site.is_attended)
    whole = site.processes()
    for worker in site.workers():
        os.kill(worker, signal.SIGKILL)
    time.sleep(seconds)
    site.process.terminate()
    assert site.process.wait(20) == 0
    assert psutil.wait_procs(whole, timeout=5)[1] == []
    assert not _listens(site.port)


@_LINUX
def test_it_ends_a_worker_that_does_not_finish(site: Site) -> None:
    assert eventually(site.is_attended)
    hung = min(site.workers())
    os.kill(hung, signal.SIGSTOP)
    site.process.terminate()
    assert site.process.wait(20) == 0
    assert not psutil.pid_exists(hung)
