"""The week in which a coach can be booked: their hours in their own zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from coachhub.accounts.service import audit
from coachhub.booking.models import CoachProfile, WeeklyHours
from coachhub.booking.rules.day_ranges import DayRange, joined, overlap_in
from coachhub.booking.service.presenting import hold_profile
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

Week = tuple[tuple[DayRange, ...], ...]
"""The ranges of each weekday, Monday first: seven of them."""


@dataclass(frozen=True, slots=True)
class WeekEntry:
    """What a coach says of their week. `daily_limit`: bookings a day at most, None for no limit."""

    time_zone: str
    daily_limit: int | None
    week: Week


class HoursClash(Refused):
    """Two ranges of one day overlap, or one ends before it begins."""

    def __init__(self) -> None:
        super().__init__(422, _("The hours of a day must not overlap, and each range ends after it begins."))


def weekly_hours(coach_id: UUID) -> Week:
    """The coach's week, Monday first."""
    rows = db.session.execute(
        select(WeeklyHours.weekday, WeeklyHours.from_minute, WeeklyHours.until_minute)
        .where(WeeklyHours.practice_id == current_practice(), WeeklyHours.coach_id == coach_id)
        .order_by(WeeklyHours.weekday, WeeklyHours.from_minute)
    )
    week: list[list[DayRange]] = [[] for _day in range(7)]
    for weekday, begin, end in rows:
        week[weekday].append(DayRange(begin, end))
    return tuple(tuple(day) for day in week)


def keep_week(coach_id: UUID, entry: WeekEntry) -> None:
    """Replace the coach's week, zone and daily limit. What is booked stays. A second click changes nothing.

    Ranges that touch become one. Raises NotFound for nobody's id, HoursClash where ranges of a day overlap.
    """
    hold_profile(coach_id)
    for day in entry.week:
        check_hours(day)
    values = {"time_zone": entry.time_zone, "daily_limit": entry.daily_limit}
    profile = (CoachProfile.practice_id == current_practice()) & (CoachProfile.coach_id == coach_id)
    db.session.execute(update(CoachProfile).where(profile).values(**values))
    _write(coach_id, entry.week)
    audit.note("hours_changed", coach_id)


def _write(coach_id: UUID, week: Week) -> None:
    here = (WeeklyHours.practice_id == current_practice()) & (WeeklyHours.coach_id == coach_id)
    db.session.execute(delete(WeeklyHours).where(here))
    key = {"practice_id": current_practice(), "coach_id": coach_id}
    rows = [
        key | {"weekday": weekday, "from_minute": each.from_minute, "until_minute": each.until_minute}
        for weekday, day in enumerate(week)
        for each in joined(day)
    ]
    if rows:
        db.session.execute(insert(WeeklyHours), rows)


def check_hours(day: Sequence[DayRange]) -> None:
    """Raises HoursClash where ranges of one day overlap, or one does not end after it begins."""
    if not all(each.is_right for each in day) or overlap_in(day):
        raise HoursClash
