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
    if not counted:
        return str(_("No month has counted yet"))
    return str(ngettext("%(done)s of %(num)s month met", "%(done)s of %(num)s months met", counted, done=done))


def _strength_words(points: Sequence[Point]) -> str:
    if not points:
        return ""
    return str(_("%(now)s now; it bends with a missed month and recovers", now=points[-1].value))


Spark = tuple[tuple[str, str], ...]
"""A class for a level, and the path of the months that have it."""
_MONTH = 12
_LOW, _TALL = "M{} 5h4v2h-4z", "M{} 1h10v10h-10z"


@lru_cache(maxsize=8192)
def spark_of(year: str) -> Spark:
    """Up to twelve levels, the newest at the right end, as one path for each level; a month without is a dash."""
    start = _MONTH * (A_ROW - len(year))
    paths = dict.fromkeys("0123", "")
    for number, level in enumerate(year):
        left = start + number * _MONTH
        paths[level] += _LOW.format(left + 3) if level == "0" else _TALL.format(left)
    return tuple((f"l{level}", path) for level, path in paths.items() if path)
