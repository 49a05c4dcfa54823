"""What is this file, and who reads it?"""

from collections.abc import Mapping
from typing import BinaryIO

from coachhub.network.service.imports.people import Problem, Reading, Unreadable


def read_people(file: BinaryIO, file_name: str, columns: Mapping[str, int] | None = None) -> Reading:
    """The people of a seekable file, as a stream; `columns` says which column of a table holds which field.

    Raises Unreadable, here or while the items are gone through, and ColumnsNeeded here, unless `columns` are given.
    """
    raise Unreadable(Problem.NOT_A_TABLE)
