"""What is this file, and who reads it?"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from coachhub.network.service.imports.columns import is_named, matched
from coachhub.network.service.imports.google import contacts as google_contacts
from coachhub.network.service.imports.google import is_google
from coachhub.network.service.imports.linkedin import connections, is_linkedin
from coachhub.network.service.imports.outlook import contacts as outlook_contacts
from coachhub.network.service.imports.outlook import is_outlook
from coachhub.network.service.imports.people import (
    LARGEST_FILE,
    MOST_ROWS,
    LeftOut,
    Person,
    Problem,
    Reading,
    Source,
    Unreadable,
)
from coachhub.network.service.imports.tables import Header, Table, first_lines, plain_table, with_header
from coachhub.network.service.imports.texts import Text, opened
from coachhub.network.service.imports.vcards import cards, is_vcard
from coachhub.network.service.imports.wrong_types import refuse_wrong_type
from coachhub.network.service.imports.zips import ZIP_BEGINNINGS, taken_out

_TABLES = (".csv", ".tsv", ".txt")
_BATCH = 500  # a generator more costs as much a row as the csv module
_Items = Iterator[Person | LeftOut]
_KNOWN: tuple[tuple[Source, Callable[[Header], bool], Callable[[Table], _Items]], ...] = (
    (Source.LINKEDIN, is_linkedin, connections),
    (Source.GOOGLE, is_google, google_contacts),
    (Source.OUTLOOK, is_outlook, outlook_contacts),
)


def read_people(file: BinaryIO, file_name: str, columns: Mapping[str, int] | None = None) -> Reading:
    """The people of a seekable file, as a stream; `columns` says which column of a table holds which field.

    Raises Unreadable, here or while the items are gone through, and ColumnsNeeded here, unless `columns` are given.
    """
    size = _size(file)
    table = taken_out(file) if _begins(file).startswith(ZIP_BEGINNINGS) else file
    inner_size = _size(table)
    refuse_wrong_type(_begins(table))
    text = opened(table)
    source, items = _read(text, file_name, columns)

    def done() -> int:
        return size * text.read // inner_size

    return Reading(source, _counted(items, source), done)


def _read(text: Text, file_name: str, columns: Mapping[str, int] | None) -> tuple[Source, _Items]:
    if is_vcard(text):
        return Source.VCARD, cards(text)
    lines = first_lines(text)
    for source, is_header, people in _KNOWN:
        if table := with_header(text, lines, is_header):
            return source, people(table)
    is_table = file_name.lower().endswith(_TABLES)
    return Source.CSV, matched(plain_table(text, lines, is_named), lines, columns, may_be_list=is_table)


def _counted(items: _Items, source: Source) -> _Items:
    """The items, unless there are too many, or nobody among them."""
    rows, has_people = 0, False
    while batch := list(islice(items, _BATCH)):
        rows += len(batch)
        if rows > MOST_ROWS:
            raise Unreadable(Problem.TOO_MANY_ROWS)
        has_people = has_people or any(isinstance(item, Person) for item in batch)
        yield from batch
    if not has_people:
        raise Unreadable(Problem.NO_PEOPLE, source)


def _size(file: BinaryIO) -> int:
    size = file.seek(0, 2)
    if not size:
        raise Unreadable(Problem.EMPTY)
    if size > LARGEST_FILE:
        raise Unreadable(Problem.TOO_LARGE)
    return size


def _begins(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(4096)
