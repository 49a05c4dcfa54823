"""When an offering can be booked: free slots, out of the hours of its coaches and what is taken of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.platform.local_time import local_day


@dataclass(frozen=True)
class Slot:
    """A time that can be booked: UTC instants, and who could give it, the least busy of that day first."""

    starts_at: datetime
    ends_at: datetime
    coach_ids: tuple[UUID, ...]


def free_slots(
    offering_id: UUID,
    first: datetime,
    last: datetime,
    now: datetime,
    coach_id: UUID | None = None,
    ignoring: UUID | None = None,
) -> tuple[Slot, ...]:
    """The slots that begin from `first` on and before `last`, sorted; `ignoring` is a booking that is being moved."""
    return ()


def next_free(offering_id: UUID, now: datetime, coach_id: UUID | None = None) -> Slot | None:
    """The first slot that can be booked; None where there is none within the offering's horizon."""
    return None


def is_free(
    offering_id: UUID,
    starts_at: datetime,
    now: datetime,
    coach_id: UUID | None = None,
    ignoring: UUID | None = None,
) -> tuple[UUID, ...]:
    """Who could take exactly this start, the least busy of the day first; nobody: taken, or not to be booked."""
    return ()


def nearest_free(offering_id: UUID, starts_at: datetime, now: datetime, count: int = 6) -> tuple[Slot, ...]:
    """Up to so many slots around a time that is taken, the nearest of all that there are, sorted by time."""
    return ()


def days_with_slots(slots: Iterable[Slot], zone: ZoneInfo) -> dict[date, list[Slot]]:
    """The slots by the day that the clocks of `zone` show at their beginning; days without one are left out."""
    days: defaultdict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        days[local_day(slot.starts_at, zone)].append(slot)
    return dict(days)
