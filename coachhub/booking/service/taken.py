"""What free slots are worked out from: an offering's terms, its coaches' hours, and what is taken of their time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text

from coachhub.booking.models import OfferingStatus
from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE_DAYS = timedelta(days=2)
"""Where a day's bookings are counted, so much is read around: a local day begins up to a day sooner or later."""

_OFFER = text("""
    select o.status, o.minutes, o.buffer_before, o.buffer_after, o.notice_minutes, o.horizon_days, o.step_minutes,
        o.daily_limit, c.coach_id, p.daily_limit as coach_limit,
        coalesce(p.time_zone, (select time_zone from practices where id = o.practice_id)) as time_zone,
        (select array_agg(array[h.weekday, h.from_minute, h.until_minute]) from weekly_hours h
            where h.practice_id = c.practice_id and h.coach_id = c.coach_id) as weekly,
        (select array_agg(array[d.first_day - date '1970-01-01', d.last_day - date '1970-01-01',
            d.from_minute, d.until_minute]) from dated_hours d
            where d.practice_id = c.practice_id and d.coach_id = c.coach_id and d.last_day >= :today) as dated
    from offerings o
        join offering_coaches c on c.practice_id = o.practice_id and c.offering_id = o.id
        left join coach_profiles p on p.practice_id = c.practice_id and p.coach_id = c.coach_id
    where o.practice_id = :practice_id and o.id = :offering_id
    order by c.coach_id
""")

_TAKEN = """
    select coach_id, floor(date_part('epoch', busy_from))::bigint, ceil(date_part('epoch', busy_until))::bigint,
        floor(date_part('epoch', starts_at))::bigint, offering_id
    from bookings
    where practice_id = :practice_id and coach_id = any(:coach_ids) and status in ('held', 'confirmed')
        and busy_until > :first and busy_from < :last and id is distinct from cast(:ignoring as uuid)
    union all
    select coach_id, floor(date_part('epoch', starts_at))::bigint, ceil(date_part('epoch', ends_at))::bigint, null, null
    from blocked_times
    where practice_id = :practice_id and coach_id = any(:coach_ids) and ends_at > :first and starts_at < :last
"""
_HELD_TODAY = """
    union all
    select coach_id, null, null, floor(date_part('epoch', starts_at))::bigint, offering_id
    from bookings
    where practice_id = :practice_id and coach_id = any(:coach_ids) and status in ('completed', 'no_show')
        and starts_at > :first and starts_at < :last
"""
_Row = Row[Unpack[tuple[Any, ...]]]

_RANGES, _RANGES_AND_DAYS = text(_TAKEN), text(_TAKEN + _HELD_TODAY)


@dataclass(frozen=True)
class Offer:
    """What can be booked by which terms, and the diaries of those who give it, as yet without what is taken."""

    offering_id: UUID
    is_open: bool
    terms: Terms
    diaries: tuple[Diary, ...]

    @property
    def counts_days(self) -> bool:
        """Whether it matters how many bookings a coach has on a day."""
        limits = [self.terms.daily_limit, *(diary.daily_limit for diary in self.diaries)]
        return len(self.diaries) > 1 or any(limit is not None for limit in limits)


def offer_of(offering_id: UUID, now: datetime, coach_id: UUID | None = None) -> Offer | None:
    """The offering with all of its coaches, or the one; None where nobody gives it.

    A coach without a profile lives by the practice's clock.
    """
    wanted = {"practice_id": current_practice(), "offering_id": offering_id, "today": now.date() - timedelta(days=1)}
    rows = db.session.execute(_OFFER, wanted).all()
    diaries = tuple(_diary(row) for row in rows if coach_id in (None, row.coach_id))
    if not diaries:
        return None
    terms = Terms(*rows[0][1:8])
    return Offer(offering_id, rows[0].status == OfferingStatus.OPEN, terms, diaries)


def _diary(row: _Row) -> Diary:
    weekly, dated = row.weekly or (), row.dated or ()
    return Diary(row.coach_id, Hours(ZoneInfo(row.time_zone), weekly, dated), daily_limit=row.coach_limit)


def with_taken(offer: Offer, first: datetime, last: datetime, ignoring: UUID | None) -> Sequence[Diary]:
    """The diaries with what is taken of the time in which slots from `first` to `last` lie: one indexed select."""
    terms, days = offer.terms, _WHOLE_DAYS if offer.counts_days else timedelta()
    asked = {
        "practice_id": current_practice(),
        "coach_ids": [diary.coach_id for diary in offer.diaries],
        "first": first - timedelta(minutes=terms.buffer_before) - days,
        "last": last + timedelta(minutes=terms.minutes + terms.buffer_after) + days,
        "ignoring": ignoring,
    }
    rows = db.session.execute(_RANGES_AND_DAYS if offer.counts_days else _RANGES, asked).all()
    return [_filled(diary, rows, offer) for diary in offer.diaries]


def _filled(diary: Diary, rows: Sequence[_Row], offer: Offer) -> Diary:
    own = rows if len(offer.diaries) == 1 else [row for row in rows if row[0] == diary.coach_id]
    busy = [(row[1], row[2]) for row in own if row[1] is not None]
    if not offer.counts_days:
        return replace(diary, busy=busy)
    begun = [(row[3], row[4] == offer.offering_id) for row in own if row[3] is not None]
    return replace(diary, busy=busy, begun=begun)
