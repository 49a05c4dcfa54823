"""supervisord in the foreground, and what we ask it over its socket."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from xmlrpc.client import Error, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from coachhub.platform.embedded import Layout
from coachhub.platform.launcher import launch_command
from coachhub.platform.leftovers import SUPERVISOR

_START_SECONDS = 20
_STOP_SECONDS = 120
_NO_ANSWER = (OSError, HTTPException, Error)


class StartFailed(Exception):
    """Something did not start; the text says what, and shows the end of its log."""


@dataclass(frozen=True)
class State:
    """One program as supervisord sees it: its name, its word for the state, and its pid (0: none)."""

    name: str
    word: str
    pid: int


class Supervisor:
    """A running supervisord. Made by `start`."""

    def __init__(self, layout: Layout, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._transport = SupervisorTransport(serverurl=f"unix://{layout.supervisor_socket}")
        self._server = ServerProxy("http://localhost", self._transport)

    @classmethod
    def start(cls, layout: Layout, configuration: str, environment: Mapping[str, str]) -> "Supervisor":
        """Start supervisord, which starts the servers, and wait until it answers. Raises StartFailed.

        `environment` is what its programs find in theirs beside what is in ours.
        """
        config = layout.folder / "supervisord.conf"
        config.write_text(configuration)
        argv = [sys.executable, "-P", "-m", "supervisor.supervisord", "--configuration", config.name]
        command = launch_command(SUPERVISOR, argv, pids=layout.pids, folder=layout.folder, user=None, stop="TERM")
        output = layout.log / "supervisord.out"
        with output.open("wb") as sink:
            around = {**os.environ, **environment}
            process = subprocess.Popen(command, env=around, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        made = cls(layout, process)
        made._wait_for_answer(output)
        return made

    def start_group(self, name: str) -> None:
        """Start the programs of a group, not waiting for them."""
        self._server.supervisor.startProcessGroup(name, False)

    def states(self) -> list[State]:
        """Every program's state; none while supervisord is going down."""
        try:
            found = self._server.supervisor.getAllProcessInfo()
        except _NO_ANSWER:
            self._transport.close()
            return []
        assert isinstance(found, list)  # noqa: S101 - tells mypy what the protocol cannot
        return [State(one["name"], one["statename"], one["pid"]) for one in found]

    def ended(self) -> bool:
        """Whether supervisord itself is gone."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Stop the application, then the servers, each by its own signal and patience. Waits for it."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait_for_answer(self, output: Path) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and not self.ended():
            try:
                self._server.supervisor.getState()
                return
            except _NO_ANSWER:
                self._transport.close()
                time.sleep(0.03)
        self.stop()
        raise StartFailed(f"The supervisor does not start:\n{last_lines(output)}")


def last_lines(log: Path, count: int = 8) -> str:
    """The end of a log, indented; empty where there is none."""
    if not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines)
