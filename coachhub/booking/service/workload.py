"""How much of their working time coaches have booked, by months of their own zones.

Weekly hours are only what they are now. So what a month of them came to is kept when it is over; a month of which
nothing was kept is counted by the hours of now.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from coachhub.booking.models import BlockedTime, Booking, BookingStatus, CoachMonth, DatedHours, WeeklyHours
from coachhub.booking.rules.hours import Hours, ranges_by_day
from coachhub.booking.rules.utilisation import Stretch, minutes_available
from coachhub.booking.service.coach_periods import begins_in, periods, zones_of_coaches
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.local_time import first_of_month, local_day, start_of_day
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice

_EPOCH = date(1970, 1, 1)
_A_DAY = timedelta(days=1)
_SECONDS_OF_DAY = 86400
_UTC = ZoneInfo("UTC")
_TAKES_TIME = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
_PRACTICES = text("select lookup.practice_ids()")


@dataclass(frozen=True, slots=True)
class Workload:
    """A coach's minutes in a period: taken by sessions (booked, held or missed), and available in their hours."""

    booked: int
    available: int


@dataclass(frozen=True, slots=True)
class _Week:
    """What a coach's hours are counted from."""

    zone: ZoneInfo
    weekly: Sequence[tuple[int, int, int]]
    dated: Sequence[tuple[int, int, int | None, int | None]]
    blocked: Sequence[Stretch]


def workloads(first: date, last: date) -> dict[UUID, Workload]:
    """For each coach of the practice, the months from one to another, each named by its first day. Six statements."""
    firsts = [first]
    while firsts[-1] < last:
        firsts.append(first_of_month(firsts[-1], 1))
    weeks = _weeks(first, last)
    kept, booked = _kept(first, last), _booked(weeks, first, last)
    return {
        coach_id: Workload(
            booked.get(coach_id, 0),
            sum(kept[key] if (key := (coach_id, month)) in kept else _available(week, month) for month in firsts),
        )
        for coach_id, week in weeks.items()
    }


def ring_for_all() -> None:
    """Ring for every practice: what a month of hours came to is kept once it is over."""
    with as_visitor():
        for practice_id in db.session.scalars(_PRACTICES):
            enqueue("workers.jobs.note_hours_of_practice", practice_id)


def note_hours(practice_id: UUID) -> None:
    """Keep what the hours of each coach came to in the last month that is over in their zone; once kept, it stays."""
    with as_practice(practice_id):
        _note_hours(clock.now())


def _note_hours(now: datetime) -> None:
    this_month = first_of_month(now.date())
    weeks = _weeks(first_of_month(this_month, -2), this_month)
    rows = []
    for coach_id, week in weeks.items():
        month = first_of_month(local_day(now, week.zone), -1)
        key = {"practice_id": current_practice(), "coach_id": coach_id, "month": month}
        rows.append({**key, "minutes": _available(week, month), "noted_at": now})
    if rows:
        db.session.execute(insert(CoachMonth).on_conflict_do_nothing(), rows)


def _available(week: _Week, month: date) -> int:
    """The minutes of a month that a coach can be booked in, by the hours as they are now.

    As the clocks of their zone show them: the hour of a clock change, in the night, neither adds nor takes away.
    """
    days = _number(month), _number(first_of_month(month, 1)) - 1
    work = [
        (number * _SECONDS_OF_DAY + begin, number * _SECONDS_OF_DAY + until)
        for number, ranges in ranges_by_day(Hours(week.zone, week.weekly, week.dated), *days)
        for begin, until in ranges
    ]
    return minutes_available(work, week.blocked)


def _weeks(first: date, last: date) -> dict[UUID, _Week]:
    """The hours of everybody who works in the practice, with what is different from the first month to the last."""
    end, zones = first_of_month(last, 1), zones_of_coaches()
    weekly, dated, blocked = _weekly(), _dated(first, end), _blocked(zones, first, end)
    return {
        coach_id: _Week(zone, weekly.get(coach_id, []), dated.get(coach_id, []), blocked.get(coach_id, []))
        for coach_id, zone in zones.items()
    }


def _weekly() -> Mapping[UUID, Sequence[tuple[int, int, int]]]:
    columns = (WeeklyHours.coach_id, WeeklyHours.weekday, WeeklyHours.from_minute, WeeklyHours.until_minute)
    found = defaultdict(list)
    chosen = select(*columns).where(WeeklyHours.practice_id == current_practice())
    for coach_id, weekday, begin, end in db.session.execute(chosen):
        found[coach_id].append((weekday, begin, end))
    return found


def _dated(first: date, end: date) -> Mapping[UUID, Sequence[tuple[int, int, int | None, int | None]]]:
    columns = (DatedHours.first_day, DatedHours.last_day, DatedHours.from_minute, DatedHours.until_minute)
    chosen = select(DatedHours.coach_id, *columns).where(
        DatedHours.practice_id == current_practice(), DatedHours.first_day < end, DatedHours.last_day >= first
    )
    found = defaultdict(list)
    for coach_id, begins, ends, since, until in db.session.execute(chosen):
        found[coach_id].append((_number(begins), _number(ends), since, until))
    return found


def _blocked(zones: Mapping[UUID, ZoneInfo], first: date, end: date) -> Mapping[UUID, Sequence[Stretch]]:
    """What is blocked, in seconds of the local clock since 1970."""
    chosen = select(BlockedTime.coach_id, BlockedTime.starts_at, BlockedTime.ends_at).where(
        BlockedTime.practice_id == current_practice(),
        BlockedTime.starts_at < start_of_day(end + _A_DAY, _UTC),
        BlockedTime.ends_at > start_of_day(first - _A_DAY, _UTC),
    )
    found = defaultdict(list)
    for coach_id, *between in db.session.execute(chosen):
        if coach_id in zones:
            begins, ends = (_on_the_clock(instant, zones[coach_id]) for instant in between)
            found[coach_id].append((begins, ends))
    return found


def _on_the_clock(instant: datetime, zone: ZoneInfo) -> int:
    shown = instant.astimezone(zone)
    return _number(shown.date()) * _SECONDS_OF_DAY + shown.hour * 3600 + shown.minute * 60 + shown.second


def _kept(first: date, last: date) -> dict[tuple[UUID, date], int]:
    chosen = select(CoachMonth.coach_id, CoachMonth.month, CoachMonth.minutes).where(
        CoachMonth.practice_id == current_practice(), CoachMonth.month.between(first, last)
    )
    return {(coach_id, month): minutes for coach_id, month, minutes in db.session.execute(chosen)}


def _booked(weeks: Mapping[UUID, _Week], first: date, last: date) -> dict[UUID, int]:
    """The minutes of bookings that begin in the period, by each coach's own zone."""
    spans = periods({coach_id: week.zone for coach_id, week in weeks.items()}, first, last)
    took: Any = func.extract("epoch", Booking.ends_at - Booking.starts_at)
    mine = begins_in(spans, Booking.coach_id, Booking.starts_at)
    chosen = (
        select(Booking.coach_id, func.sum(took))
        .join(spans, mine)
        .where(Booking.practice_id == current_practice(), Booking.status.in_(_TAKES_TIME))
        .group_by(Booking.coach_id)
    )
    return {coach_id: int(seconds // 60) for coach_id, seconds in db.session.execute(chosen)}


def _number(day: date) -> int:
    return (day - _EPOCH).days
