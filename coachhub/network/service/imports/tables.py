"""Tables in text: where the header stands, what parts the cells, and a cell that no spreadsheet executes."""

import csv
import re
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from coachhub.network.service.imports.people import Problem, Unreadable
from coachhub.network.service.imports.texts import Text

LAST_HEADER_LINE = 100  # LinkedIn puts notes above the header, people put titles and dates
_LONGEST_HEADER, _LONGEST_HEADING = 20_000, 200  # characters; Google's header with everything has 3,000
_MOSTLY = 0.6
_DELIMITERS = ",;\t|"
_DECLARED = re.compile(r'"?sep=(.)"?[,;\t]*\s*', re.IGNORECASE)

if TYPE_CHECKING:
    import _csv

Header = tuple[str, ...]


def heading(cell: str) -> str:
    """A column's name as it is compared: lower case, one form, no marks around it.

    Of a longer cell only the beginning: composing takes time by the square of the length.
    """
    plain = unicodedata.normalize("NFKC", cell[:_LONGEST_HEADING]).casefold().replace("_", " ").replace("\u2019", "'")
    return " ".join(plain.split()).strip(" :*\"'\ufeff")


@dataclass(frozen=True)
class Table:
    """A text whose rows begin behind `above` physical lines. `header` is () where the first line is a row already."""

    text: Text
    delimiter: str
    above: int
    header: Header

    def headings(self) -> Header:
        """The header as it is compared."""
        return tuple(map(heading, self.header))

    def reader(self) -> "_csv.Reader":
        """The csv module's own reader, below the header."""
        lines = self.text.lines()
        deque(islice(lines, self.above), maxlen=0)
        return csv.reader(lines, delimiter=self.delimiter)

    def rows(self, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """Each row with the number of its first line."""
        reader = self.reader()
        begins = self.above + 1
        with quotations_that_end():
            for row in islice(reader, most):
                yield begins, row
                begins = self.above + reader.line_num + 1


@contextmanager
def quotations_that_end() -> Iterator[None]:
    """Raises Unreadable where a quotation has no end, so that the rest of the file would be one cell."""
    try:
        yield
    except csv.Error as error:
        raise Unreadable(Problem.QUOTE_NOT_ENDED) from error


def evened(row: list[str], width: int) -> bool:
    """Fills a row that ends early, cuts empty cells off a long one; False where it has more cells than the header."""
    while len(row) > width and not row[-1].strip():
        row.pop()
    row.extend([""] * (width - len(row)))
    return len(row) == width


def first_lines(text: Text) -> list[str]:
    """The lines among which a header may stand."""
    return list(islice(text.lines(), LAST_HEADER_LINE))


def with_header(text: Text, lines: list[str], is_header: Callable[[Header], bool]) -> Table | None:
    """The table below the first line that is a header of the kind asked for.

    Each line is looked at alone: notes above the header may open a quotation that never ends.
    """
    for delimiter in _delimiters(lines):
        for number, line in enumerate(lines, 1):
            if delimiter in line and len(line) <= _LONGEST_HEADER:
                header = _cells(line, delimiter)
                if is_header(tuple(map(heading, header))):
                    return Table(text, delimiter, number, header)
    return None


def plain_table(text: Text, lines: list[str], is_header: Callable[[Header], bool]) -> Table:
    """Any table, from its header on, or from its first line that is not empty: that may be a header all the same."""
    if table := with_header(text, lines, is_header):
        return replace(table, above=table.above - 1, header=())
    delimiter = _likely_delimiter(lines)
    above = 1 if lines and _DECLARED.fullmatch(lines[0]) else 0
    while above < len(lines) and not lines[above].strip(f"{_DELIMITERS} \n"):
        above += 1
    return Table(text, delimiter, above, ())


def _cells(line: str, delimiter: str) -> Header:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter), ()))
    except csv.Error:  # a line longer than a cell may be
        return ()


def _delimiters(lines: list[str]) -> str:
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    return declared[1] if declared and declared[1] in _DELIMITERS else _DELIMITERS


def _likely_delimiter(lines: list[str]) -> str:
    """The one that cuts most lines into the same number of cells."""

    def lines_alike(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(_cells(line, delimiter)) for line in lines if line.strip())
        widths.pop(1, None)
        width, count = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        return count, width

    return max(_delimiters(lines), key=lines_alike)


def is_cut(table: Table, lines: list[str]) -> bool:
    """Whether most lines have several cells: sentences have a comma here and there, too."""
    written = [line for line in lines[table.above :] if line.strip()]
    return sum(table.delimiter in line for line in written) >= _MOSTLY * len(written)
