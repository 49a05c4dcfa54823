"""Local time, used only to choose a day or an hour; everything stored is UTC.

Pure: the standard library and the pinned tzdata. A clock change leaves a gap (local times that never come) or
a fold (local times that come twice); a zone that crosses the date line leaves out a whole day.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the clocks of `zone` show `at` on `day`.

    A local time that never comes moves forward by the length of the gap (02:30 becomes 03:30, nine o'clock of
    a day left out becomes nine o'clock of the next); one that comes twice means the first.
    """
    return _utc(day, at, zone, fold=0)


def both_instants(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """As `local_instant`, with the second instant beside it; the same twice unless the local time comes
    twice.
    """
    first = _utc(day, at, zone, fold=0)
    return first, max(first, _utc(day, at, zone, fold=1))


def _utc(day: date, at: time, zone: ZoneInfo, *, fold: int) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), tzinfo=zone).astimezone(UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant at which `day` begins in `zone`: local midnight, or the first instant after it that
    exists.

    No zone has had a gap that begins before midnight and ends after it since 1970, so the end of the gap is
    that instant.
    """
    return local_instant(day, time.min, zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The date that the clocks of `zone` show at an aware `instant`."""
    return instant.astimezone(zone).date()


def first_of_month(day: date, months: int = 0) -> date:
    """The 1st of the month in which `day` lies, or of the one so many months later (earlier when negative)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
