"""Local days on which a reminder is due: worked out for each zone by the pinned tzdata, then a table to join.

So a kind asks one statement for everybody, and the database never needs to know a clock.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, DateTime, Integer, Text, bindparam, column, func
from sqlalchemy.dialects.postgresql import ARRAY, Insert

from coachhub.habits.rules import Month
from coachhub.platform.local_time import local_day, start_of_day
from coachhub.reminders.kinds.kind import add_messages
from coachhub.reminders.kinds.zones import zones_of_clients
from coachhub.reminders.rules import GRACE, SPREAD_DAYS

DayRule = Callable[[date, ZoneInfo], datetime | None]
"""When the reminder about a local day is due (UTC); None where that day has none."""
MonthRule = Callable[[Month, ZoneInfo, int], datetime]
"""When the reminder of a month is due (UTC) for those whom it reaches a number of days later or earlier."""

_A_DAY = timedelta(days=1)
_BACK, _AHEAD = 8, 2  # a reminder is at most three days after its day, and three days late
_INSTANT = DateTime(timezone=True)
_COLUMNS = (
    column("zone", Text),
    column("day", Date),
    column("begins", _INSTANT),
    column("ends", _INSTANT),
    column("due", _INSTANT),
    column("month", Date),
    column("shift", Integer),
)


@dataclass(frozen=True)
class DueDay:
    """A local day (or the first of a month) of a zone whose reminder is due, for those who are shifted by so much.

    It lasts from `begins` to `ends`; `month` is the first of the local month in which its reminder is due.
    """

    zone: str
    day: date
    begins: datetime
    ends: datetime
    due: datetime
    month: date
    shift: int = 0


DUE_DAYS = (
    func.unnest(*(bindparam(f"due_{it.name}", type_=ARRAY(it.type)) for it in _COLUMNS))
    .table_valued(*_COLUMNS, name="local")
    .render_derived()
)
"""Due days as a table in a statement, to be joined by the zone; `plan_days` fills it.

It is made of arrays, one a column: so the statement around it is the same for any number of days, and is built once.
"""
_FIRST, _LAST = bindparam("first_begins", type_=_INSTANT), bindparam("last_ends", type_=_INSTANT)
_FIRST_DAY, _LAST_DAY = bindparam("first_day", type_=Date), bindparam("last_day", type_=Date)


def holds(instant: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether an instant lies in the due day of the row; by the bounds of all days it is looked up in an index."""
    return (instant >= _FIRST, instant < _LAST, instant >= DUE_DAYS.c.begins, instant < DUE_DAYS.c.ends)


def is_day(day: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether a date is the due day of the row, looked up in the same way."""
    return (day >= _FIRST_DAY, day <= _LAST_DAY, day == DUE_DAYS.c.day)


def plan_days(built: Callable[[], Insert], days: Iterable[DueDay], now: datetime) -> int:
    """Add the messages for due days by a statement about them; without any it is not even built."""
    due = list(days)
    if not due:
        return 0
    arrays = {f"due_{it.name}": [getattr(each, it.name) for each in due] for it in _COLUMNS}
    bounds = {
        "first_begins": min(each.begins for each in due),
        "last_ends": max(each.ends for each in due),
        "first_day": min(each.day for each in due),
        "last_day": max(each.day for each in due),
    }
    return add_messages(built(), now, **arrays, **bounds)


def days_due(due_of: DayRule, now: datetime, zones: Iterable[ZoneInfo] | None = None) -> Iterator[DueDay]:
    """The local days whose reminder is due, and not for too long, in the zones of the practice's clients or others."""
    return (day for zone in (zones_of_clients() if zones is None else zones) for day in _days(due_of, now, zone))


def _days(due_of: DayRule, now: datetime, zone: ZoneInfo) -> Iterator[DueDay]:
    today = local_day(now, zone)
    for day in (today + n * _A_DAY for n in range(-_BACK, _AHEAD + 1)):
        due = due_of(day, zone)
        if due is not None and _is_due(due, now):
            month = Month.local(due, zone).first_day()
            yield DueDay(zone.key, day, start_of_day(day, zone), start_of_day(day + _A_DAY, zone), due, month)


def months_due(due_of: MonthRule, now: datetime) -> Iterator[DueDay]:
    """The running month of each zone of clients, for every shift with which its reminder is due now."""
    return (month for zone in zones_of_clients() for month in _months(due_of, now, zone))


def _months(due_of: MonthRule, now: datetime, zone: ZoneInfo) -> Iterator[DueDay]:
    month = Month.local(now, zone)
    first = month.first_day()
    for shift in range(SPREAD_DAYS):
        due = due_of(month, zone, shift)
        if _is_due(due, now):
            yield DueDay(zone.key, first, month.starts_at(zone), month.ends_at(zone), due, first, shift)


def _is_due(due: datetime, now: datetime) -> bool:
    return now - GRACE <= due <= now
