"""Reading people out of a table: a CSV file as spreadsheets save it, or cells pasted with their headings."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coachhub.clients.rules.people import MAX_PEOPLE, Written, read_line, tidy

MAX_BYTES = 2 * 1024 * 1024
_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 20
_BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_ADDRESS_HEADS = frozenset({
    "email", "emailaddress", "mail", "mailaddress", "emailadresse", "adresseemail", "courriel", "correo",
    "correoelectronico", "email1value", "primaryemail", "workemail",
})  # fmt: skip
_NAME_HEADS = frozenset({"name", "fullname", "displayname", "client", "clientname", "person", "nom", "nombre"})
_FIRST_HEADS = frozenset({"firstname", "givenname", "first", "forename", "vorname", "prenom", "prénom"})
_LAST_HEADS = frozenset({"lastname", "surname", "familyname", "last", "nachname", "apellido", "apellidos"})


class Unreadable(StrEnum):
    """Why nothing could be read."""

    EMPTY = "empty"
    NOT_TEXT = "not_text"
    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    NO_ADDRESSES = "no_addresses"


class CannotRead(ValueError):
    """The list cannot be read at all; `reason` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Columns:
    address: int
    name: int | None
    first: int | None
    last: int | None

    def name_in(self, row: Sequence[str]) -> str:
        wanted = [self.first, self.last] if self.first is not None else [self.name, self.last]
        return tidy(" ".join(row[column] for column in wanted if column is not None and column < len(row)))


def read_people(text: str) -> list[Written]:
    """The people in pasted text, in its order. Cells with a heading are read by the heading, all else by the line.

    Raises CannotRead where there is nothing, or more than 1,000.
    """
    people = _by_heading(text)
    if people is None:
        people = [person for number, line in enumerate(text.splitlines(), 1) for person in read_line(number, line)]
    return _checked(people)


def read_file(content: bytes) -> list[Written]:
    """The people in a CSV file of any delimiter, with headings or without, in UTF-8, UTF-16 or Windows' own.

    Raises CannotRead for an empty, too large, too long or binary file and for one without any address.
    """
    if len(content) > MAX_BYTES:
        raise CannotRead(Unreadable.TOO_BIG)
    people = read_people(decoded(content))
    if not any(person.address for person in people):
        raise CannotRead(Unreadable.NO_ADDRESSES)
    return people


def decoded(content: bytes) -> str:
    """The text of a file. Spreadsheets on Windows write no UTF-8 unless asked. Raises CannotRead for a binary."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content.startswith(_BINARY) or b"\0" in content:
        raise CannotRead(Unreadable.NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _checked(people: list[Written]) -> list[Written]:
    if not people:
        raise CannotRead(Unreadable.EMPTY)
    if len(people) > MAX_PEOPLE:
        raise CannotRead(Unreadable.TOO_MANY)
    return people


def _by_heading(text: str) -> list[Written] | None:
    """The rows below the heading row; None where no row of the first twenty is one."""
    lines = text.splitlines()
    delimiter = _delimiter(lines)
    try:
        rows = _rows(lines, delimiter)
    except csv.Error:
        return None
    for position, (_, row) in enumerate(rows[:_HEADER_WITHIN]):
        columns = _columns(row)
        if columns is not None:
            return [_person(number, row, columns, delimiter) for number, row in rows[position + 1 :] if any(row)]
    return None


def _rows(lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]


def _person(number: int, row: list[str], columns: _Columns, delimiter: str) -> Written:
    address = row[columns.address] if columns.address < len(row) else ""
    written = f"{delimiter} ".join(cell for cell in row if cell) if delimiter != "\t" else " ".join(filter(None, row))
    return Written(number, written, columns.name_in(row), address.removeprefix("mailto:"))


def _delimiter(lines: list[str]) -> str:
    """The delimiter that parts most of the first lines into the same number of cells; `sep=;` says it outright."""
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in tuple(_DELIMITERS):
        return lines[0][4]
    sample = [line for line in lines if line.strip()][:_HEADER_WITHIN]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(line.count(delimiter) for line in sample if delimiter in line)
        return (widths.most_common(1)[0][1], widths.most_common(1)[0][0]) if widths else (0, 0)

    return max(_DELIMITERS, key=agreement)


def _columns(row: list[str]) -> _Columns | None:
    """Which column is what, where the row is a heading row: it names a column of addresses and holds none."""
    heads = [re.sub(r"[\W_]+", "", cell.casefold()) for cell in row]
    if any("@" in cell for cell in row):
        return None

    def place(names: frozenset[str]) -> int | None:
        return next((column for column, head in enumerate(heads) if head in names), None)

    address = place(_ADDRESS_HEADS)
    if address is None:
        return None
    return _Columns(address, place(_NAME_HEADS), place(_FIRST_HEADS), place(_LAST_HEADS))
