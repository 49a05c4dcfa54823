"""Which slots of an offering are free: one rule over integers, epoch seconds everywhere."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from coachhub.booking.rules.clocks import DAY, Span, local_day_of, spans
from coachhub.booking.rules.hours import Grid, Hours, starts

_AROUND = 2 * DAY
"""So much is looked at before and after, for whole local days, and for a change of the clocks just before."""


@dataclass(frozen=True)
class Terms:
    """What an offering asks of a slot, in minutes; `daily_limit`: bookings of it on a day of one coach."""

    minutes: int
    buffer_before: int = 0
    buffer_after: int = 0
    notice_minutes: int = 0
    horizon_days: int = 60
    step_minutes: int = 30
    daily_limit: int | None = None


@dataclass(frozen=True)
class Diary:
    """A coach's hours and what is taken of them. `busy`: from an instant until another, buffers included, in any order.

    `begun`: when bookings begin, and whether they are of this offering; needed where days are counted.
    """

    coach_id: UUID
    hours: Hours
    busy: Sequence[tuple[int, int]] = ()
    begun: Sequence[tuple[int, bool]] = ()
    daily_limit: int | None = None


Start = tuple[int, tuple[UUID, ...]]
"""When a free slot begins, and who could give it."""


def free_starts(terms: Terms, diaries: Sequence[Diary], first: int, last: int, now: int) -> list[Start]:
    """The free slots that begin from `first` on and before `last`, each with its coaches.

    Of several coaches the one with the fewest bookings on the slot's day, by their own clock, comes first; then they
    keep the order in which they are given.
    """
    first = max(first, now + terms.notice_minutes * 60)
    if first >= last:
        return []
    if len(diaries) == 1:
        only = (diaries[0].coach_id,)
        return [(start, only) for start in _free_of(terms, diaries[0], first, last, now)[0]]
    return _together(diaries, [_free_of(terms, diary, first, last, now) for diary in diaries])


_Free = tuple[list[int], list[Span], Counter[int]]


def _free_of(terms: Terms, diary: Diary, first: int, last: int, now: int) -> _Free:
    within = spans(diary.hours.zone, min(first, now) - _AROUND, last + _AROUND)
    counted, own = _counts(diary.begun, within)
    horizon = local_day_of(now, within) + terms.horizon_days
    too_far = range(horizon + 1, local_day_of(last, within) + 2)
    closed = _full(counted, diary.daily_limit).union(_full(own, terms.daily_limit), too_far)
    grid = Grid(terms.minutes * 60, terms.step_minutes * 60)
    possible = starts(diary.hours, grid, within, first, last, closed)
    before, after = terms.buffer_before * 60, grid.length + terms.buffer_after * 60
    return untaken(possible, diary.busy, before, after), within, counted


def _counts(begun: Iterable[tuple[int, bool]], within: Sequence[Span]) -> tuple[Counter[int], Counter[int]]:
    days = [(local_day_of(start, within), is_own) for start, is_own in begun]
    return Counter(day for day, _ in days), Counter(day for day, is_own in days if is_own)


def _full(bookings: Counter[int], limit: int | None) -> set[int]:
    return set() if limit is None else {day for day, count in bookings.items() if count >= limit}


def untaken(possible: list[int], busy: Collection[tuple[int, int]], before: int, after: int) -> list[int]:
    """Those of the sorted starts that leave every busy range alone from `before` until `after` them; they may touch."""
    free: list[int] = []
    since = possible[0] if possible else 0
    for begin, end in sorted(busy):
        if begin - after >= since:
            free += possible[bisect_left(possible, since) : bisect_right(possible, begin - after)]
        if end + before > since:
            since = end + before
    return free + possible[bisect_left(possible, since) :]


def _together(diaries: Sequence[Diary], found: Sequence[_Free]) -> list[Start]:
    who: defaultdict[int, list[int]] = defaultdict(list)
    for number, (free, _, _) in enumerate(found):
        for start in free:
            who[start].append(number)

    def load(number: int, start: int) -> int:
        _, within, counted = found[number]
        return counted[local_day_of(start, within)]

    merged: list[Start] = []
    for start, numbers in sorted(who.items()):
        if len(numbers) > 1:
            numbers.sort(key=lambda number: load(number, start))
        merged.append((start, tuple(diaries[number].coach_id for number in numbers)))
    return merged
