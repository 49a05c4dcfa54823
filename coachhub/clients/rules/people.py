"""Reading people as others write them: one a line, a line from a mail program, or a few cells of a spreadsheet."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from coachhub.platform.texts import one_line

MAX_PEOPLE = 1_000
MAX_NAME = 120
_IN_WORD = r"[^\s,;،；，<>\"()\[\]|]"
# Looked for at the beginning of each word alone: else a long word without @ would be read once a letter.
_ADDRESS = re.compile(rf"(?<!{_IN_WORD}){_IN_WORD}+@{_IN_WORD}+")
_AROUND = " \t,;،；，<>\"'()[]|:-–"
_BETWEEN_CELLS = re.compile(r"[\t,;،；，|\"<>]+")


class Skip(StrEnum):
    """Why a person on a list is not taken."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    TWICE = "twice"
    CLIENT_ALREADY = "client_already"
    ARCHIVED_CLIENT = "archived_client"
    COACH_HERE = "coach_here"


@dataclass(frozen=True, slots=True)
class Written:
    """One person as written: the line's number from 1, the line, and the name and address in it.

    Either may be empty; nothing here says that the address is a good one.
    """

    line: int
    text: str
    name: str
    address: str


def as_lines(people: Iterable[tuple[str, str]]) -> str:
    """Names and addresses as lines that `read_line` reads back unchanged."""
    return "\n".join(f"{tidy(name)}\t{address}" for name, address in people)


def tidy(text: str) -> str:
    """A name on one line, without control characters or marks that turn other text round, cut at 120."""
    return one_line(text)[:MAX_NAME].rstrip()


def read_line(number: int, text: str) -> list[Written]:
    """The people of one line: `Name, mail`, `Name <mail>`, `mail`, cells apart by tabs, or several of them."""
    found = list(_ADDRESS.finditer(text))
    if not found:
        return [Written(number, text.strip(), _name(text), "")] if text.strip().strip(_AROUND) else []
    if len(found) == 1:
        name = _name(text[: found[0].start()]) or _name(_first_cell(text[found[0].end() :]))
        return [Written(number, text.strip(), name, _address(found[0]))]
    return list(_several(number, text, found))


def _several(number: int, text: str, found: list[re.Match[str]]) -> Iterator[Written]:
    """Several on a line, as mail programs paste them: each name stands before its address."""
    start = 0
    for match in found:
        yield Written(
            number, text[start : match.end()].strip(_AROUND), _name(text[start : match.start()]), _address(match)
        )
        start = match.end()


def _address(match: re.Match[str]) -> str:
    return match.group().strip("'.:").removeprefix("mailto:")


def _first_cell(text: str) -> str:
    """Behind an address stands the name, and behind that what else the spreadsheet knew."""
    return next((cell for cell in text.split("\t") if cell.strip(_AROUND)), "")


def _name(text: str) -> str:
    """`Berger, Ben <` and `"Berger, Ben" <` are Ben Berger; other commas only part cells."""
    cells = text.split("\t") if "\t" in text else _BETWEEN_CELLS.split(text)
    cells = [cell.strip(_AROUND) for cell in cells]
    words = [cell for cell in cells if cell]
    is_from_mail_program = text.rstrip().endswith("<") and len(words) == 2 and "\t" not in text
    return tidy(" ".join(reversed(words) if is_from_mail_program else words))
