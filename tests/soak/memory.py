"""The proportional set size of each program over time, and how steeply it rises."""

import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event, Thread

import psutil

from tests.soak.fleet import PROGRAMS, WORKERS, Fleet

_KB_A_MB = 1024
_LOOKS = 50


@dataclass
class Memory:
    """Looks every so many seconds, from `begin` until `end`."""

    fleet: Fleet
    seconds: float = 5
    seen: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    _over: Event = field(default_factory=Event)

    def begin(self) -> None:
        self._thread = Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(self.seconds):
            for name in PROGRAMS:
                with suppress(psutil.Error, OSError, ValueError, IndexError):
                    self.seen[name].append((time.monotonic(), self._of(name)))

    def _of(self, name: str) -> float:
        """Megabytes, with the processes it has started. Raises ValueError for a worker that always has a work horse.

        A worker shares its pages with its horse, and either alone would be half of it. So there must be none before the
        look and none after it: on a busy queue one comes while the kernel counts.
        """
        if name not in WORKERS:
            return sum(_pss(process.pid) for process in [self.fleet.of(name), *self.fleet.children_of(name)])
        for _ in range(_LOOKS):
            if not self.fleet.children_of(name):
                size = _pss(self.fleet.pid_of(name))
                if not self.fleet.children_of(name):
                    return size
            time.sleep(0.02)
        raise ValueError(name)

    def lines(self, since: float) -> list[str]:
        """A line for each program: how much at the end, and how it rose since an instant."""
        return [self._line(name, since) for name in PROGRAMS if self.seen[name]]

    def slope(self, name: str, since: float) -> float:
        """Megabytes a minute since an instant, by the medians of its first and its last third."""
        calm = [(at, size) for at, size in self.seen[name] if at >= since]
        third = len(calm) // 3
        if not third:
            return 0.0
        first, last = _middle(calm[:third]), _middle(calm[-third:])
        return (last[1] - first[1]) / max((last[0] - first[0]) / 60, 1e-9)

    def _line(self, name: str, since: float) -> str:
        sizes = [size for _, size in self.seen[name]]
        calm = [size for at, size in self.seen[name] if at >= since] or sizes
        return (
            f"{name:16} {min(sizes):7.1f} to {max(sizes):7.1f} MB; without kills: {calm[0]:.1f} -> {calm[-1]:.1f}, "
            f"median {median(calm):.1f}, {self.slope(name, since):+.2f} MB a minute"
        )


def _middle(seen: list[tuple[float, float]]) -> tuple[float, float]:
    return median(at for at, _ in seen), median(size for _, size in seen)


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / _KB_A_MB
    return 0.0
