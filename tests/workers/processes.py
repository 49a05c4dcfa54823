"""Real worker processes for tests: started, awaited, killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from coachhub.platform.config import Settings
from tests.workers.forks import ROOT, Fork, Nursery, Order

Child = subprocess.Popen[bytes] | Fork


def environment(settings: Settings) -> dict[str, str]:
    """The settings of the tests as a process reads them."""
    assert settings.database_worker_url is not None
    return os.environ | {
        "COACHHUB_ENV": "test",
        "COACHHUB_DATA": str(settings.data),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATABASE_WORKER_URL": settings.database_worker_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "BASE_URL": settings.base_url,
    }


@dataclass
class Processes:
    """What one test started; whatever is left of it is killed at the end."""

    settings: Settings
    log: Path
    nursery: Nursery | None = None
    started: list[Child] = field(default_factory=list)

    def start(self, *module: str, **more: str) -> subprocess.Popen[bytes]:
        """Run a module in a session of its own."""
        with self.log.open("ab") as sink:
            child = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=ROOT,
                env=environment(self.settings) | more,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        self.started.append(child)
        return child

    def fork(self, *module: str, **more: str) -> Fork:
        """Run a module of the tests, likewise, in a process that need not load the application first."""
        assert self.nursery is not None
        self.log.touch()  # as `start` does: who waits for a line reads it at once
        child = self.nursery.fork(Order(list(module), environment(self.settings) | more, str(self.log)))
        self.started.append(child)
        return child

    def kill(self, child: Child) -> None:
        """`kill -9` to the process group; the forked work horse, in a group of its own, must follow by itself."""
        horses = psutil.Process(child.pid).children(recursive=True)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)
        _gone, alive = psutil.wait_procs(horses, timeout=5)
        assert alive == []

    def close(self) -> None:
        """Kill what still runs."""
        for child in self.started:
            if child.poll() is None:
                self.kill(child)


def eventually(is_so: Callable[[], bool], what: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something is so; `what` is shown where it never is."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what()
        time.sleep(0.01)
