"""What free slots are worked out from: an offering's terms, its coaches' hours, and what is taken of their time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from struct import iter_unpack
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text

from coachhub.accounts.models import Practice
from coachhub.booking.models import Booking, BookingStatus, OfferingStatus
from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

_Row = Row[*tuple[Any, ...]]

_BEFORE, _AFTER = timedelta(minutes=720), timedelta(minutes=1440)
"""The longest buffer before a slot, and the longest slot with the longest buffer after it."""
_A_DAY_AROUND = timedelta(days=2)
"""A local day that begins or ends within the time asked for lies within this of it."""
_2000 = 946_684_800
_MICROSECONDS = 1_000_000

# Ranges come packed, a row a coach: five hundred rows of timestamps take longer to read than to find. The planner's
# time counts, too: one statement over seven tables is quicker than two.
_DIARIES = text("""
    select o.status, o.minutes, o.buffer_before, o.buffer_after, o.notice_minutes, o.horizon_days, o.step_minutes,
        o.daily_limit, c.coach_id, p.time_zone, p.daily_limit as coach_limit,
        (select array_agg(array[h.weekday, h.from_minute, h.until_minute]) from weekly_hours h
            where h.practice_id = :practice_id and h.coach_id = c.coach_id) as weekly,
        (select array_agg(array[d.first_day - date '1970-01-01', d.last_day - date '1970-01-01',
                d.from_minute, d.until_minute]) from dated_hours d
            where d.practice_id = :practice_id and d.coach_id = c.coach_id
                and d.last_day >= :first_day and d.first_day <= :last_day) as dated,
        (select string_agg(timestamptz_send(b.busy_from) || timestamptz_send(b.busy_until), '') from bookings b
            where b.practice_id = :practice_id and b.coach_id = c.coach_id and b.status in ('held', 'confirmed')
                and b.busy_until > :first and b.busy_from < :last and b.id is distinct from cast(:ignoring as uuid)
        ) as booked,
        (select string_agg(timestamptz_send(t.starts_at) || timestamptz_send(t.ends_at), '') from blocked_times t
            where t.practice_id = :practice_id and t.coach_id = c.coach_id
                and t.ends_at > :first and t.starts_at < :last) as blocked
    from offerings o
        join offering_coaches c on c.practice_id = o.practice_id and c.offering_id = o.id
        left join coach_profiles p on p.practice_id = c.practice_id and p.coach_id = c.coach_id
    where o.practice_id = :practice_id and o.id = :offering_id and c.coach_id = coalesce(:coach_id, c.coach_id)
    order by c.coach_id
""")
_COUNTED = tuple(
    status.value
    for status in (BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
)


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


def offer_between(
    offering_id: UUID, first: datetime, last: datetime, coach_id: UUID | None = None, ignoring: UUID | None = None
) -> Offer | None:
    """The offering with all of its coaches, or the one, and what is taken where slots beginning in that time lie.

    One select, and one more where bookings of a day are counted. None where nobody gives it.
    """
    asked = {
        "practice_id": current_practice(),
        "offering_id": offering_id,
        "coach_id": coach_id,
        "ignoring": ignoring,
        "first": first - _BEFORE,
        "last": last + _AFTER,
        "first_day": (first - _A_DAY_AROUND).date(),
        "last_day": (last + _A_DAY_AROUND).date(),
    }
    rows = db.session.execute(_DIARIES, asked).all()
    if not rows:
        return None
    is_open, terms = rows[0].status == OfferingStatus.OPEN, Terms(*rows[0][1:8])
    offer = Offer(is_open, terms, tuple(_diary(row) for row in rows))
    return _with_counts(offer, offering_id, first, last, ignoring) if offer.counts_days else offer


def _diary(row: _Row) -> Diary:
    hours = Hours(_zone(row.time_zone), row.weekly or (), row.dated or ())
    return Diary(row.coach_id, hours, _unpacked(row.booked) + _unpacked(row.blocked), daily_limit=row.coach_limit)


def _zone(key: str | None) -> ZoneInfo:
    """The zone of a coach; one without a profile lives by the practice's clock."""
    if key is None:
        key = db.session.execute(select(Practice.time_zone).where(Practice.id == current_practice())).scalar_one()
    return ZoneInfo(key)


def _unpacked(ranges: bytes | None) -> list[tuple[int, int]]:
    """Epoch seconds, the outer ones; as PostgreSQL sends it, an instant is the microseconds since 2000."""
    pairs = iter_unpack(">qq", ranges or b"")
    return [(begin // _MICROSECONDS + _2000, -(-end // _MICROSECONDS) + _2000) for begin, end in pairs]


def _with_counts(offer: Offer, offering_id: UUID, first: datetime, last: datetime, ignoring: UUID | None) -> Offer:
    query = select(Booking.coach_id, Booking.starts_at, Booking.offering_id).where(
        Booking.practice_id == current_practice(),
        Booking.coach_id.in_([diary.coach_id for diary in offer.diaries]),
        Booking.starts_at.between(first - _A_DAY_AROUND, last + _A_DAY_AROUND),
        Booking.status.in_(_COUNTED),
        Booking.id.is_distinct_from(ignoring),
    )
    found = [
        (row.coach_id, row.starts_at.timestamp(), row.offering_id == offering_id) for row in db.session.execute(query)
    ]

    def begun(coach_id: UUID) -> Sequence[tuple[int, bool]]:
        return [(int(start), is_own) for coach, start, is_own in found if coach == coach_id]

    diaries = (replace(diary, begun=begun(diary.coach_id)) for diary in offer.diaries)
    return replace(offer, diaries=tuple(diaries))
