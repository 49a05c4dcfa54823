"""The files that tests read, and short ways to read them. Everybody in them is made up."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from coachhub.network.service.imports.people import ColumnsNeeded, LeftOut, Person, Problem, Source, Unreadable
from coachhub.network.service.imports.reading import read_people

FILES = Path(__file__).parent / "files"
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"


def shelved(name: str) -> bytes:
    """The content of one of the files."""
    return (FILES / name).read_bytes()


def people_of(
    content: bytes | str, columns: Mapping[str, int] | None = None, name: str = "people.csv"
) -> tuple[Source, list[Person], list[LeftOut]]:
    """Who is in a file, and what was left out."""
    file = BytesIO(content if isinstance(content, bytes) else content.encode())
    reading = read_people(file, name, columns)
    items = list(reading.items)
    people = [item for item in items if isinstance(item, Person)]
    return reading.source, people, [item for item in items if isinstance(item, LeftOut)]


def problem_of(content: bytes | str, name: str = "people.csv") -> Problem:
    """Why a file is refused."""
    with pytest.raises(Unreadable) as refused:
        people_of(content, name=name)
    return refused.value.problem


def asked_of(content: bytes | str, name: str = "people.csv") -> ColumnsNeeded:
    """What is asked about a table."""
    with pytest.raises(ColumnsNeeded) as asked:
        people_of(content, name=name)
    return asked.value


def connection(first: str = "Dan", last: str = "Dorsey", **cells: str) -> str:
    """A line of LinkedIn's; cells named url, email, company, position and connected_on."""
    names = ("url", "email", "company", "position", "connected_on")
    return ",".join((first, last, *(cells.get(name, "") for name in names))) + "\n"
