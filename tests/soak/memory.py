"""The proportional set size of each program over time, and how steeply it rises."""

import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median
from threading import Event, Thread

import psutil

from tests.soak.fleet import PROGRAMS, WEBS, Fleet

_KB_A_MB = 1024


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
        """Megabytes; of a web server with its processes, of a worker without its work horse, which comes and goes."""
        processes = [self.fleet.of(name)]
        if name in WEBS or name == "postgres":
            processes += self.fleet.children_of(name)
        return sum(_pss(process.pid) for process in processes)

    def lines(self, since: float) -> list[str]:
        """A line for each program: how much at the end, and how it rose since an instant."""
        return [self._line(name, since) for name in PROGRAMS if self.seen[name]]

    def slope(self, name: str, since: float) -> float:
        """Megabytes a minute since an instant; 0 where too little was seen."""
        calm = [(at / 60, size) for at, size in self.seen[name] if at >= since]
        return linear_regression(*zip(*calm, strict=True)).slope if len(calm) > 3 else 0.0  # type: ignore[misc]

    def _line(self, name: str, since: float) -> str:
        sizes = [size for _, size in self.seen[name]]
        calm = [size for at, size in self.seen[name] if at >= since] or sizes
        slope = self.slope(name, since)
        return (
            f"{name:16} {min(sizes):7.1f} to {max(sizes):7.1f} MB; without kills: {calm[0]:.1f} -> {calm[-1]:.1f}, "
            f"median {median(calm):.1f}, {slope:+.2f} MB a minute"
        )


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / _KB_A_MB
    return 0.0
