"""When an offering can be booked: free slots, out of the hours of its coaches and what is taken of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.rules.slots import free_starts
from coachhub.booking.service.taken import Offer, offer_between
from coachhub.platform.local_time import local_day, start_of_day

_SECOND = timedelta(seconds=1)
_SOON, _NEAR = timedelta(days=14), timedelta(days=3)
"""How far is looked at first: most are found there."""
_FAR = timedelta(days=800)
"""More than the longest horizon."""


class Slot(NamedTuple):
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
    reach_days: int = 0,
) -> tuple[Slot, ...]:
    """The slots that begin from `first` on and before `last`, sorted; `ignoring` is a booking that is being moved.

    An offering that is not open has none, except for a booking of it that is being moved. Nobody books further ahead
    than its horizon, or than `reach_days` where that is more.
    """
    first, last = max(first, now), min(last, now + _FAR)
    offer = offer_between(offering_id, first, last, coach_id, ignoring) if first < last else None
    if offer is None or not (offer.is_open or ignoring):
        return ()
    if reach_days > offer.terms.horizon_days:
        offer = replace(offer, terms=replace(offer.terms, horizon_days=reach_days))
    return _slots(offer, first, last, now)


def next_free(offering_id: UUID, now: datetime, coach_id: UUID | None = None) -> Slot | None:
    """The first slot that can be booked; None where there is none within the offering's horizon."""
    for first, last in ((now, now + _SOON), (now + _SOON, now + _FAR)):
        slots = free_slots(offering_id, first, last, now, coach_id)
        if slots:
            return slots[0]
    return None


def is_free(
    offering_id: UUID,
    starts_at: datetime,
    now: datetime,
    coach_id: UUID | None = None,
    ignoring: UUID | None = None,
    reach_days: int = 0,
) -> tuple[UUID, ...]:
    """Who could take exactly this start, the least busy of the day first; nobody: taken, or not to be booked."""
    if starts_at - now > _FAR:
        return ()
    slots = free_slots(offering_id, starts_at, starts_at + _SECOND, now, coach_id, ignoring, reach_days)
    return slots[0].coach_ids if slots and slots[0].starts_at == starts_at else ()


def nearest_free(
    offering_id: UUID,
    starts_at: datetime,
    now: datetime,
    count: int = 6,
    coach_id: UUID | None = None,
    reach_days: int = 0,
) -> tuple[Slot, ...]:
    """Up to so many slots around a time that is taken, the nearest of all that there are, sorted by time."""
    around = min(max(starts_at, now), now + _FAR)
    slots: tuple[Slot, ...] = ()
    for reach in (_NEAR, _FAR):
        slots = free_slots(offering_id, max(now, around - reach), around + reach, now, coach_id, reach_days=reach_days)
        if len(slots) >= count:
            break
    nearest = sorted(slots, key=lambda slot: abs(slot.starts_at - around))[:count]
    return tuple(sorted(nearest, key=lambda slot: slot.starts_at))


def _slots(offer: Offer, first: datetime, last: datetime, now: datetime) -> tuple[Slot, ...]:
    found = free_starts(offer.terms, offer.diaries, _seconds(first), _seconds(last), _seconds(now))
    length = timedelta(minutes=offer.terms.minutes)
    instant = datetime.fromtimestamp
    return tuple([Slot(at, at + length, coach_ids) for start, coach_ids in found for at in (instant(start, UTC),)])


def _seconds(at: datetime) -> int:
    """The epoch second, the next one where it is none: a slot from then on is not in the past."""
    return ceil(at.timestamp())


def days_with_slots(slots: Iterable[Slot], zone: ZoneInfo) -> dict[date, list[Slot]]:
    """The sorted slots by the day that the clocks of `zone` show at their beginning; days without one are left out.

    From a day's first slot until the next midnight: since 2011 no clock has gone back from one day into the one before.
    """
    days: dict[date, list[Slot]] = {}
    of_day: list[Slot] = []
    midnight: datetime | None = None
    for slot in slots:
        if midnight is None or slot.starts_at >= midnight:
            day = local_day(slot.starts_at, zone)
            midnight, of_day = start_of_day(day + timedelta(days=1), zone), days.setdefault(day, [])
        of_day.append(slot)
    return days
