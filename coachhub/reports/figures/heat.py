"""Clients by months: each client's year as a strip of twelve squares, the same shapes in the key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from coachhub.habits.rules import CycleResult, Lived, Month, MonthKind
from coachhub.platform.language import lang, month_words
from coachhub.reports.figures.tables import NOTHING, Cell, Table, number_words
from coachhub.reports.service.cohort.heat import HeatPage, HeatRow, done_of

_NOBODY = UUID(int=0)
_NOBODY_WRITTEN = str(_NOBODY)
_WIDE = 24
"""A square's place in a strip; the square itself leaves four free."""
_SHAPES = {
    "twice": "M{0} 2h20v16h-20zm7 5v6h6v-6z",
    "done": "M{0} 2h20v16h-20z",
    "part": "M{0} 10h20v8h-20z",
    "carried": "M{0} 2l20 8-20 8z",
    "missed": "M{1} 9h8v2h-8z",
    "paused": "M{1} 5h2.500v10h-2.500zm5.500 0h2.500v10h-2.500z",
    "now": "M{0} 2h20v16h-20zm2 2v12h16v-12z",
}
"""Whole with a hole, whole, half, an arrow to the next month, a dash, two bars, a frame."""


class Strip(NamedTuple):
    """A client's line: everything is text already, so that two hundred of them render quickly."""

    url: str
    name: str
    began: str
    strength: str
    done: str
    words: str
    paths: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """What a shape means."""

    kind: str
    path: str
    words: str


def strips_of(page: HeatPage) -> list[Strip]:
    """A line a client. What many have in common is put into words once."""
    address = url_for("reports.client", client_id=_NOBODY)
    began = {month: _short(month) for month in {row.began for row in page.rows}}
    kinds = [row.kinds for row in page.rows]
    done = {counts: _done_words(*counts) for counts in set(map(done_of, kinds))}
    return [
        Strip(
            address.replace(_NOBODY_WRITTEN, str(row.client_id)),
            row.name,
            began[row.began],
            str(row.strength) if row.strength >= 0 else NOTHING,
            *done[done_of(months)],
            paths_of(months),
        )
        for row, months in zip(page.rows, kinds, strict=True)
    ]


def _done_words(done: int, counted: int) -> tuple[str, str]:
    """What stands in the cell, and what a strip is called to those who do not see it."""
    if not counted:
        return NOTHING, _("No month has counted yet")
    words = _("%(done)s of %(n)s", done=done, n=counted)
    return words, _("%(done)s months done", done=words)


@lru_cache(maxsize=8192)
def paths_of(kinds: tuple[str | None, ...]) -> tuple[tuple[str, str], ...]:
    """One path for each kind of month in a strip."""
    drawn: dict[str, list[str]] = {}
    for place, kind in enumerate(kinds):
        if kind:
            drawn.setdefault(kind, []).append(_SHAPES[kind].format(place * _WIDE + 2, place * _WIDE + 8))
    return tuple((kind, "".join(parts)) for kind, parts in drawn.items())


def month_heads(months: Iterable[Month]) -> list[tuple[int, str]]:
    """Where each month stands over the strips, with its name in three letters; January is its year."""
    return [(place * _WIDE + _WIDE // 2, _head(month)) for place, month in enumerate(months)]


def _head(month: Month) -> str:
    if month.month == 1:
        return f"’{month.year % 100:02d}"
    return format_date(month.first_day(), "LLL", locale=get_locale())[:3]


def _short(month: Month) -> str:
    return format_date(month.first_day(), "LLL y", locale=get_locale())


def key() -> tuple[Key, ...]:
    """What the shapes mean."""
    return _key_in(lang())


@lru_cache(maxsize=16)
def _key_in(_language: str) -> tuple[Key, ...]:
    words = {
        "done": _("done"),
        "twice": _("two meetups or more"),
        "part": _("less than asked"),
        "carried": _("moved into the next month"),
        "missed": _("missed"),
        "paused": _("paused"),
        "now": _("still running"),
    }
    return tuple(Key(kind, _SHAPES[kind].format(2, 8), text) for kind, text in words.items())


def heat_words(page: HeatPage) -> str:
    """What the heat-map shows, in a line: of the clients on this page, and how many there are."""
    counts = [done_of(row.kinds) for row in page.rows]
    done, counted = sum(each for each, _of in counts), sum(each for _done, each in counts)
    if not counted:
        return str(_("No month has counted yet"))
    shown = {"done": number_words(done), "n": number_words(counted)}
    share = ngettext("%(done)s of %(n)s month done", "%(done)s of %(n)s months done", counted, **shown)
    first, last = (month_words(month.first_day()) for month in (page.months[0], page.months[-1]))
    when = _("%(share)s from %(first)s to %(last)s", share=share, first=first, last=last)
    return f"{when} · {_whose_words(page)}"


def _whose_words(page: HeatPage) -> str:
    found = number_words(page.found)
    if len(page.rows) == page.found:
        return str(ngettext("%(n)s client", "%(n)s clients", page.found, n=found))
    return str(_("%(shown)s of %(n)s clients", shown=number_words(len(page.rows)), n=found))


def cell_words(cell: Lived | None) -> str:
    """A month in the table: the meetups held where it was done, else what it came to."""
    if cell is None or cell.result is CycleResult.DONE:
        return str(cell.held) if cell else ""
    words: dict[MonthKind, str] = {
        MonthKind.PART: _("part"),
        MonthKind.CARRIED: _("moved"),
        MonthKind.MISSED: _("missed"),
        MonthKind.PAUSED: _("paused"),
        MonthKind.NOW: _("now"),
    }
    return words[cell.kind]


def heat_table(page: HeatPage, *, is_file: bool = False) -> Table:
    """The same as a table: a column a month."""
    months = [str(month) if is_file else _short(month) for month in page.months]
    heads = [_("Client"), _("Began"), *months, _("Months done"), _("Months counted"), _("Strength now")]
    return Table(_("Clients by months"), heads, [_cells(row) for row in page.rows])


def _cells(row: HeatRow) -> Sequence[Cell]:
    strength = row.strength if row.strength >= 0 else None
    return (row.name, row.began, *map(cell_words, row.cells), *done_of(row.kinds), strength)


EXAMPLE = (
    ("done",) * 5 + ("missed",) + ("done",) * 3 + ("twice", "done", "now"),
    ("missed", "part", "done", "done", "missed", "done", "done", "paused", "paused", "done", "done", "now"),
    (None,) * 4 + ("done", "missed", "missed", "done", "carried", "twice", "done", "now"),
)
"""Three made-up years, for the page without anybody."""
