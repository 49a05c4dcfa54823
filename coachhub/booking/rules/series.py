"""The dates of a series: every so often at the same time by the clock."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coachhub.platform.local_time import first_of_month, local_instant

PAID_AHEAD_DAYS = 365
"""So far ahead the later dates of a series may lie whose sessions are paid for: a package has its own end."""
_A_WEEK = timedelta(days=7)
_LAST = 4


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


def dates_of_series(first: datetime, zone: ZoneInfo, rhythm: Rhythm, count: int) -> tuple[datetime, ...]:
    """So many UTC instants from `first` on, each at the time that the clocks of `zone` show at the first.

    Monthly is on the same weekday of the month, the second Tuesday say, because people keep weeks and not dates; a
    fifth one means the last. A time that a clock change leaves out moves on by the length of the gap.
    """
    begins = first.astimezone(zone)
    days = [_day_of(begins.date(), rhythm, number) for number in range(count)]
    return (first, *(local_instant(day, begins.time(), zone) for day in days[1:]))


def _day_of(first: date, rhythm: Rhythm, number: int) -> date:
    if rhythm is Rhythm.MONTHLY:
        return _same_weekday(first, number)
    return first + number * (_A_WEEK if rhythm is Rhythm.WEEKLY else 2 * _A_WEEK)


def _same_weekday(first: date, months: int) -> date:
    week, begin = (first.day - 1) // 7, first_of_month(first, months)
    day = begin + timedelta(days=(first.weekday() - begin.weekday()) % 7) + week * _A_WEEK
    if week == _LAST and (day.year, day.month) != (begin.year, begin.month):
        day -= _A_WEEK
    return day
