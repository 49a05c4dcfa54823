"""A real web server of two processes: whichever is asked tells the sum of both, also after one has died."""

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from tests.metrics.scrapes import TOKEN, Scrape
from tests.supervise.copies import free_port
from tests.workers.processes import Processes, eventually

_COMMAND = "coachhub.serving --interface wsgi --workers 2 --respawn-failed-workers --no-ws --log-level warning"
_AT_ONCE = 16
_IS_WELL = {"route": "health.healthz", "method": "GET", "status": "200"}


@dataclass
class Server:
    """A web server of two processes, and its folder of counts."""

    port: int
    child: "subprocess.Popen[bytes]"
    folder: Path

    def ask(self, path: str) -> bytes:
        """On a new connection, which either process may take."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        with closing(connection):
            connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
            answer = connection.getresponse()
            assert answer.status == 200
            return answer.read()

    def ask_both(self) -> int:
        """Ask whether it is well until both processes have been asked; returns how often."""
        for times in range(1, 100):
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(self.ask, ["/healthz"] * _AT_ONCE))
            if len(self.places()) == 2:
                return times * _AT_ONCE
        raise AssertionError(self.places())

    def answers(self) -> bool:
        try:
            self.ask("/readyz")
        except (AssertionError, OSError):
            return False
        return True

    def scrape(self) -> Scrape:
        text = self.ask("/metrics").decode()
        return Scrape(text, list(text_string_to_metric_families(text)))

    def places(self) -> set[str]:
        """The files of counters in the folder of the running server."""
        return {path.name for path in (self.folder / str(self.child.pid)).glob("counter_*.db")}

    def processes(self) -> list[psutil.Process]:
        """Its processes that answer; multiprocessing has one of its own."""
        return [one for one in psutil.Process(self.child.pid).children() if _answers(one)]


def _answers(process: psutil.Process) -> bool:
    try:
        is_alive = process.status() != psutil.STATUS_ZOMBIE
        return is_alive and "resource_tracker" not in " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return False


@pytest.fixture
def start(processes: Processes, valkey: Redis, clean: None, tmp_path: Path) -> Callable[[], Server]:
    def begin() -> Server:
        port = free_port()
        argv = [*_COMMAND.split(), "--port", str(port), "--host", "127.0.0.1", "coachhub.wsgi:app"]
        child = processes.start(*argv, METRICS_TOKEN=TOKEN, COACHHUB_DATA=str(tmp_path))
        server = Server(port, child, tmp_path / "metrics")
        eventually(lambda: server.answers() and len(server.processes()) == 2, processes.log.read_text, 60)
        return server

    return begin


def test_it_tells_the_sum_of_both_processes_also_after_one_has_died(start: Callable[[], Server]) -> None:
    server = start()
    asked = server.ask_both()
    assert {server.scrape().value("coachhub_http_requests_total", **_IS_WELL) for _ in range(12)} == {asked}
    first = server.processes()[0]
    first.kill()
    eventually(lambda: first not in server.processes() and len(server.processes()) == 2, server.processes, 60)
    eventually(server.answers, server.processes, 60)
    asked += server.ask_both()
    assert {server.scrape().value("coachhub_http_requests_total", **_IS_WELL) for _ in range(12)} == {asked}
    assert server.places() == {"counter_2.db", "counter_3.db"}  # the first place is the process's that forks them


def test_it_leaves_nothing_of_a_server_that_has_ended(start: Callable[[], Server], processes: Processes) -> None:
    ended = start()
    processes.kill(ended.child)
    server = start()
    assert [path.name for path in server.folder.iterdir()] == [str(server.child.pid)]
    told = server.scrape()
    assert told.value("coachhub_http_requests_total", **_IS_WELL) is None
    assert told.value("coachhub_up", server="database") == 1
