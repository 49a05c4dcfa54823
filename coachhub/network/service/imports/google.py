"""Google's contacts as CSV, with the headers of before and since 2023: by name, never by place.

Several values stand in one cell with ` ::: ` between them; a label with `* ` in front marks the address to write to.
Whom Google collected by itself carries no label: their lines are `is_other`.
"""

import re
from collections.abc import Iterator

from coachhub.network.rules.profiles import people_profile
from coachhub.network.service.imports.assembling import Assembly, Written, quoted, spoken_name
from coachhub.network.service.imports.people import LeftOut, Person, Reason
from coachhub.network.service.imports.tables import Header, Table, evened

_MARKS = re.compile(r"(?:e-mail|phone|organization|address|website) \d+ - (?:value|type|label|name|city)")
_BETWEEN = ":::"
_OTHERS, _MINE = ("other contacts", "othercontacts"), ("my contacts", "mycontacts")
_WHOLE_NAME = ("name",)
_NAME_PARTS = (("given name", "first name"), ("additional name", "middle name"), ("family name", "last name"))
_LAST_RESORT = ("nickname", "file as", "short name")


def is_google(header: Header) -> bool:
    """Whether these headings are Google's: a name, and columns like `E-mail 1 - Value`."""
    is_named = bool({"given name", "first name", "name"} & set(header))
    has_labels = bool({"labels", "group membership"} & set(header))
    return is_named and (has_labels or any(_MARKS.fullmatch(word) for word in header))


def contacts(table: Table) -> Iterator[Person | LeftOut]:
    """The people of a table under Google's header."""
    header = table.headings()
    width, assembly, is_other = len(header), Assembly(), _others(table, header)
    for line, row in table.rows():
        if not evened(row, width):
            yield LeftOut(line, Reason.ODD_CELLS, quoted(row))
        elif any(map(str.strip, row)):
            cells = {word: cell for word, cell in zip(header, row, strict=True) if cell}
            yield assembly.person(_written(line, cells, is_other))


def _written(line: int, cells: dict[str, str], others: bool) -> Written:
    return Written(
        line,
        _name(cells),
        _first(cells, "organization name", "organization 1 - name"),
        _first(cells, "organization title", "organization 1 - title", "occupation"),
        _addresses(cells),
        [phone for number in range(1, 6) for phone in _values(cells.get(f"phone {number} - value", ""))],
        next(
            (_first(cells, f"address {number} - city") for number in (1, 2, 3) if f"address {number} - city" in cells),
            "",
        ),
        next(filter(None, map(people_profile, _websites(cells))), ""),
        notes=cells.get("notes", ""),
        is_other=others and _is_other(_first(cells, "labels", "group membership", whole=True)),
    )


def _name(cells: dict[str, str]) -> str:
    given, further, family = (_first(cells, *words) for words in _NAME_PARTS)
    parts = spoken_name(f"{given} {further}".strip(), family)
    return _first(cells, *_WHOLE_NAME) or parts or _first(cells, *_LAST_RESORT)


def _addresses(cells: dict[str, str]) -> list[str]:
    """All addresses, the starred first."""
    found = []
    for number in range(1, 10):
        label = cells.get(f"e-mail {number} - label") or cells.get(f"e-mail {number} - type", "")
        texts = _values(cells.get(f"e-mail {number} - value", ""))
        found += [(not label.startswith("*"), text) for text in texts]
    return [text for _, text in sorted(found, key=lambda starred: starred[0])]


def _websites(cells: dict[str, str]) -> list[str]:
    return [text for number in range(1, 6) for text in _values(cells.get(f"website {number} - value", ""))]


def _first(cells: dict[str, str], *words: str, whole: bool = False) -> str:
    found = next((cells[word] for word in words if word in cells), "")
    return found if whole else next(iter(_values(found)), "")


def _values(cell: str) -> list[str]:
    return [text for part in cell.split(_BETWEEN) if (text := part.strip())]


def _is_other(labels: str) -> bool:
    labels = labels.casefold()
    return not labels.strip(" *:") or (any(map(labels.count, _OTHERS)) and not any(map(labels.count, _MINE)))


def _others(table: Table, header: Header) -> bool:
    """Whether labels tell something here: a file made by another program has the column and fills it nowhere."""
    places = [place for place, word in enumerate(header) if word in ("labels", "group membership")]
    return any(len(row) > place and row[place].strip() for _, row in table.rows(most=200) for place in places)
