"""The two charts of one client, the months as squares and the strength as a line; and the year in a cell of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.habits.rules import CycleResult
from coachhub.habits.service.progress import MonthProgress
from coachhub.habits.wording import Square, heat_squares
from coachhub.platform.language import month_words
from coachhub.reports.rules.years import CARRIED, NOW, PAUSED, count_year

A_ROW = 12
MOST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Point:
    """A month of the line: habit strength 0..100 after it."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The two charts of a client, each with its conclusion in words."""

    squares: tuple[Square, ...]
    points: tuple[Point, ...]
    year_words: str
    strength_words: str


def pictures_of(months: Sequence[MonthProgress]) -> Pictures:
    """The months of a client, oldest first, as the heat-map and the line: the last year, or two whole ones."""
    shown = months[-A_ROW * (MOST_ROWS if len(months) >= MOST_ROWS * A_ROW else 1) :]
    points = tuple(Point(month_words(month.month.first_day()), month.strength) for month in shown)
    squares = heat_squares(shown, count=len(shown) + -len(shown) % A_ROW)
    return Pictures(tuple(squares), points, _year_words(shown), _strength_words(points))


def _year_words(shown: Sequence[MonthProgress]) -> str:
    done = sum(month.result is CycleResult.DONE for month in shown)
    counted = sum(month.result in (CycleResult.DONE, CycleResult.MISSED) for month in shown)
    return _months_met(done, counted)


def _months_met(done: int, counted: int) -> str:
    if not counted:
        return str(_("No month has counted yet"))
    return str(ngettext("%(done)s of %(num)s month met", "%(done)s of %(num)s months met", counted, done=done))


def _strength_words(points: Sequence[Point]) -> str:
    if not points:
        return ""
    return str(_("%(now)s now; it bends with a missed month and recovers", now=points[-1].value))


Spark = tuple[tuple[str, str], ...]
"""A class, and the path of the months that have it."""
_MONTH = 12
_SQUARE = "M{0} 1h10v10h-10z"
_SHAPES = {
    "0": ("l0", "M{1} 5h4v2h-4z"),
    "1": ("l1", _SQUARE),
    CARRIED: ("l1", _SQUARE),
    "2": ("l2", _SQUARE),
    "3": ("l3", _SQUARE),
    PAUSED: ("k-paused", "M{0} 2m2 0h2v8h-2zm4 0h2v8h-2z"),
    NOW: ("k-now", "M{0} 1h10v10h-10zm1.500 1.500v7h7v-7z"),
}
"""A dash, squares, two bars, a frame: as in the strips of many clients (figures/heat.py). No habit leaves a gap."""


@lru_cache(maxsize=8192)
def spark_of(year: str) -> Spark:
    """Up to twelve months as `rules.years` writes them, the newest at the right end, as one path for each class."""
    start = _MONTH * (A_ROW - len(year))
    paths: dict[str, str] = {}
    for number, letter in enumerate(year):
        if letter in _SHAPES:
            name, shape = _SHAPES[letter]
            left = start + number * _MONTH
            paths[name] = paths.get(name, "") + shape.format(left, left + 3)
    return tuple(paths.items())


@lru_cache(maxsize=8192)
def spark_words(year: str, _language: str) -> str:
    """The same in words: what has counted, and what has not."""
    count = count_year(year)
    words = [_months_met(count.done, count.counted)]
    if count.paused:
        words.append(ngettext("%(num)s month paused", "%(num)s months paused", count.paused))
    if count.is_open:
        words.append(_("this month is still open"))
    return str(_("The year: %(what)s", what=" · ".join(words)))
