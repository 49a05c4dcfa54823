"""Coaches' diaries as plain facts, and the slots in them as a clock on the wall shows them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms, free_starts

ANA, BEA = UUID(int=1), UUID(int=2)
LONDON = ZoneInfo("Europe/London")
AN_HOUR = Terms(60, step_minutes=60, horizon_days=60)
EVERY_DAY = range(7)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def hours(
    zone: ZoneInfo, *ranges: tuple[float, float], dated: Sequence[tuple[int, int, int | None, int | None]] = ()
) -> Hours:
    """The same hours every day."""
    weekly = [(day, int(begin * 60), int(end * 60)) for day in EVERY_DAY for begin, end in ranges]
    return Hours(zone, weekly, dated)


def diary(zone: ZoneInfo, *ranges: tuple[float, float], coach_id: UUID = ANA) -> Diary:
    """A coach who works the same hours every day, of whom nothing is taken."""
    return Diary(coach_id, hours(zone, *ranges))


def busy(day: Diary, begin: datetime, minutes: int = 60) -> Diary:
    """The same diary with that time taken, by a booking of the offering."""
    span = (seconds(begin), seconds(begin) + minutes * 60)
    return replace(day, busy=[*day.busy, span], begun=[*day.begun, (span[0], True)])


def starts_on(day: date, terms: Terms, *diaries: Diary, now: datetime | None = None) -> list[datetime]:
    """The free slots that begin on the local day of the first coach, in their zone; asked a week before."""
    zone = diaries[0].hours.zone
    midnight = datetime.combine(day, time.min, zone)
    first, last = midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)
    asked = now or first - timedelta(days=7)
    found = free_starts(terms, diaries, seconds(first), seconds(last), seconds(asked))
    return [datetime.fromtimestamp(start, zone) for start, _ in found]


def shown(day: date, terms: Terms, *diaries: Diary, now: datetime | None = None) -> str:
    """The slots of that local day as the clock on the wall shows them: `09:00 10:00`."""
    return " ".join(f"{at:%H:%M}" for at in starts_on(day, terms, *diaries, now=now))
