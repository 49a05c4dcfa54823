"""Free slots once more, slowly and obviously: every minute is asked what the clock shows and whether it is worked.

For tests and for the sweep over all zones. Nothing of the rule itself is used here but its words: terms and diary.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from coachhub.booking.rules.slots import Diary, Terms

_DAY = 86_400
_BEGIN = date(1970, 1, 1).toordinal()

Range = tuple[int, int]
"""From a minute of the day until another one."""


@dataclass(frozen=True, slots=True)
class Minute:
    """An instant, and what the clock shows: the day, counted from 1 January 1970, and the minute of it."""

    instant: int
    day: int
    minute: int


def minutes_between(zone: ZoneInfo, first: int, last: int, tick: int = 60) -> list[Minute]:
    """Every minute between two instants, or one each `tick` seconds."""
    return [_minute(zone, instant) for instant in range(first - first % tick, last, tick)]


def _minute(zone: ZoneInfo, instant: int) -> Minute:
    local = datetime.fromtimestamp(instant, zone)
    return Minute(instant, local.toordinal() - _BEGIN, local.hour * 60 + local.minute)


def slow_starts(terms: Terms, diary: Diary, first: int, last: int, now: int, tick: int = 60) -> list[int]:
    """When free slots of the coach begin, from `first` on and before `last`. Every length is a multiple of `tick`."""
    zone = diary.hours.zone
    return starts_among(minutes_between(zone, first - 2 * _DAY, last + 2 * _DAY, tick), terms, diary, first, last, now)


def starts_among(minutes: list[Minute], terms: Terms, diary: Diary, first: int, last: int, now: int) -> list[int]:
    """As `slow_starts`, of minutes that reach two days further on both sides."""
    tick = minutes[1].instant - minutes[0].instant
    length, before, after = terms.minutes * 60, terms.buffer_before * 60, terms.buffer_after * 60
    ranges_on = _ranges_of(diary)
    worked = {each.instant for each in minutes if _range_around(each.minute, ranges_on(each.day))}
    taken = {at for begin, end in diary.busy for at in range(begin - begin % tick, end, tick)}
    closed = _closed_days(terms, diary, now)
    return [
        at.instant
        for at in _on_the_grid(minutes, terms, ranges_on)
        if max(first, now + terms.notice_minutes * 60) <= at.instant < last
        and not closed(at.day)
        and all(each in worked for each in range(at.instant, at.instant + length, tick))
        and not any(each in taken for each in range(at.instant - before, at.instant + length + after, tick))
    ]


def _on_the_grid(minutes: list[Minute], terms: Terms, ranges_on: Callable[[int], list[Range]]) -> Iterator[Minute]:
    """The minutes that the clock shows on the grid of a range; again only when a slot from the first one is over.

    What comes sooner than a step after the one before it in its range is left out.
    """
    shown: dict[tuple[int, int], int] = {}
    kept: dict[tuple[int, Range], int] = {}
    for at in minutes:
        around = _range_around(at.minute, ranges_on(at.day))
        if around is None or (at.minute - around[0]) % terms.step_minutes:
            continue
        since_shown = at.instant - shown.get((at.day, at.minute), -_DAY)
        since_kept = at.instant - kept.get((at.day, around), -_DAY)
        shown[at.day, at.minute] = at.instant
        if since_shown >= terms.minutes * 60 and since_kept >= terms.step_minutes * 60:
            kept[at.day, around] = at.instant
            yield at


def _range_around(minute: int, ranges: list[Range]) -> Range | None:
    return next((each for each in ranges if each[0] <= minute < each[1]), None)


def _ranges_of(diary: Diary) -> Callable[[int], list[Range]]:
    @cache
    def ranges_on(day: int) -> list[Range]:
        return _unbroken(tuple(sorted(_rows_on(diary, day))))

    return ranges_on


def _rows_on(diary: Diary, day: int) -> list[Range]:
    dated = [(begin, end) for first, last, begin, end in diary.hours.dated if first <= day <= last]
    if dated:
        rows = [(begin, end) for begin, end in dated if begin is not None and end is not None]
        return rows if len(rows) == len(dated) else []
    weekday = date.fromordinal(day + _BEGIN).weekday()
    return [(begin, end) for on, begin, end in diary.hours.weekly if on == weekday]


@cache
def _unbroken(rows: tuple[Range, ...]) -> list[Range]:
    """The minutes of a day without a break between them, from the rows that cover them."""
    covered = [any(begin <= minute < end for begin, end in rows) for minute in range(1440)]
    begins = [minute for minute in range(1440) if covered[minute] and (minute == 0 or not covered[minute - 1])]
    ends = [minute + 1 for minute in range(1440) if covered[minute] and (minute == 1439 or not covered[minute + 1])]
    return list(zip(begins, ends, strict=True))


def _closed_days(terms: Terms, diary: Diary, now: int) -> Callable[[int], bool]:
    zone = diary.hours.zone
    booked = Counter(_minute(zone, start).day for start, _ in diary.begun)
    own = Counter(_minute(zone, start).day for start, is_own in diary.begun if is_own)
    last_day = _minute(zone, now).day + terms.horizon_days

    def is_closed(day: int) -> bool:
        is_full = diary.daily_limit is not None and booked[day] >= diary.daily_limit
        is_full_of_it = terms.daily_limit is not None and own[day] >= terms.daily_limit
        return is_full or is_full_of_it or day > last_day

    return is_closed
