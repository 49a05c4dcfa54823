"""Who of those who wait for a time is told of which one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

HEAD_START = timedelta(hours=2)
"""So long nobody else is told of a time that somebody has been told of."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A free time: instants in UTC, and the coaches who could give it."""

    starts_at: datetime
    ends_at: datetime
    coach_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a time that begins from `first` until before `last` (UTC instants)."""

    wait_id: UUID
    first: datetime
    last: datetime


@dataclass
class Promised:
    """The times of coaches that somebody has been told of: nobody else is told of them, or of a part of them."""

    spans: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def take(self, opening: Opening) -> bool:
        """Promise it with the first coach whose time it is not promised in yet; False where there is none."""
        for coach_id in opening.coach_ids:
            own = self.spans.setdefault(coach_id, [])
            if all(opening.ends_at <= starts_at or ends_at <= opening.starts_at for starts_at, ends_at in own):
                own.append((opening.starts_at, opening.ends_at))
                return True
        return False


def who_is_told(
    waits: Iterable[Waiting], openings: Sequence[Opening], promised: Promised
) -> list[tuple[UUID, datetime]]:
    """Each wait with the first opening of its days that nobody else is told of; who came first is served first.

    `waits` in the order in which they came, `openings` sorted. What is given out is noted in `promised`.
    """
    told = []
    for wait in waits:
        fitting = (each for each in openings if wait.first <= each.starts_at < wait.last)
        found = next((each for each in fitting if promised.take(each)), None)
        if found is not None:
            told.append((wait.wait_id, found.starts_at))
    return told
