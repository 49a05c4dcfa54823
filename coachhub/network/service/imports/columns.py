"""Any other table: which column holds what is asked, with a guess by headings and by what the cells look like."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from coachhub.network.rules.profiles import normalised_profile
from coachhub.network.rules.written_dates import written_date
from coachhub.network.service.channels import is_dialable
from coachhub.network.service.imports.assembling import PLAIN_ADDRESS, Assembly, Written, spoken_name
from coachhub.network.service.imports.headings import columns_of
from coachhub.network.service.imports.people import (
    Column,
    ColumnsNeeded,
    LeftOut,
    Person,
    Problem,
    Source,
    Unreadable,
)
from coachhub.network.service.imports.tables import Header, Table, heading, is_cut

_SAMPLES, _LOOKED_AT = 5, 50
_MOST_COLUMNS = 300
_LONGEST_SAMPLE = 120
_NAMES = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)


def is_named(header: Header) -> bool:
    """Whether these are headings: at least two of them are known."""
    return len(columns_of(header)) > 1


def matched(
    table: Table, lines: list[str], columns: Mapping[str, int] | None, may_be_list: bool
) -> Iterator[Person | LeftOut]:
    """The people of a table by the columns that were chosen. Raises ColumnsNeeded where no name is among them.

    `lines` are the table's first; one column alone is a table where `may_be_list`.
    """
    header, samples = _header_and_samples(table, lines, may_be_list)
    width = len(header)
    chosen = {field: place for field, place in (columns or {}).items() if 0 <= place < width}
    if not chosen.keys() & set(_NAMES):
        raise ColumnsNeeded(
            tuple(name[:_LONGEST_SAMPLE] for name in header),
            tuple(tuple(cell[:_LONGEST_SAMPLE] for cell in row) for row in samples[:_SAMPLES]),
            _guess(header, samples),
        )
    return _people(table, chosen, skipped=int(any(header)))


def _people(table: Table, columns: Mapping[str, int], skipped: int) -> Iterator[Person | LeftOut]:
    assembly = Assembly()
    for line, row in islice(table.rows(), skipped, None):
        if not any(map(str.strip, row)):
            continue
        cells = {field: row[place] for field, place in columns.items() if place < len(row)}
        yield assembly.person(_written(line, cells))


def _written(line: int, cells: Mapping[str, str]) -> Written:
    def cell(field: Column) -> str:
        return cells.get(field, "")

    parts = spoken_name(cell(Column.FIRST_NAME).strip(), cell(Column.LAST_NAME).strip())
    return Written(
        line,
        parts or cell(Column.NAME),
        cell(Column.COMPANY),
        cell(Column.TITLE),
        (cell(Column.EMAIL),),
        (cell(Column.PHONE),),
        cell(Column.CITY),
        cell(Column.PROFILE),
        cell(Column.KNOWN_SINCE),
        cell(Column.NOTES),
    )


def _header_and_samples(table: Table, lines: list[str], may_be_list: bool) -> tuple[Header, list[list[str]]]:
    """The first row where it names columns, else a nameless one; and rows below it. All of one width."""
    rows = [row for _, row in table.rows(most=_LOOKED_AT) if any(map(str.strip, row))]
    width = max(map(len, rows), default=0)
    if width > _MOST_COLUMNS or not (is_cut(table, lines) if width > 1 else may_be_list and _is_list(rows)):
        raise Unreadable(Problem.NOT_A_TABLE)
    rows = [row + [""] * (width - len(row)) for row in rows]
    header = tuple(name.strip() for name in rows[0]) if _names_columns(rows) else ("",) * width
    samples = rows[any(header) :]
    if not samples:
        raise Unreadable(Problem.NO_PEOPLE, Source.CSV)
    return header, samples


def _is_list(rows: list[list[str]]) -> bool:
    """One name a line is a table, too; sentences are none."""
    lines = [row[0] for row in rows if row]
    return bool(lines) and all(len(line.split()) <= 5 and len(line) <= 80 for line in lines)


def _names_columns(rows: list[list[str]]) -> bool:
    """A first row of known headings; or of words alone, above rows that hold an address, a number or a day."""
    first = rows[0]
    if columns_of(tuple(map(heading, first))):
        return True
    if any(map(_is_value, first)):
        return False
    return len(rows) > 1 and any(_is_value(cell) for row in rows[1:] for cell in row)


def _is_value(cell: str) -> bool:
    return any(looks(cell.strip()) for looks in _LOOKS.values())


def _guess(header: Header, samples: list[list[str]]) -> dict[str, int]:
    found = columns_of(tuple(map(heading, header)))
    for field, looks in _LOOKS.items():
        if field not in found:
            places = [place for place in range(len(header)) if place not in found.values()]
            found |= _most_like(field, places, samples, looks)
    if not found.keys() & set(_NAMES):
        free = [place for place in range(len(header)) if place not in found.values()]
        found |= _most_like(Column.NAME, free, samples, _is_like_name)
    return {str(field): place for field, place in found.items()}


def _most_like(
    field: Column, places: list[int], samples: list[list[str]], looks: Callable[[str], bool]
) -> dict[Column, int]:
    """The first column whose cells look most like it, where more than half of them do."""
    place = max(places, key=lambda place: _share(samples, place, looks), default=None)
    return {field: place} if place is not None and _share(samples, place, looks) > 0.5 else {}


def _share(samples: list[list[str]], place: int, looks: Callable[[str], bool]) -> float:
    """Of the cells that hold something, how many look like it."""
    cells = [cell for row in samples if (cell := row[place].strip())]
    return sum(map(looks, cells)) / len(cells) if cells else 0


def _is_like_name(cell: str) -> bool:
    return 0 < len(cell.split()) <= 5 and not any(map(str.isdigit, cell)) and any(map(str.isalpha, cell))


def _is_like_phone(cell: str) -> bool:
    return is_dialable(cell) and not cell.strip("0123456789 +()-./")


_LOOKS: dict[Column, Callable[[str], bool]] = {
    Column.EMAIL: lambda cell: PLAIN_ADDRESS.fullmatch(cell) is not None,
    Column.PROFILE: lambda cell: "/" in cell and normalised_profile(cell) != "",
    Column.KNOWN_SINCE: lambda cell: written_date(cell) is not None,
    Column.PHONE: _is_like_phone,
}
