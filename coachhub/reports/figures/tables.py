"""The table behind a figure: the same cells on the page and in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, format_percent
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.habits.rules import Month
from coachhub.platform.csv_file import as_csv
from coachhub.platform.language import month_words

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Share:
    """So many percent; None where there is no whole. In a file it is the number alone."""

    percent: int | None


Cell = str | int | float | Decimal | Month | Share | None


@dataclass(frozen=True)
class Table:
    """A caption, headings, and rows whose first cell names them."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row as text: what it is called, then heading and cell of the others."""
        return [
            (shown(row[0]), [(head, shown(cell)) for head, cell in zip(self.heads[1:], row[1:], strict=True)])
            for row in self.rows
        ]

    def as_file(self) -> bytes:
        """The same for a spreadsheet: months as 2026-03, numbers as numbers."""
        shares = {place for row in self.rows for place, cell in enumerate(row) if isinstance(cell, Share)}
        heads = [_("%(head)s, percent", head=head) if n in shares else head for n, head in enumerate(self.heads)]
        return as_csv(heads, ([_plain(cell) for cell in row] for row in self.rows))


def shown(cell: Cell) -> str:
    """A cell as the reader writes it."""
    if isinstance(cell, Share):
        return share_words(cell.percent)
    if isinstance(cell, Month):
        return month_words(cell.first_day())
    if isinstance(cell, int | float | Decimal):
        return number_words(cell)
    return cell or NOTHING


def share_words(percent: int | None) -> str:
    """`64%`, as the reader writes it; a dash where there is no whole."""
    return NOTHING if percent is None else format_percent(percent / 100, locale=get_locale())


def number_words(value: float | Decimal) -> str:
    """`1,204` or `6.4`: with one digit behind the point at most."""
    return format_decimal(round(float(value), 1), locale=get_locale())


def _plain(cell: Cell) -> object:
    if isinstance(cell, Share):
        return cell.percent
    if isinstance(cell, float):
        return round(cell, 2)
    return str(cell) if isinstance(cell, Month) else cell
