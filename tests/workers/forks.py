"""Real processes within milliseconds: forked from one that has loaded the application already.

To load it takes a second, and dozens of processes are killed here. `python -m tests.workers.forks <socket>` is the one
that forks: each connection says what is to run, is told the pid, and at its end how it ended.
"""

import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from select import select

from coachhub.platform.garbage import kept_for_good
from coachhub.platform.launcher import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Order:
    """A module with its arguments, to be run as `python -m` would; what it says goes to `log`."""

    argv: list[str]
    environment: dict[str, str]
    log: str


class Fork:
    """A process that was forked, asked as `Popen` is."""

    def __init__(self, line: socket.socket, order: Order) -> None:
        self._line = line
        line.sendall(json.dumps(asdict(order)).encode() + b"\n")
        self._answers: TextIOWrapper = line.makefile()
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        if self.returncode is None and select([self._line], [], [], 0)[0]:
            self._hang_up()
        return self.returncode

    def wait(self, timeout: float) -> int:
        """How it ended. Raises subprocess.TimeoutExpired where it does not for so many seconds."""
        if self.returncode is None and not select([self._line], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return self._hang_up() if self.returncode is None else self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, while it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def _hang_up(self) -> int:
        self.returncode = int(self._answers.readline())
        self._answers.close()
        self._line.close()
        return self.returncode


@dataclass(frozen=True)
class Nursery:
    """The process that forks, by its socket."""

    address: str

    def fork(self, order: Order) -> Fork:
        """Run a module in a session of its own."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(self.address)
        return Fork(line, order)


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Run one for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="coachhub-forks-") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, "-m", "tests.workers.forks", address]
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "start_new_session": True}
        with subprocess.Popen(command, cwd=ROOT, **how) as child:  # type: ignore[call-overload]
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            try:
                yield Nursery(address)
            finally:
                child.terminate()
                child.wait(_PATIENCE_SECONDS)


def _serve(address: str) -> list[str]:
    """Fork for whoever asks. Returns only in a fork: what it is to run."""
    heard, rings = os.pipe()
    for end in (heard, rings):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(rings)
    lines: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        print("ready", flush=True)
        while True:
            ready, _, _ = select([door, heard], [], [])
            if heard in ready:
                os.read(heard, 4096)
                _tell_how_they_ended(lines)
            if door in ready:
                line, _ = door.accept()
                order = Order(**json.loads(line.makefile().readline()))
                if (pid := os.fork()) == 0:
                    for inherited in (line, *lines.values()):
                        inherited.close()
                    _become(order)
                    return order.argv
                line.sendall(f"{pid}\n".encode())
                lines[pid] = line


def _tell_how_they_ended(lines: dict[int, socket.socket]) -> None:
    while lines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with lines.pop(pid) as line:
            line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _become(order: Order) -> None:
    """Look as if Python had just been started for it."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    log = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    os.close(log)
    os.environ.clear()
    os.environ.update(order.environment)
    random.seed()


def _main() -> None:
    die_with_parent()
    with kept_for_good():
        for name in ("coachhub.app", "workers.jobs", "workers.working"):
            import_module(name)
    sys.argv = _serve(sys.argv[1])
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
