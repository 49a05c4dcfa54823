"""What free slots are worked out from: an offering's terms, its coaches' hours, and what is taken of their time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from struct import iter_unpack
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from coachhub.accounts.models import Practice
from coachhub.booking.models import Booking, BookingStatus, OfferingStatus
from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

_BEFORE, _AFTER = timedelta(minutes=720), timedelta(minutes=1440)
"""The longest buffer before a slot, and the longest slot with the longest buffer after it."""
_A_DAY_AROUND = timedelta(days=2)
"""A local day that begins or ends within the time asked for lies within this of it."""
_2000 = 946_684_800
_MICROSECONDS = 1_000_000

# A function of the database, because a session plans what it reads once: see migration 0045. Ranges come packed: five
# hundred rows of timestamps take longer to read than to find.
_OFFER = text(
    "select offer_between(:practice_id, :offering_id, :coach_id, :ignoring, :first, :last, :first_day, :last_day)"
)
_COUNTED = tuple(
    status.value
    for status in (BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
)
COUNTED = "{" + ",".join(_COUNTED) + "}"
"""As PostgreSQL writes an array."""


@dataclass(frozen=True)
class Offer:
    """What can be booked by which terms, and the diaries of those who give it."""

    is_open: bool
    terms: Terms
    diaries: tuple[Diary, ...]

    @property
    def counts_days(self) -> bool:
        """Whether it matters how many bookings a coach has on a day."""
        limits = [self.terms.daily_limit, *(diary.daily_limit for diary in self.diaries)]
        return len(self.diaries) > 1 or any(limit is not None for limit in limits)


Begun = tuple[UUID, float, UUID | None]
"""A booking as days are counted: its coach, its epoch second, its offering where it is of one."""


@dataclass(frozen=True)
class Ahead:
    """An offer of all coaches as it was read with its offering, for slots that begin from `first` on, before `last`.

    `begun`: what is booked on those days, where that was read along.
    """

    offer: Offer | None
    first: datetime
    last: datetime
    begun: Sequence[Begun] | None = None

    def covers(self, first: datetime, last: datetime) -> bool:
        """Whether all was read that matters to slots which begin there."""
        return self.first <= first and last <= self.last

    def of(self, coach_id: UUID | None) -> Offer | None:
        """The offer of one coach; None where they do not give it."""
        if self.offer is None or coach_id is None:
            return self.offer
        own = tuple(diary for diary in self.offer.diaries if diary.coach_id == coach_id)
        return replace(self.offer, diaries=own) if own else None


def offer_between(
    offering_id: UUID,
    first: datetime,
    last: datetime,
    coach_id: UUID | None = None,
    ignoring: UUID | None = None,
    ahead: Ahead | None = None,
) -> Offer | None:
    """The offering with all of its coaches, or the one, and what is taken where slots beginning in that time lie.

    One select, none where it was read ahead, and one more where bookings of a day are counted. None where nobody gives
    it.
    """
    begun: Sequence[Begun] | None = None
    if ahead is not None and ahead.covers(first, last) and ignoring is None:
        offer, begun = ahead.of(coach_id), ahead.begun
    else:
        asked = {"offering_id": offering_id, "coach_id": coach_id, "ignoring": ignoring, **around(first, last)}
        offer = read_offer(db.session.execute(_OFFER, {"practice_id": current_practice(), **asked}).scalar_one())
    if offer is None or not offer.counts_days:
        return offer
    return _with_counts(offer, offering_id, _begun(offer, first, last, ignoring) if begun is None else begun)


def around(first: datetime, last: datetime) -> dict[str, datetime | date]:
    """Of which time to ask, for the slots that begin from `first` on and before `last`."""
    return {
        "first": first - _BEFORE,
        "last": last + _AFTER,
        "first_day": (first - _A_DAY_AROUND).date(),
        "last_day": (last + _A_DAY_AROUND).date(),
    }


def read_offer(answer: Any) -> Offer | None:
    """The answer of the function `offer_between`; days are not counted yet."""
    if answer is None:
        return None
    status, terms, diaries = answer
    return Offer(status == OfferingStatus.OPEN, Terms(*terms), tuple(map(read_diary, diaries)))


def read_diary(told: Sequence[Any]) -> Diary:
    """One coach's, as the function `offer_between` tells it."""
    coach_id, zone, daily_limit, weekly, dated, booked, blocked = told
    hours = Hours(_zone(zone), weekly or (), dated or ())
    return Diary(UUID(coach_id), hours, unpacked(booked) + unpacked(blocked), daily_limit=daily_limit)


def _zone(key: str | None) -> ZoneInfo:
    """The zone of a coach; one without a profile lives by the practice's clock."""
    if key is None:
        key = db.session.execute(select(Practice.time_zone).where(Practice.id == current_practice())).scalar_one()
    return ZoneInfo(key)


def unpacked(ranges: str | None) -> list[tuple[int, int]]:
    """Ranges that come packed, in epoch seconds, the outer ones.

    As PostgreSQL sends it, an instant is the microseconds since 2000.
    """
    pairs = iter_unpack(">qq", bytes.fromhex(ranges or ""))
    return [(begin // _MICROSECONDS + _2000, -(-end // _MICROSECONDS) + _2000) for begin, end in pairs]


def _begun(offer: Offer, first: datetime, last: datetime, ignoring: UUID | None) -> list[Begun]:
    query = select(Booking.coach_id, Booking.starts_at, Booking.offering_id).where(
        Booking.practice_id == current_practice(),
        Booking.coach_id.in_([diary.coach_id for diary in offer.diaries]),
        Booking.starts_at.between(first - _A_DAY_AROUND, last + _A_DAY_AROUND),
        Booking.status.in_(_COUNTED),
        Booking.id.is_distinct_from(ignoring),
    )
    return [(row.coach_id, row.starts_at.timestamp(), row.offering_id) for row in db.session.execute(query)]


def _with_counts(offer: Offer, offering_id: UUID, found: Sequence[Begun]) -> Offer:
    def begun(coach_id: UUID) -> Sequence[tuple[int, bool]]:
        return [(int(start), booked == offering_id) for coach, start, booked in found if coach == coach_id]

    diaries = (replace(diary, begun=begun(diary.coach_id)) for diary in offer.diaries)
    return replace(offer, diaries=tuple(diaries))
