"""Whatever somebody uploads is read, asked about or refused: nothing else happens."""

import csv
from contextlib import suppress
from io import BytesIO, StringIO

from hypothesis import given
from hypothesis import strategies as st

import tests.properties  # noqa: F401  # no time limits
from coachhub.network.rules.profiles import normalised_profile
from coachhub.network.service.imports.assembling import PLAIN_ADDRESS, tidy
from coachhub.network.service.imports.people import (
    LONGEST_NAME,
    LONGEST_NOTES,
    LONGEST_PHONE,
    LONGEST_QUOTE,
    ColumnsNeeded,
    LeftOut,
    Person,
    Reading,
    Unreadable,
)
from coachhub.network.service.imports.reading import read_people
from coachhub.platform.addresses import good_address
from coachhub.platform.csv_file import as_cell
from coachhub.platform.texts import one_line
from tests.network.imports.shelf import FILES, LINKEDIN, people_of

files = st.sampled_from(sorted(path.name for path in FILES.iterdir()))
texts = st.text(st.characters(codec="utf-8"), max_size=40)
letters = st.from_regex(r"[A-Za-zéüö王حداد'. -]{1,30}", fullmatch=True)
words = letters.map(one_line).filter(lambda word: word[:1].isalpha())


def read(content: bytes) -> None:
    """Goes through all of it, and holds it to what is promised."""
    with suppress(Unreadable):
        reading = _reading(content)
        for item in reading.items:
            is_kept(item)
        assert reading.done() == len(content)


def _reading(content: bytes) -> Reading:
    try:
        return read_people(BytesIO(content), "x.csv")
    except ColumnsNeeded as asked:
        columns = {"name": 0, "email": 1, "notes": 2, **asked.guess}
    return read_people(BytesIO(content), "x.csv", columns)


def is_kept(item: Person | LeftOut) -> None:
    """Nothing comes out that the database or a form would refuse."""
    everything = "".join(part for part in item if isinstance(part, str))
    assert "\0" not in everything
    everything.encode()  # no half letters
    assert item.line > 0
    if isinstance(item, LeftOut):
        assert len(item.text) <= LONGEST_QUOTE
    else:
        assert item.name == one_line(item.name)
        assert 0 < len(item.name) <= LONGEST_NAME
        assert max(len(item.company), len(item.title), len(item.city)) <= LONGEST_NAME
        assert len(item.phone) <= LONGEST_PHONE
        assert len(item.notes) <= LONGEST_NOTES
        assert item.email == "" or good_address(item.email) == item.email
        assert item.profile == normalised_profile(item.profile)


@given(st.binary(max_size=3_000))
def test_it_survives_any_bytes(content: bytes) -> None:
    read(content)


@given(files, st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12), st.integers(0, 30)), min_size=1, max_size=6))
def test_it_survives_any_damage(name: str, damages: list[tuple[float, bytes, int]]) -> None:
    content = (FILES / name).read_bytes()
    for where, what, cut in damages:
        place = int(where * len(content))
        content = content[:place] + what + content[place + cut :]
    read(content)


@given(st.lists(st.lists(texts, min_size=7, max_size=7), max_size=6))
def test_it_survives_any_cells_below_a_header(rows: list[list[str]]) -> None:
    written = StringIO()
    csv.writer(written).writerows(rows)
    read((LINKEDIN + written.getvalue()).encode())


@given(st.lists(st.tuples(words, words, words, words), min_size=1, max_size=8, unique_by=lambda row: row[0]))
def test_it_reads_back_what_is_written(rows: list[tuple[str, str, str, str]]) -> None:
    written = StringIO()
    csv.writer(written).writerows(
        (first, last, f"https://www.linkedin.com/in/p{number}", "", company, title, "")
        for number, (first, last, company, title) in enumerate(rows)
    )
    _, people, left = people_of(LINKEDIN + written.getvalue())
    assert left == []
    assert [(person.company, person.title) for person in people] == [(row[2], row[3]) for row in rows]


before = st.text(st.sampled_from("aB9.-_+'"), min_size=1, max_size=70)
behind = st.text(st.sampled_from("aB9.-"), min_size=1, max_size=70).map("{}.org".format)


@given(st.builds("{}@{}".format, before, behind))
def test_it_knows_a_plain_address_only_where_forms_take_it(address: str) -> None:
    if PLAIN_ADDRESS.fullmatch(address):
        assert good_address(address) == address.lower()


@given(texts)
def test_it_tidies_quickly_as_it_tidies_slowly(text: str) -> None:
    assert tidy(text) == one_line(text)


@given(st.text(st.sampled_from("=+-@\t\r\n '\"｜＝＋x1"), max_size=6))
def test_it_writes_no_cell_that_a_spreadsheet_executes(text: str) -> None:
    cell = as_cell(text)
    assert cell.endswith(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
