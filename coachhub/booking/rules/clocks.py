"""What the clocks of a zone show, over integers: epoch seconds, and days counted from 1 January 1970.

*Local seconds* are epoch seconds as a clock shows them: an instant plus the zone's offset from UTC there.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 86_400
_STRETCH = 400 * DAY
"""Zones are asked for so much time at once, and what they say is kept."""

Span = tuple[int, int, int]
"""From an instant until another one the clocks of a zone are so many seconds ahead of UTC."""


def spans(zone: ZoneInfo, first: int, last: int) -> list[Span]:
    """The spans of one offset between two instants, in order; the outer two are cut off there."""
    changes = [change for change in _changes_around(zone, first, last) if first < change[0] < last]
    starts = [(first, offset_at(zone, first)), *changes]
    return [(begin, end, offset) for (begin, offset), (end, _) in pairwise([*starts, (last, 0)])]


def local_day_of(instant: int, within: Sequence[Span]) -> int:
    """The number of the day that the clocks show at an instant of these spans, or near them."""
    for _, end, offset in within:
        if instant < end:
            return (instant + offset) // DAY
    return (instant + within[-1][2]) // DAY


def offset_at(zone: ZoneInfo, instant: int) -> int:
    """How many seconds the clocks are ahead of UTC at an instant."""
    begin, changes = _stretch(zone, instant // _STRETCH)
    at = bisect_right(changes, instant, key=_instant_of)
    return changes[at - 1][1] if at else begin


def _changes_around(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int]]:
    for number in range(first // _STRETCH, last // _STRETCH + 1):
        yield from _stretch(zone, number)[1]


def _instant_of(change: tuple[int, int]) -> int:
    return change[0]


@lru_cache(maxsize=4096)
def _stretch(zone: ZoneInfo, number: int) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The offset at the beginning of a stretch, and each change until the next one: when, and the new offset.

    Looked at once a day: since 1970 no zone has changed its clocks and taken it back within a day.
    """
    looks = range(number * _STRETCH, (number + 1) * _STRETCH + 1, DAY)
    shown = [(at, _ask(zone, at)) for at in looks]
    changes = [_change(zone, before, after) for before, after in pairwise(shown) if before[1] != after[1]]
    return shown[0][1], tuple(changes)


def _change(zone: ZoneInfo, before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
    low, high = before[0], after[0]
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _ask(zone, middle) == before[1] else (low, middle)
    return high, after[1]


def _ask(zone: ZoneInfo, instant: int) -> int:
    ahead = datetime.fromtimestamp(instant, zone).utcoffset()
    assert ahead is not None  # noqa: S101 (the datetime has a zone)
    return ahead.days * DAY + ahead.seconds
