"""Outlook's contacts as CSV: of the old program and of the new one, and of Outlook on the web.

`Title` is a "Dr." there, no position; home and work have addresses and numbers of their own.
"""

from collections.abc import Iterator

from coachhub.network.rules.profiles import people_profile
from coachhub.network.service.imports.assembling import Assembly, Written, quoted, spoken_name
from coachhub.network.service.imports.people import LeftOut, Person, Reason
from coachhub.network.service.imports.tables import Header, Table, evened

_MARKS = {
    "business phone", "business street", "business city", "home phone", "home street", "mobile phone", "e-mail type",
    "e-mail display name", "e-mail 2 address", "company main phone", "given yomi", "job title", "assistant's name",
}  # fmt: skip
_NAMES = {"first name", "last name"}
_ADDRESSES = ("e-mail address", "e-mail 2 address", "e-mail 3 address")
_PHONES = ("mobile phone", "primary phone", "business phone", "home phone", "business phone 2", "other phone")
_CITIES = ("business city", "home city", "other city", "location")
_PAGES = ("web page", "personal web page", "business home page")


def is_outlook(header: Header) -> bool:
    """Whether these headings are Outlook's: names, and at least two that nobody else has."""
    words = set(header)
    return bool(words & _NAMES) and "e-mail address" in words and len(words & _MARKS) >= 2


def contacts(table: Table) -> Iterator[Person | LeftOut]:
    """The people of a table under Outlook's header."""
    header = table.headings()
    width, assembly = len(header), Assembly()
    for line, row in table.rows():
        if not evened(row, width):
            yield LeftOut(line, Reason.ODD_CELLS, quoted(row))
        elif any(map(str.strip, row)):
            cells = {word: cell for word, cell in zip(reversed(header), reversed(row), strict=True) if cell.strip()}
            yield assembly.person(_written(line, cells))


def _written(line: int, cells: dict[str, str]) -> Written:
    given = cells.get("first name", "")
    return Written(
        line,
        spoken_name(f"{given} {cells.get('middle name', '')}".strip(), cells.get("last name", "")) or _shown(cells),
        cells.get("company", ""),
        cells.get("job title", ""),
        [cells[word] for word in _ADDRESSES if word in cells],
        [cells[word] for word in _PHONES if word in cells],
        next((cells[word] for word in _CITIES if word in cells), ""),
        next(filter(None, (people_profile(cells.get(word, "")) for word in _PAGES)), ""),
        notes=cells.get("notes", ""),
    )


def _shown(cells: dict[str, str]) -> str:
    """`Dan Dorsey (dan@example.org)` names somebody; an address alone does not."""
    shown = cells.get("e-mail display name", "").partition("(")[0]
    return "" if "@" in shown else shown
