"""What reading a file gives: people, lines left out, and what may be wrong with the whole of it.

`Person` and `LeftOut` are named tuples: thirty thousand of them are made at a time, and a frozen dataclass costs four
times as much to make.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

LARGEST_FILE = 20 * 1024 * 1024  # bytes, also of what comes out of a zip
MOST_ROWS = 30_000
LONGEST_LINE = 100_000  # characters
MOST_LINES = 1_000_000  # blank ones and those of notes and pictures counted in

LONGEST_NAME, LONGEST_PHONE, LONGEST_NOTES = 120, 40, 4000  # characters, as forms take them
LONGEST_QUOTE = 200  # of a line that is left out


class Source(StrEnum):
    """What wrote a file."""

    LINKEDIN = "linkedin"
    GOOGLE = "google"
    OUTLOOK = "outlook"
    VCARD = "vcard"
    CSV = "csv"


class Column(StrEnum):
    """What a column of a table may hold. A table needs a name: whole, or first, last or both."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    COMPANY = "company"
    TITLE = "title"
    EMAIL = "email"
    PHONE = "phone"
    CITY = "city"
    PROFILE = "profile"
    KNOWN_SINCE = "known_since"
    NOTES = "notes"


class Reason(StrEnum):
    """Why a line was left out; from `DATE_UNCLEAR` on: what was left out of a person who is taken."""

    NO_NAME = "no_name"
    FORMULA = "formula"
    NAME_TOO_LONG = "name_too_long"
    SAME_PERSON = "same_person"
    ODD_CELLS = "odd_cells"
    BAD_CARD = "bad_card"
    CARD_TOO_LONG = "card_too_long"
    CARD_NOT_ENDED = "card_not_ended"
    DATE_UNCLEAR = "date_unclear"
    ADDRESS_UNCLEAR = "address_unclear"
    SHORTENED = "shortened"
    PARTLY_READ = "partly_read"


class Problem(StrEnum):
    """Why a whole file is refused."""

    EMPTY = "empty"
    NO_PEOPLE = "no_people"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    LINE_TOO_LONG = "line_too_long"
    QUOTE_NOT_ENDED = "quote_not_ended"
    ZIP_BOMB = "zip_bomb"
    ZIP_WITHOUT_PEOPLE = "zip_without_people"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105  # a problem, no secret
    SPREADSHEET = "spreadsheet"
    PDF = "pdf"
    PICTURE = "picture"
    WEB_PAGE = "web_page"
    JSON = "json"
    WRONG_TYPE = "wrong_type"
    LETTERS_UNCLEAR = "letters_unclear"
    NOT_A_TABLE = "not_a_table"


class Person(NamedTuple):
    """One person of a file. `line` counts from 1; texts are on one line and of the lengths that forms take.

    `profile` is normalised and without scheme; `known_since` is a local day, as the file says it; `is_other` is for
    people whom Google collected by itself; `remark` says what of the line was not clear.
    """

    line: int
    name: str
    company: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    city: str = ""
    profile: str = ""
    known_since: date | None = None
    notes: str = ""
    is_other: bool = False
    remark: Reason | None = None


class LeftOut(NamedTuple):
    """A line that is not taken, with at most 200 characters of what stood there.

    `earlier` is the line at which the same person stood before, 0 for other reasons.
    """

    line: int
    reason: Reason
    text: str
    earlier: int = 0


class Unreadable(Exception):
    """The whole file is refused. `expected` names the source whose shape it nearly has, "" where it has none."""

    def __init__(self, problem: Problem, expected: str = "") -> None:
        super().__init__(problem, expected)
        self.problem, self.expected = problem, expected


class ColumnsNeeded(Exception):
    """A table, but nobody knows which column holds what: ask, and read again with the answer.

    `header` names the columns ("" where the first line is already a person); `samples` are up to five lines; `guess`
    maps each `Column` that could be told to its place, counted from 0.
    """

    def __init__(self, header: tuple[str, ...], samples: tuple[tuple[str, ...], ...], guess: Mapping[str, int]) -> None:
        super().__init__(header)
        self.header, self.samples, self.guess = header, samples, guess


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is being read. Going through `items` may still raise `Unreadable`.

    `done` answers how many bytes of the file are read so far, for a progress bar.
    """

    source: Source
    items: Iterator[Person | LeftOut]
    done: Callable[[], int]
