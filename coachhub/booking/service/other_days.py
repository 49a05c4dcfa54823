"""Days on which a coach is away, or works other hours than in an ordinary week."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.sql.elements import ColumnElement

from coachhub.accounts.service import audit
from coachhub.booking.models import DatedHours
from coachhub.booking.rules.day_ranges import DayRange, do_share_a_day, joined
from coachhub.booking.service.availability import check_hours
from coachhub.booking.service.presenting import hold_profile
from coachhub.booking.service.profiles import coach_profile
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class OtherDays:
    """Days that are different, `first_day` to `last_day`; without hours the coach is away. `id` is one of its rows."""

    id: UUID
    first_day: date
    last_day: date
    hours: tuple[DayRange, ...]
    note: str


@dataclass(frozen=True, slots=True)
class OtherDaysEntry:
    """What a coach says of days that are different; without hours they are away."""

    first_day: date
    last_day: date
    hours: tuple[DayRange, ...]
    note: str


class DaysClash(Refused):
    """A day would be different in two ways."""

    def __init__(self, kept: OtherDays) -> None:
        super().__init__(409, _("One of these days is in your list already. Remove that entry first."))
        self.kept = kept


def other_days(coach_id: UUID) -> tuple[OtherDays, ...]:
    """The coach's days that are different, from today on by their own clock, earliest first."""
    today = local_day(clock.now(), ZoneInfo(coach_profile(coach_id).time_zone))
    mine = (DatedHours.practice_id == current_practice()) & (DatedHours.coach_id == coach_id)
    return _other_days(mine & (DatedHours.last_day >= today))


def add_other_days(coach_id: UUID, entry: OtherDaysEntry) -> None:
    """Days that are different from the week: away, or other hours. The same again changes nothing.

    Raises NotFound for nobody's id, HoursClash, and DaysClash where a day is in the list already.
    """
    hold_profile(coach_id)
    check_hours(entry.hours)
    wanted = (entry.first_day, entry.last_day)
    for kept in other_days(coach_id):
        if (kept.first_day, kept.last_day, kept.hours) == (*wanted, joined(entry.hours)):
            return
        if do_share_a_day((kept.first_day, kept.last_day), wanted):
            raise DaysClash(kept)
    key = {"practice_id": current_practice(), "coach_id": coach_id, "note": entry.note}
    key |= {"first_day": entry.first_day, "last_day": entry.last_day}
    ranges = [{"from_minute": each.from_minute, "until_minute": each.until_minute} for each in joined(entry.hours)]
    rows = [key | minutes for minutes in ranges] or [key]
    db.session.execute(insert(DatedHours), rows)
    audit.note("days_added", coach_id)


def other_days_of(dated_id: UUID) -> tuple[UUID, OtherDays]:
    """Whose days these are, and the days. Raises NotFound."""
    named = select(DatedHours.coach_id, DatedHours.first_day, DatedHours.last_day).where(
        DatedHours.practice_id == current_practice(), DatedHours.id == dated_id
    )
    row = db.session.execute(named).one_or_none()
    if row is None:
        raise NotFound
    return row.coach_id, _other_days(_same_days(*row))[0]


def remove_other_days(dated_id: UUID) -> None:
    """Let the week stand again on these days. Raises NotFound."""
    coach_id, found = other_days_of(dated_id)
    db.session.execute(delete(DatedHours).where(_same_days(coach_id, found.first_day, found.last_day)))
    audit.note("days_removed", coach_id)


def _same_days(coach_id: UUID, first_day: date, last_day: date) -> ColumnElement[bool]:
    mine = (DatedHours.practice_id == current_practice()) & (DatedHours.coach_id == coach_id)
    return mine & (DatedHours.first_day == first_day) & (DatedHours.last_day == last_day)


def _other_days(which: ColumnElement[bool]) -> tuple[OtherDays, ...]:
    columns = (DatedHours.id, DatedHours.first_day, DatedHours.last_day, DatedHours.from_minute)
    rows = db.session.execute(
        select(*columns, DatedHours.until_minute, DatedHours.note)
        .where(which)
        .order_by(DatedHours.first_day, DatedHours.last_day, DatedHours.from_minute, DatedHours.id)
    )
    found: dict[tuple[date, date], OtherDays] = {}
    for dated_id, first, last, begin, end, note in rows:
        before = found.get((first, last), OtherDays(dated_id, first, last, (), note))
        hours = before.hours if begin is None or end is None else (*before.hours, DayRange(begin, end))
        found[first, last] = OtherDays(before.id, first, last, hours, before.note)
    return tuple(found.values())
