"""When a coach works, as instants: what a calendar shows behind the bookings, and what is outside of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coachhub.booking.models import DatedHours, WeeklyHours
from coachhub.booking.rules.hours import Hours, ranges_by_day
from coachhub.booking.service.blocking import BlockRow, blocks_between
from coachhub.booking.service.profiles import coach_profile
from coachhub.platform.db import db
from coachhub.platform.local_time import local_day, local_instant, start_of_day
from coachhub.platform.tenancy import current_practice

_EPOCH = date(1970, 1, 1)
_A_DAY = timedelta(days=1)
_SECONDS_OF_DAY = 86400


@dataclass(frozen=True, slots=True)
class Working:
    """From an instant (UTC) until another one a coach works."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OtherDay:
    """Days of a coach that are not as every week; `is_away`: no hours at all."""

    coach_id: UUID
    first_day: date
    last_day: date
    is_away: bool
    note: str


def working_times(coach_id: UUID, start: datetime, end: datetime) -> tuple[Working, ...]:
    """The coach's hours that touch the time from `start` until before `end`, in order. Raises NotFound."""
    zone = ZoneInfo(coach_profile(coach_id).time_zone)
    first, last = local_day(start, zone), local_day(end, zone)
    days = ranges_by_day(_hours(coach_id, zone, first, last), _number(first), _number(last))
    found = (
        Working(_instant(number, begin, zone), _instant(number, until, zone))
        for number, ranges in days
        for begin, until in ranges
    )
    return tuple(each for each in found if each.starts_at < end and each.ends_at > start)


def other_days_between(coach_id: UUID | None, first_day: date, last_day: date) -> tuple[OtherDay, ...]:
    """The days of a coach (None: of each) that are not as every week, between two days, both included."""
    columns = (DatedHours.coach_id, DatedHours.first_day, DatedHours.last_day, DatedHours.note)
    query = (
        select(*columns, DatedHours.from_minute.is_(None).label("is_away"))
        .distinct()
        .where(DatedHours.practice_id == current_practice())
        .where(DatedHours.first_day <= last_day, DatedHours.last_day >= first_day)
    )
    if coach_id is not None:
        query = query.where(DatedHours.coach_id == coach_id)
    rows = db.session.execute(query.order_by(DatedHours.first_day, DatedHours.note))
    return tuple(OtherDay(**row._mapping) for row in rows)


@dataclass(frozen=True, slots=True)
class Unusual:
    """What speaks against a time, though a coach may take it: it is outside their hours, or they had blocked it."""

    is_outside: bool
    block: BlockRow | None

    def __bool__(self) -> bool:
        return self.is_outside or self.block is not None


def what_is_unusual(coach_id: UUID, starts_at: datetime, ends_at: datetime) -> Unusual:
    """What a coach should know before something is put there by hand. Raises NotFound."""
    hours = working_times(coach_id, starts_at, ends_at)
    blocks = blocks_between(coach_id, starts_at, ends_at)
    return Unusual(not _covers(hours, starts_at, ends_at), blocks[0] if blocks else None)


def _covers(hours: tuple[Working, ...], starts_at: datetime, ends_at: datetime) -> bool:
    reached = starts_at
    for each in hours:
        if each.starts_at > reached:
            return False
        reached = max(reached, each.ends_at)
    return reached >= ends_at


def _hours(coach_id: UUID, zone: ZoneInfo, first: date, last: date) -> Hours:
    mine = (WeeklyHours.practice_id == current_practice(), WeeklyHours.coach_id == coach_id)
    weekly = select(WeeklyHours.weekday, WeeklyHours.from_minute, WeeklyHours.until_minute).where(*mine)
    dated = (
        select(DatedHours.first_day, DatedHours.last_day, DatedHours.from_minute, DatedHours.until_minute)
        .where(DatedHours.practice_id == current_practice(), DatedHours.coach_id == coach_id)
        .where(DatedHours.first_day <= last, DatedHours.last_day >= first)
    )
    days = [(_number(begins), _number(ends), since, until) for begins, ends, since, until in db.session.execute(dated)]
    return Hours(zone, [(day, begin, end) for day, begin, end in db.session.execute(weekly)], days)


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _instant(number: int, second: int, zone: ZoneInfo) -> datetime:
    day = _EPOCH + number * _A_DAY
    if second >= _SECONDS_OF_DAY:
        return start_of_day(day + _A_DAY, zone)
    return local_instant(day, time(second // 3600, second // 60 % 60), zone)
