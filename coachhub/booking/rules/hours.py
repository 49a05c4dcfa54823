"""When a coach works: weekly hours and dated exceptions, as instants at which a slot could begin."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from coachhub.booking.rules.clocks import DAY, Span

_MONDAY = 3
"""1 January 1970 was a Thursday."""

Range = tuple[int, int]
"""From a second of the day until another one; 86400 is its end."""


@dataclass(frozen=True)
class Hours:
    """How a coach's week is counted, on the clocks of their zone.

    `weekly`: weekday (0 is Monday), from and until, in minutes from midnight; 1440 is its end. `dated`: first and last
    day, counted from 1 January 1970, and the minutes that stand in for the week's there; None twice is a holiday, and
    a holiday goes before hours of the same day.
    """

    zone: ZoneInfo
    weekly: Sequence[tuple[int, int, int]]
    dated: Sequence[tuple[int, int, int | None, int | None]] = ()


@dataclass(frozen=True)
class Grid:
    """How slots lie in a range of hours: so many seconds each, beginning every `step` seconds from its beginning on."""

    length: int
    step: int


def ranges_by_day(hours: Hours, first_day: int, last_day: int) -> list[tuple[int, list[Range]]]:
    """The ranges of each day with any, both days included; those of a day that touch or overlap are one."""
    week = _week(hours)
    dated = _dated(hours, first_day, last_day)
    days = range(first_day, last_day + 1)
    if not dated:
        return [(day, week[(day + _MONDAY) % 7]) for day in days if week[(day + _MONDAY) % 7]]
    found = ((day, dated.get(day, week[(day + _MONDAY) % 7])) for day in days)
    return [(day, ranges) for day, ranges in found if ranges]


def _week(hours: Hours) -> list[list[Range]]:
    ranges: list[list[Range]] = [[] for _ in range(7)]
    for weekday, begin, end in hours.weekly:
        ranges[weekday].append((begin * 60, end * 60))
    return [_joined(of_day) for of_day in ranges]


def _dated(hours: Hours, first_day: int, last_day: int) -> dict[int, list[Range]]:
    found: dict[int, list[Range]] = {}
    away: set[int] = set()
    for first, last, begin, end in hours.dated:
        for day in range(max(first, first_day), min(last, last_day) + 1):
            if begin is None or end is None:
                away.add(day)
            else:
                found.setdefault(day, []).append((begin * 60, end * 60))
    return {day: _joined(ranges) for day, ranges in found.items()} | {day: [] for day in away}


def _joined(ranges: Iterable[Range]) -> list[Range]:
    joined: list[Range] = []
    for begin, end in sorted(ranges):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


Piece = tuple[int, int, int]
"""A range of one day as far as it lies in one span: from an instant until another, and the first start in it."""


def starts(
    hours: Hours, grid: Grid, within: Sequence[Span], first: int, last: int, closed: Collection[int]
) -> list[int]:
    """The instants from `first` on and before `last` at which a slot could begin and be worked through to its end.

    The grid is the clock's. An hour that does not come has no start. Of one that comes twice both count, unless it is
    shorter than the slot: then the first. Starts of a range are never closer than on any other day. A slot may run on
    over midnight where the next day's hours begin with it; `closed` days have no start, but are worked all the same.
    """
    found: list[int] = []
    end_of_work, next_begin = 0, -1
    for begin, end, start in reversed(list(_pieces(hours, grid, within, first, last + grid.length, closed))):
        end_of_work = end_of_work if end == next_begin else end
        next_begin = begin
        latest = min(end - 1, end_of_work - grid.length)
        found.extend(reversed(range(start, latest + 1, grid.step)))
    found.reverse()
    return found[bisect_left(found, first) : bisect_left(found, last)]


def _pieces(
    hours: Hours, grid: Grid, within: Sequence[Span], first: int, last: int, closed: Collection[int]
) -> Iterator[Piece]:
    for before, span in pairwise([within[0], *within]):
        since, until, offset = span
        if since >= last or until <= first:
            continue
        days = (max(since, first) + offset) // DAY, (min(until, last) - 1 + offset) // DAY
        for day, ranges in ranges_by_day(hours, *days):
            for opens, closes in ranges:
                piece = _piece(day * DAY + opens, day * DAY + closes, grid, before[2], span, day in closed)
                if piece[0] < piece[1]:
                    yield piece


def _piece(opens: int, closes: int, grid: Grid, offset_before: int, span: Span, is_closed: bool) -> Piece:
    """A range of local seconds within a span; it is none where its end is not after its beginning."""
    since, until, offset = span
    begin, end = max(opens, since + offset), min(closes, until + offset)
    if is_closed:
        start = end
    elif begin == opens and since + offset_before <= opens:
        start = begin
    else:
        start = _start_after(since + offset_before, since + offset, grid, opens, closes)
    return begin - offset, end - offset, start - offset


def _start_after(before: int, after: int, grid: Grid, opens: int, closes: int) -> int:
    """The first start of a range after the clocks went from `before` to `after`, all of it in local seconds."""
    since = max(opens, after)
    if before - after < grid.length:
        since = max(since, before)
    start = _on_or_after(since, opens, grid.step)
    if before > opens:
        last = _on_or_after(min(before, closes), opens, grid.step) - grid.step
        apart = (before - last) + (start - after)
        start += grid.step if apart < grid.step else 0
    return start


def _on_or_after(second: int, opens: int, step: int) -> int:
    return opens - (opens - second) // step * step
