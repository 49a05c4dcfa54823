"""What was asked for, what came back, and how long it took."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from threading import Lock
from time import monotonic

_DYING_SECONDS = 0.3
"""A killed process holds its connections open until the kernel has taken it apart."""
CUT = 0
"""The status of a request whose connection ended without an answer."""


@dataclass
class Asked:
    """One request. `status` is None while it is under way."""

    kind: str
    began: float
    ended: float | None = None
    status: int | None = None

    @property
    def took(self) -> float:
        return (self.ended or monotonic()) - self.began

    @property
    def failed(self) -> bool:
        """Whether it was our fault."""
        return self.status == CUT or (self.status or 0) >= 500

    def spans(self, instant: float) -> bool:
        """Whether it was under way at an instant at which something was killed, or began while that died."""
        return self.began <= instant + _DYING_SECONDS and instant <= (self.ended or instant)


@dataclass
class Record:
    """Every request of a run."""

    asked: list[Asked] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def asking(self, kind: str) -> Iterator[Asked]:
        """Note a request; the block sets its status, and where it does not the connection was cut."""
        one = Asked(kind, monotonic())
        with self._lock:
            self.asked.append(one)
        try:
            yield one
        finally:
            one.ended = monotonic()
            one.status = CUT if one.status is None else one.status

    def failures(self) -> list[Asked]:
        """Those that failed."""
        return [one for one in self.asked if one.failed]

    def beyond(self, kills: list[float]) -> list[Asked]:
        """Those that failed though they were not under way at any of the kills."""
        return [one for one in self.failures() if not any(one.spans(at) for at in kills)]

    def lines(self) -> list[str]:
        """A line for each kind: how many, with which status, how quick."""
        kinds = Counter(one.kind for one in self.asked)
        return [self._line(kind) for kind, _ in kinds.most_common()]

    def _line(self, kind: str) -> str:
        mine = [one for one in self.asked if one.kind == kind]
        statuses = Counter("cut" if one.status == CUT else str(one.status) for one in mine)
        took = [one.took * 1000 for one in mine if not one.failed] or [0.0]
        half, most = quantiles([*took, took[-1]], n=100)[49], quantiles([*took, took[-1]], n=100)[98]
        said = ", ".join(f"{status}: {times}" for status, times in statuses.most_common())
        return f"{kind:28} {len(mine):7}   p50 {half:8.1f} ms   p99 {most:8.1f} ms   {said}"
