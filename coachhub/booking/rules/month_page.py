"""Which month a visitor looks at, and how its days lie in weeks."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from coachhub.platform.local_time import first_of_month

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Reach:
    """The months in which anything can be booked: the first of each, by the visitor's clock."""

    first: date
    last: date

    def within(self, month: date) -> date:
        """The month, or the nearest that is in reach."""
        return min(max(month, self.first), self.last)

    def before(self, month: date) -> date | None:
        """The month before, where it is in reach."""
        return first_of_month(month, -1) if month > self.first else None

    def after(self, month: date) -> date | None:
        """The month after, where it is in reach."""
        return first_of_month(month, 1) if month < self.last else None


def reach_of(today: date, horizon_days: int) -> Reach:
    """From this month to that of the last day that can be booked."""
    return Reach(first_of_month(today), first_of_month(today + timedelta(days=horizon_days)))


def month_written(text: str) -> date | None:
    """The first of the month that is written as `2026-12`; None for anything else."""
    found = _WRITTEN.fullmatch(text)
    year, month = (int(part) for part in found.groups()) if found else (0, 0)
    return date(year, month, 1) if 1 <= month <= 12 and 1 <= year < 9999 else None


def day_written(text: str) -> date | None:
    """The day that is written as `2026-12-03`; None for anything else."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if day.year < 9999 else None


def weeks_of(month: date, first_weekday: int) -> tuple[tuple[date | None, ...], ...]:
    """The days of a month in weeks that begin with `first_weekday` (0: Monday); None: a day of another month."""
    weeks = Calendar(first_weekday).monthdatescalendar(month.year, month.month)
    return tuple(tuple(day if day.month == month.month else None for day in week) for week in weeks)
