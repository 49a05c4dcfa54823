"""How a coach's days lie on a page: what is where, by the clock of whoever looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY, _QUARTER, _HOUR = 1440, 15, 60
_OFFICE = (8, 18)
_MOST_LANES = 4

Minutes = tuple[int, int]
"""From a minute of the day until another one, as the clock shows them; 1440 is its end."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What overlaps lies side by side: in which lane, of how many."""

    number: int
    of: int


def days_of_week(day: date, first_weekday: int) -> tuple[date, ...]:
    """The week in which a day lies, where weeks begin with `first_weekday` (0: Monday)."""
    first = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return tuple(first + timedelta(days=number) for number in range(7))


def minutes_on(day: date, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Minutes | None:
    """The part that lies on a day, to the nearest quarter of an hour and never less than one; None without any.

    Where clocks go back meanwhile, it is drawn as long as the clock says, a quarter at least.
    """
    begin, end = _minute(day, starts_at, zone), _minute(day, ends_at, zone)
    if begin >= _DAY or end <= 0:
        return None
    first = min(_rounded(max(begin, 0)), _DAY - _QUARTER)
    return first, max(min(_rounded(end), _DAY), first + _QUARTER)


def _minute(day: date, at: datetime, zone: ZoneInfo) -> int:
    shown = at.astimezone(zone)
    return (shown.date() - day).days * _DAY + shown.hour * _HOUR + shown.minute


def _rounded(minute: int) -> int:
    return round(minute / _QUARTER) * _QUARTER


def hours_shown(spans: Iterable[Minutes]) -> range:
    """The hours of the day that a page shows: those of an office, and whatever lies outside of them."""
    all_of_them = list(spans)
    first = min((begin // _HOUR for begin, _ in all_of_them), default=_OFFICE[0])
    last = max((-(-end // _HOUR) for _, end in all_of_them), default=_OFFICE[1])
    return range(min(first, _OFFICE[0]), max(last, _OFFICE[1]))


def lanes_of(spans: Sequence[Minutes]) -> list[Lane]:
    """A lane for each, in their order: what overlaps, and what that overlaps in turn, shares the width."""
    lanes: list[Lane | None] = [None] * len(spans)
    order = sorted(range(len(spans)), key=lambda number: spans[number])
    while order:
        group = _overlapping(order, spans)
        order = order[len(group) :]
        numbers = _numbers(group, spans)
        of = min(max(numbers) + 1, _MOST_LANES)
        for member, number in zip(group, numbers, strict=True):
            lanes[member] = Lane(number % _MOST_LANES, of)
    return [lane for lane in lanes if lane is not None]


def _overlapping(order: list[int], spans: Sequence[Minutes]) -> list[int]:
    """The first of them, and those that overlap it or one another without a gap."""
    group, until = [order[0]], spans[order[0]][1]
    for number in order[1:]:
        if spans[number][0] >= until:
            break
        group.append(number)
        until = max(until, spans[number][1])
    return group


def _numbers(group: list[int], spans: Sequence[Minutes]) -> list[int]:
    ends: list[int] = []
    numbers = []
    for member in group:
        begin, end = spans[member]
        free = next((number for number, until in enumerate(ends) if until <= begin), len(ends))
        ends[free : free + 1] = [end]
        numbers.append(free)
    return numbers
