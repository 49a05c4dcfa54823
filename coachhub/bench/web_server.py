"""A real web server on the scratch, as `script/up` starts one: its port, its memory, how long it takes to start."""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psutil

from coachhub.bench.crew import environment_of, home
from coachhub.bench.scratch import Scratch

WORKERS = 2
_COMMAND = (
    *(
        "coachhub.serving",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        "4",
    ),
    *("--respawn-failed-workers", "--no-ws", "--workers-kill-timeout", "10", "--log-level", "warning"),
)
_BESIDE_A_BARE_PAGE = ("--factory", "coachhub.bench.served:serve")
_AS_EVER = ("coachhub.wsgi:app",)
_PATIENCE = 120
"""Seconds, and many of them: tests start servers on machines that are busy with other tests."""
_LOOKS_EVERY = 0.01


@dataclass(frozen=True)
class Server:
    """A running one."""

    port: int
    pid: int

    def memory(self) -> float:
        """Megabytes of all its processes; what several share is divided among them (the proportional set size)."""
        found: float = sum(each.memory_full_info().pss for each in self._processes()) / 1_000_000
        return found

    def kill(self) -> None:
        """End all its processes at once."""
        for each in self._processes():
            each.kill()

    def _processes(self) -> list[psutil.Process]:
        own = psutil.Process(self.pid)
        return [own, *own.children(recursive=True)]


@contextmanager
def server(scratch: Scratch) -> Iterator[Server]:
    """The application and a bare page beside it. It believes one proxy before it, and logs as in production."""
    with _started(scratch, _BESIDE_A_BARE_PAGE) as running:
        yield running


def cold_start(scratch: Scratch) -> float:
    """Seconds from starting the command of the web server until it says that it is healthy."""
    began = time.perf_counter()
    with _started(scratch, _AS_EVER) as running:
        took = time.perf_counter() - began
        running.kill()  # its other worker may still be loading, and would be waited for
    return took


@contextmanager
def _started(scratch: Scratch, what: Sequence[str]) -> Iterator[Server]:
    port = _free_port()
    environment = environment_of(scratch.settings) | {"TRUSTED_PROXIES": "1", "LOG_FORMAT": "json"}
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", *_COMMAND, "--port", str(port), *what]
        child = subprocess.Popen(command, cwd=home(), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_for(port, child)
            yield Server(port, child.pid)
        finally:
            child.terminate()
            child.wait(_PATIENCE)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"})
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(asked, timeout=_PATIENCE):  # noqa: S310 (loopback)
                return
        except OSError:
            time.sleep(_LOOKS_EVERY)
    raise RuntimeError("the server did not start")
