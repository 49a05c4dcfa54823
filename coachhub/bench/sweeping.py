"""Every zone over two years: the rule of free slots beside one that asks each quarter of an hour, slot by slot."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from coachhub.bench.figures import Figure, Limit
from coachhub.bench.minute_by_minute import Minute, minutes_between, starts_among
from coachhub.booking.rules.hours import Hours
from coachhub.booking.rules.slots import Diary, Terms, free_starts

_DAY, _HOUR, _QUARTER = 86_400, 3_600, 900
_TWO_YEARS = 730
_BEGIN = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
_BOOKINGS_A_YEAR = 500
_WEEK = range(7)
_CASES = (
    (Terms(60, step_minutes=60, horizon_days=900), ((0, 1440),)),
    (Terms(90, 15, 0, 720, 900, 30, daily_limit=2), ((0, 300), (1290, 1440))),
    (Terms(45, 0, 15, 0, 900, 45), ((15, 720), (900, 1425))),
    (Terms(30, step_minutes=90, horizon_days=900), ((0, 1440),)),
)


def sweep_figures(zones: int | None = None, days: int = _TWO_YEARS) -> list[Figure]:
    """How many zones were looked at, all of them unless told, and how many of their slots differ."""
    names = sorted(available_timezones())[:zones]
    differences = sum(_differences(alike, days) for alike in _alike(names, days))
    name = f"Free slots of {days} days in every zone"
    return [
        Limit(f"{name}, looked at", "zones", len(names)),
        Limit(f"{name}, other than by asking each quarter of an hour", "slots", differences, 0),
    ]


def _alike(names: Sequence[str], days: int) -> list[list[ZoneInfo]]:
    """Zones whose clocks show the same each hour: the slow way is gone once for them; two that differ would show."""
    looks = range(_BEGIN - 2 * _DAY, _BEGIN + (days + 2) * _DAY, _HOUR)
    found: defaultdict[tuple[object, ...], list[ZoneInfo]] = defaultdict(list)
    for zone in map(ZoneInfo, names):
        found[tuple(datetime.fromtimestamp(at, zone).utcoffset() for at in looks)].append(zone)
    return list(found.values())


def _differences(zones: Sequence[ZoneInfo], days: int) -> int:
    first, last = _BEGIN, _BEGIN + days * _DAY
    minutes = minutes_between(zones[0], first - 2 * _DAY, last + 2 * _DAY, _QUARTER)
    return sum(
        len(wanted.symmetric_difference(start for start, _ in free_starts(terms, [diary], first, last, first)))
        for terms, diary, wanted in _cases(zones, minutes, first, last)
    )


def _cases(
    zones: Sequence[ZoneInfo], minutes: list[Minute], first: int, last: int
) -> Iterator[tuple[Terms, Diary, set[int]]]:
    for number, (terms, ranges) in enumerate(_CASES):
        diaries = [_diary(zone, ranges, number, first, last) for zone in zones]
        wanted = set(starts_among(minutes, terms, diaries[0], first, last, first))
        yield from ((terms, diary, wanted) for diary in diaries)


def _diary(zone: ZoneInfo, ranges: Sequence[tuple[int, int]], number: int, first: int, last: int) -> Diary:
    """Those hours every day, a week of holiday in June, other hours one day, and bookings by chance."""
    chance = random.Random(number)  # noqa: S311 (a story, not a secret)
    june = first // _DAY + 155
    dated = [(june, june + 6, None, None), (june + 20, june + 20, 600, 900)]
    hours = Hours(zone, [(day, *minutes) for day in _WEEK for minutes in ranges], dated)
    quarters = (last - first) // _QUARTER
    begun = [first + chance.randrange(quarters) * _QUARTER for _ in range(_BOOKINGS_A_YEAR * 2)]
    busy = [(start - _QUARTER, start + 3 * _QUARTER) for start in begun]
    return Diary(UUID(int=1), hours, busy, [(start, start % _HOUR == 0) for start in begun], daily_limit=5)
