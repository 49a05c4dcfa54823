"""Each process is killed once in turn, and the time until it is replaced."""

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

import psutil
from redis import Redis, RedisError
from rq import Worker

from tests.soak.fleet import SCHEDULERS, WEBS, WORKERS, Fleet

HORSE, EMPTIED = "worker-default: its work horse", "valkey emptied"
EACH_IN_TURN = (
    *((name,) for web in WEBS for name in (web, f"{web}: its process")),
    *((name,) for name in WORKERS),
    (HORSE,),
    *((name,) for name in SCHEDULERS),
    ("pooler",),
    ("postgres",),
    ("valkey",),
    (EMPTIED,),
)
"""One after the other: the fleet is well again before the next. The proxy is the single point of this layout."""
SOME_AT_ONCE = (
    ("web-1", "worker-urgent", "scheduler-1"),
    ("web-2: its process", HORSE),
    ("web-2", "worker-default", "scheduler-2"),
    ("pooler", "worker-bulk"),
    ("web-1: its process", EMPTIED),
    ("valkey",),
    ("postgres",),
)
"""The same kills in little time: at least one web server is there in each turn."""
_PATIENCE = 90
_HORSE_PATIENCE = 75


@dataclass(frozen=True)
class Kill:
    """What was killed, when, and after how many seconds it was replaced and in order."""

    what: str
    at: float
    recovered_after: float

    def covers(self, instant: float) -> bool:
        """Whether it was being replaced at an instant."""
        return self.at <= instant <= self.at + self.recovered_after


@dataclass(frozen=True)
class _Struck:
    what: str
    at: float
    is_back: Callable[[], bool]


@dataclass
class Killer:
    """Kills what belongs to a fleet, and knows when it is well again."""

    fleet: Fleet
    redis_url: str

    def kill_all(self, turns: Sequence[Sequence[str]], seconds: float) -> list[Kill]:
        """Turn after turn in equal parts of so many seconds, or as quickly as they recover."""
        done: list[Kill] = []
        began = time.monotonic()
        for number, names in enumerate(turns, 1):
            done += self._recovered([self._strike(name) for name in names])
            time.sleep(max(began + number * seconds / len(turns) - time.monotonic(), 0.5))
        return done

    def _strike(self, what: str) -> _Struck:
        if what == EMPTIED:
            return self._empty()
        if what == HORSE:
            return self._horse(what)
        name, _, is_child = what.partition(": ")
        before = self.fleet.children_of(name)[0] if is_child else self.fleet.of(name)
        at = time.monotonic()
        before.send_signal(signal.SIGKILL)
        return _Struck(what, at, lambda: self._is_replaced(name, before.pid) and self._is_back(name))

    def _horse(self, what: str) -> _Struck:
        """The process in which a job runs, once there is one: there is work for it every minute, if not before."""
        name, end = what.partition(": ")[0], time.monotonic() + _HORSE_PATIENCE
        while time.monotonic() < end:
            for horse in self.fleet.children_of(name):
                at = time.monotonic()
                with suppress(psutil.NoSuchProcess):
                    horse.kill()
                    return _Struck(what, at, lambda: self._is_back(name))
            time.sleep(0.005)
        raise AssertionError(f"{name} had no job for {_HORSE_PATIENCE} seconds")

    def _empty(self) -> _Struck:
        at = time.monotonic()
        with Redis.from_url(self.redis_url) as valkey:
            valkey.flushall()
        return _Struck(EMPTIED, at, self._is_well)

    def _is_replaced(self, name: str, before: int) -> bool:
        now = [self.fleet.pid_of(name), *(process.pid for process in self.fleet.children_of(name))]
        return before not in now and psutil.pid_exists(now[0])

    def _is_back(self, name: str) -> bool:
        if name in WEBS:
            return self._serves(name)
        if name in WORKERS:
            return self._is_registered(name)
        return name in SCHEDULERS or (self._is_well() and (name != "valkey" or self._is_heard()))

    def _recovered(self, struck: Sequence[_Struck]) -> list[Kill]:
        end, left, done = time.monotonic() + _PATIENCE, list(struck), []
        while left:
            assert time.monotonic() < end, f"not replaced: {[one.what for one in left]}"
            time.sleep(0.05)
            for one in [one for one in left if _holds(one.is_back)]:
                left.remove(one)
                done.append(Kill(one.what, one.at, time.monotonic() - one.at))
        return done

    def _serves(self, web: str) -> bool:
        return _status(self.fleet.port_of(web)) == 200

    def _is_well(self) -> bool:
        return all(self._serves(web) for web in WEBS) and _status(self.fleet.port) == 200

    def _is_heard(self) -> bool:
        with Redis.from_url(self.redis_url) as valkey:
            return bool(valkey.ping())

    def _is_registered(self, name: str) -> bool:
        with Redis.from_url(self.redis_url) as valkey:
            return self.fleet.pid_of(name) in [worker.pid for worker in Worker.all(connection=valkey)]


def _holds(question: Callable[[], bool]) -> bool:
    """No where the process, its file or Valkey is not there at this moment."""
    try:
        return question()
    except (OSError, ValueError, IndexError, psutil.Error, RedisError):
        return False


def _status(port: int) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
