"""When a client is free for a coffee: the next times out of a weekly grid."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coachhub.platform.local_time import local_day, local_instant

NOTICE_DAYS = 2
"""The day after tomorrow is the first one: a friend needs a day to answer."""
HORIZON_DAYS = 42
AROUND = timedelta(hours=1)
"""What stays free before and after an agreed meetup."""
_APART_DAYS = 2
_SOON_DAYS = 10
_Day = tuple[date, list[tuple[time, datetime]]]
"""A day, and which of its hours are free: what its clocks show, and the instant."""


def next_free_times(
    grid: Iterable[tuple[int, time]],
    now: datetime,
    zone: ZoneInfo,
    busy: Sequence[tuple[datetime, datetime]] = (),
    count: int = 3,
    minutes: int = 60,
    after: datetime | None = None,
) -> tuple[datetime, ...]:
    """Up to `count` UTC instants out of a grid of (weekday, local time of `zone`), Monday being 0, earliest first.

    Each on a day of its own, not two days running where it can be helped, and at varying hours; from the day after
    tomorrow on, within six weeks, and later than `after`. What lies within an hour of a `busy` span of instants is
    left out, and so is an hour that the clocks of a day leave out. Same facts, same times.
    """
    days = _spread(_by_day(grid, now, zone, busy, timedelta(minutes=minutes), after), count)
    chosen: list[tuple[time, datetime]] = []
    for _day, options in days:
        used = [at for at, _ in chosen]
        chosen.append(min(options, key=lambda option: (used.count(option[0]), option[1])))
    return tuple(instant for _, instant in chosen)


def _by_day(
    grid: Iterable[tuple[int, time]],
    now: datetime,
    zone: ZoneInfo,
    busy: Sequence[tuple[datetime, datetime]],
    length: timedelta,
    after: datetime | None,
) -> Iterator[_Day]:
    """Day after day, as far as somebody asks for more: each takes longer than all the rest of the choice."""
    first, earliest = local_day(now, zone) + timedelta(days=NOTICE_DAYS), max(now, after or now)
    hours: dict[int, list[time]] = {}
    for weekday, at in sorted(set(grid)):
        hours.setdefault(weekday, []).append(at)
    for day in (first + timedelta(days=number) for number in range(HORIZON_DAYS)):
        shown = [(at, local_instant(day, at, zone)) for at in hours.get(day.weekday(), ())]
        free = [
            (at, instant)
            for at, instant in shown
            if instant > earliest and _exists(instant, day, at, zone) and not _is_taken(instant, length, busy)
        ]
        if free:
            yield day, free


def _exists(instant: datetime, day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clocks of that day show that time at all."""
    shown = instant.astimezone(zone)
    return (shown.date(), shown.time()) == (day, at)


def _is_taken(instant: datetime, length: timedelta, busy: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(instant < end + AROUND and begin - AROUND < instant + length for begin, end in busy)


def _spread(days: Iterable[_Day], count: int) -> list[_Day]:
    """The first days that leave one in between, as long as they are near; the soonest others where they are few."""
    apart: list[_Day] = []
    others: list[_Day] = []
    for each in days:
        day = each[0]
        is_near = not apart or (day - apart[0][0]).days < _SOON_DAYS
        if not is_near and len(apart) + len(others) >= count:
            break
        is_apart = not apart or (day - apart[-1][0]).days >= _APART_DAYS
        (apart if is_near and is_apart else others).append(each)
    return sorted((apart + others)[:count])
