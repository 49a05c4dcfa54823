"""A year drawn as squares, a month each; many clients have months alike, so each square and line is written once."""

from collections.abc import Sequence
from typing import Protocol

from coachhub.platform.written_once import Written, WrittenOnce

_A_ROW, _WIDE, _HIGH = 12, 28, 46
_CELLS = WrittenOnce("components/year_parts.html", "cell", most=4096)
_ROWS = WrittenOnce("components/year_parts.html", "line", most=4096)
_HEADS = WrittenOnce("components/year_parts.html", "head", most=1024)
_TABLES = WrittenOnce("components/year_parts.html", "table")
_LEGENDS = WrittenOnce("components/year_parts.html", "legend")


class _Square(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def kind(self) -> str: ...


class _SquareInWords(_Square, Protocol):
    @property
    def words(self) -> str: ...


def year_head(element_id: str, title: str, conclusion: str, count: int, example: bool) -> Written:
    """What stands above so many squares: the title, and what they come to, in words."""
    return _HEADS.each([(element_id, title, conclusion, count, example)])


def year_table(title: str) -> Written:
    """The table's head."""
    return _TABLES(title)


def year_cells(months: Sequence[_Square]) -> Written:
    """The squares, twelve in a row, each with the beginning of its name below."""
    return _CELLS.each(
        (month.kind, month.level, number % _A_ROW * _WIDE, number // _A_ROW * _HIGH, month.label[:3])
        for number, month in enumerate(months)
    )


def year_legend(months: Sequence[_Square]) -> Written:
    """What the kinds of squares mean that there are."""
    return _LEGENDS(frozenset(month.kind for month in months))


def year_lines(months: Sequence[_SquareInWords]) -> Written:
    """The same months as lines of a table: their names, and what happened."""
    return _ROWS.each((month.label, month.words) for month in months)
