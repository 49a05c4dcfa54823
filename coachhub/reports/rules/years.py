"""A client's year in a word of twelve letters at most: one for each month, the newest last.

A month that counts is its level: 0 nothing held, 1 less than was asked, 2 done, 3 done with two meetups or more.
"""

from functools import lru_cache
from typing import NamedTuple

from coachhub.habits.rules import CycleResult, MonthKind

NOW, PAUSED, CARRIED, NO_HABIT = "n", "p", "c", "-"
"""Months that are neither done nor missed: it still runs, it rests, its meetup was moved into the next, no habit."""
_LETTERS = {CycleResult.CURRENT: NOW, CycleResult.PAUSED: PAUSED, CycleResult.CARRIED: CARRIED}
_KINDS = {
    "0": MonthKind.MISSED,
    "1": MonthKind.PART,
    "2": MonthKind.DONE,
    "3": MonthKind.TWICE,
    CARRIED: MonthKind.CARRIED,
    PAUSED: MonthKind.PAUSED,
    NOW: MonthKind.NOW,
}


class YearCount(NamedTuple):
    """Of the months of a year: done, counted as done or missed, resting; and whether the last one still runs."""

    done: int
    counted: int
    paused: int
    is_open: bool


def year_letter(result: CycleResult, level: int, *, has_habit: bool) -> str:
    """The letter of a month."""
    return _LETTERS.get(result, str(level)) if has_habit else NO_HABIT


@lru_cache(maxsize=8192)
def count_year(year: str) -> YearCount:
    """What the months of a year came to."""
    done = year.count("2") + year.count("3")
    return YearCount(done, done + year.count("0") + year.count("1"), year.count(PAUSED), NOW in year)


@lru_cache(maxsize=16_384)
def kinds_of_year(year: str) -> tuple[MonthKind | None, ...]:
    """What each month of a year was at a glance; None without a habit."""
    return tuple(map(_KINDS.get, year))
