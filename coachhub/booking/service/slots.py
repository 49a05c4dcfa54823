"""When an offering can be booked: free slots, out of the hours of its coaches and what is taken of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.rules.days import by_day
from coachhub.booking.rules.slots import Start, free_starts
from coachhub.booking.service.taken import Ahead, Offer, offer_between

_SECOND = timedelta(seconds=1)
_AT_ONCE, SOON, _NEAR = timedelta(days=4), timedelta(days=14), timedelta(days=3)
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
    ahead: Ahead | None = None,
) -> tuple[Slot, ...]:
    """The slots that begin from `first` on and before `last`, sorted; `ignoring` is a booking that is being moved.

    An offering that is not open has none, except for a booking of it that is being moved. Nobody books further ahead
    than its horizon, or than `reach_days` where that is more.
    """
    found = _free(offering_id, first, last, now, coach_id, ignoring, ahead=ahead, reach_days=reach_days)
    if found is None:
        return ()
    offer, starts = found
    return _as_slots(offer, starts)


def _as_slots(offer: Offer, starts: Sequence[Start]) -> tuple[Slot, ...]:
    length, instant = timedelta(minutes=offer.terms.minutes), datetime.fromtimestamp
    return tuple([Slot(at, at + length, coach_ids) for start, coach_ids in starts for at in (instant(start, UTC),)])


def free_days(
    offering_id: UUID,
    first: datetime,
    last: datetime,
    now: datetime,
    zone: ZoneInfo,
    coach_id: UUID | None = None,
    ignoring: UUID | None = None,
    ahead: Ahead | None = None,
    reach_days: int = 0,
) -> dict[date, list[int]]:
    """As `free_slots`, when alone: epoch seconds, by the day that the clocks of `zone` show; no day without one."""
    found = _free(offering_id, first, last, now, coach_id, ignoring, ahead=ahead, reach_days=reach_days)
    return by_day([start for start, _ in found[1]], zone) if found else {}


def next_free(
    offering_id: UUID, now: datetime, coach_id: UUID | None = None, ahead: Ahead | None = None
) -> Slot | None:
    """The first slot that can be booked; None where there is none within the offering's horizon.

    What was read `ahead` is looked at bit by bit; else each look is a statement.
    """
    return soon_free(offering_id, now, coach_id, ahead) or later_free(offering_id, now, coach_id)


def soon_free(
    offering_id: UUID, now: datetime, coach_id: UUID | None = None, ahead: Ahead | None = None
) -> Slot | None:
    """As `next_free`, where it is `SOON`."""
    looks = [(now, now + _AT_ONCE), (now + _AT_ONCE, now + SOON)] if ahead else [(now, now + SOON)]
    found = (_first_free(offering_id, *look, now, coach_id, ahead) for look in looks)
    return next(filter(None, found), None)


def later_free(offering_id: UUID, now: datetime, coach_id: UUID | None = None) -> Slot | None:
    """As `next_free`, where it is not `SOON`."""
    return _first_free(offering_id, now + SOON, now + _FAR, now, coach_id, None)


def _first_free(
    offering_id: UUID, first: datetime, last: datetime, now: datetime, coach_id: UUID | None, ahead: Ahead | None
) -> Slot | None:
    found = _free(offering_id, first, last, now, coach_id, None, ahead=ahead)
    if found is None or not found[1]:
        return None
    offer, starts = found
    return _as_slots(offer, starts[:1])[0]  # of some hundreds


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


def _free(
    offering_id: UUID,
    first: datetime,
    last: datetime,
    now: datetime,
    coach_id: UUID | None,
    ignoring: UUID | None,
    ahead: Ahead | None = None,
    reach_days: int = 0,
) -> tuple[Offer, list[Start]] | None:
    """The offering and its free starts; None where nobody gives it, or it is not open."""
    first, last = max(first, now), min(last, now + _FAR)
    offer = offer_between(offering_id, first, last, coach_id, ignoring, ahead) if first < last else None
    if offer is None or not (offer.is_open or ignoring):
        return None
    terms = replace(offer.terms, horizon_days=max(offer.terms.horizon_days, reach_days))
    return offer, free_starts(terms, offer.diaries, _seconds(first), _seconds(last), _seconds(now))


def _seconds(at: datetime) -> int:
    """The epoch second, the next one where it is none: a slot from then on is not in the past."""
    return ceil(at.timestamp())
