"""A copy of CoachHub started the way a person starts it, and the questions that the tests ask about it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

COMMAND = [sys.executable, "-c", "from coachhub.cli import main; main()"]
_PATIENCE_SECONDS = 90


class Copy:
    """One folder and one port; started and stopped any number of times."""

    command: tuple[str, ...] = ("up",)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def ask(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run one command on this copy's folder."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self._environment() | environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )

    def start(self) -> str:
        """Start it in a process group of its own. Returns what it printed until it was ready."""
        self.process = subprocess.Popen(
            [*COMMAND, *self.command],
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        printed = ""
        for line in self.process.stdout:
            printed += line
            if "Ctrl-C stops it" in line:
                return printed
        raise AssertionError(f"it did not start:\n{printed}")

    def runs(self) -> bool:
        """Whether it was started and has not ended since."""
        return self.process is not None and self.process.poll() is None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and wait for the exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.communicate(timeout=_PATIENCE_SECONDS)
        return self.process.returncode

    def kill_group(self) -> None:
        """As a machine does that is short of memory, only worse."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=_PATIENCE_SECONDS)

    def get(self, path: str) -> int:
        """The status that the web answers with; 0 where nobody answers."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0

    def pid_of(self, name: str) -> int:
        """The pid of one program."""
        return int((self.folder / "pids" / f"{name}.pid").read_text().split()[0])

    def processes(self) -> list[psutil.Process]:
        """Everything that was started for this copy and lives."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def work_done(self) -> float:
        """Seconds that processors have spent on it since it was started, those that ended included."""
        assert self.process is not None
        spent = [process.cpu_times() for process in [psutil.Process(self.process.pid), *self.processes()]]
        return sum(one.user + one.system + one.children_user + one.children_system for one in spent)

    def _environment(self) -> dict[str, str]:
        ours = {"COACHHUB_DATA": str(self.folder), "PORT": str(self.port)}
        ours |= {"BULK_WORKERS": "1"}  # two of the default queue show what two of this one would
        return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | ours


@contextmanager
def started(folder: Path) -> Iterator[Copy]:
    """A copy that is stopped at the end, whatever the test did to it."""
    copy = Copy(folder)
    try:
        copy.start()
        yield copy
    finally:
        if copy.runs():
            copy.stop()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def eventually(question: Callable[[], bool], seconds: float = 30) -> bool:
    """Ask until the answer is yes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.1)
    return False
