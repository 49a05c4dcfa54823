"""Clients by months: each client's year as a strip of twelve squares, the same shapes in the key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from coachhub.habits.rules import CycleResult, Lived, Month
from coachhub.platform.language import month_words
from coachhub.reports.figures.tables import Cell, Table, number_words
from coachhub.reports.service.cohort.heat import HeatPage, HeatRow

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
_KIND_OF = {
    CycleResult.CARRIED: "carried",
    CycleResult.PAUSED: "paused",
    CycleResult.CURRENT: "now",
}


@dataclass(frozen=True, slots=True)
class Strip:
    """A client's line: everything is text already, so that two hundred of them render quickly."""

    url: str
    name: str
    began: str
    strength: str
    done: str
    words: str
    paths: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Key:
    """What a shape means."""

    kind: str
    path: str
    words: str


def strips_of(page: HeatPage) -> list[Strip]:
    """A line a client."""
    return [_strip(row) for row in page.rows]


def _strip(row: HeatRow) -> Strip:
    done = _("%(done)s of %(n)s", done=row.done, n=row.counted) if row.counted else "–"
    return Strip(
        url=url_for("reports.client", client_id=row.client_id),
        name=row.name,
        began=_short(row.began),
        strength=str(row.strength) if row.strength >= 0 else "–",
        done=done,
        words=_("%(done)s months done", done=done) if row.counted else _("No month has counted yet"),
        paths=paths_of(tuple(kind_of(cell) for cell in row.cells)),
    )


def kind_of(cell: Lived | None) -> str:
    """Which shape stands for a month; nothing where there was no habit."""
    if cell is None:
        return ""
    if cell.result is CycleResult.DONE:
        return "twice" if cell.held > 1 else "done"
    if cell.result is CycleResult.MISSED:
        return "part" if cell.held else "missed"
    return _KIND_OF[cell.result]


@lru_cache(maxsize=8192)
def paths_of(kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
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


def key() -> list[Key]:
    """What the shapes mean."""
    words = {
        "done": _("done"),
        "twice": _("two meetups or more"),
        "part": _("less than asked"),
        "carried": _("moved into the next month"),
        "missed": _("missed"),
        "paused": _("paused"),
        "now": _("still running"),
    }
    return [Key(kind, _SHAPES[kind].format(2, 8), text) for kind, text in words.items()]


def heat_words(page: HeatPage) -> str:
    """What the heat-map shows, in a line."""
    done, counted = sum(row.done for row in page.rows), sum(row.counted for row in page.rows)
    if not counted:
        return str(_("No month has counted yet"))
    shown = {"done": number_words(done), "n": number_words(counted)}
    share = ngettext("%(done)s of %(n)s month done", "%(done)s of %(n)s months done", counted, **shown)
    first, last = (month_words(month.first_day()) for month in (page.months[0], page.months[-1]))
    return str(_("%(share)s from %(first)s to %(last)s", share=share, first=first, last=last))


def cell_words(cell: Lived | None) -> str:
    """A month in the table: the meetups held where it was done, else what it came to."""
    kind = kind_of(cell)
    if cell is None or kind in ("done", "twice"):
        return str(cell.held) if cell else ""
    words = {"part": _("part"), "carried": _("moved"), "missed": _("missed"), "paused": _("paused"), "now": _("now")}
    return str(words[kind])


def heat_table(page: HeatPage, *, is_file: bool = False) -> Table:
    """The same as a table: a column a month."""
    months = [str(month) if is_file else _short(month) for month in page.months]
    heads = [_("Client"), _("Began"), *months, _("Months done"), _("Months counted"), _("Strength now")]
    return Table(_("Clients by months"), heads, [_cells(row) for row in page.rows])


def _cells(row: HeatRow) -> Sequence[Cell]:
    strength = row.strength if row.strength >= 0 else None
    return (row.name, row.began, *map(cell_words, row.cells), row.done, row.counted, strength)


EXAMPLE = (
    ("done",) * 5 + ("missed",) + ("done",) * 3 + ("twice", "done", "now"),
    ("missed", "part", "done", "done", "missed", "done", "done", "paused", "paused", "done", "done", "now"),
    ("",) * 4 + ("done", "missed", "missed", "done", "carried", "twice", "done", "now"),
)
"""Three made-up years, for the page without anybody."""
