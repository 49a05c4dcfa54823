"""Lists of people as coaches have them: lines, mail programs, spreadsheets, CSV files."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachhub.clients.rules.people import MAX_NAME, as_lines, read_line, tidy
from coachhub.clients.rules.table import MAX_BYTES, CannotRead, Unreadable, read_file, read_people

LISTS = Path(__file__).parent / "lists"


def people(text: str) -> list[tuple[str, str]]:
    return [(person.name, person.address) for person in read_people(text)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ben Berger, ben@example.com", "Ben Berger"),
        ("Ben Berger <ben@example.com>", "Ben Berger"),
        ('"Berger, Ben" <ben@example.com>', "Ben Berger"),
        ("Berger, Ben <ben@example.com>", "Ben Berger"),
        ("Ben\tBerger\tben@example.com\tLondon", "Ben Berger"),
        ("ben@example.com\tBen Berger\tLondon", "Ben Berger"),
        ("ben@example.com; Ben Berger", "Ben Berger"),
        ("Ben Berger ben@example.com", "Ben Berger"),
        ("Ben Berger, PhD\tben@example.com", "Ben Berger, PhD"),
        ("<mailto:ben@example.com>", ""),
        ("ben@example.com", ""),
    ],
)
def test_it_reads_a_line_however_it_was_written(line: str, name: str) -> None:
    assert people(line) == [(name, "ben@example.com")]


def test_it_reads_names_in_every_script() -> None:
    text = "علي حسن، ali@example.com\n王小明，wang@example.com\nΝίκη <niki@example.com>"
    assert [name for name, _ in people(text)] == ["علي حسن", "王小明", "Νίκη"]


def test_it_reads_a_line_of_many_as_mail_programs_paste_them() -> None:
    assert people("Ann Lee <ann@x.com>, Bob <bob@x.com>; c@x.com") == [
        ("Ann Lee", "ann@x.com"),
        ("Bob", "bob@x.com"),
        ("", "c@x.com"),
    ]


def test_it_keeps_the_number_of_each_line_and_passes_over_empty_ones() -> None:
    found = read_people("\n\nBen, ben@x.com\n   \nnobody\n")
    assert [(person.line, person.text, person.address) for person in found] == [
        (3, "Ben, ben@x.com", "ben@x.com"),
        (5, "nobody", ""),
    ]


def test_it_reads_cells_pasted_with_their_headings() -> None:
    text = "Vorname\tOrt\tNachname\tE-Mail\nJörg\tBonn\tGroß\tj@x.de\n"
    assert people(text) == [("Jörg Groß", "j@x.de")]


@pytest.mark.parametrize(
    "name", ["excel_german.csv", "utf16_tabs.csv", "with_preamble.csv", "no_heading.csv", "bom_quoted.csv"]
)
def test_it_reads_csv_files_as_spreadsheets_save_them(name: str) -> None:
    found = read_file((LISTS / name).read_bytes())
    assert [(person.name, person.address) for person in found] == [
        ("Jörg Groß", "joerg@example.com"),
        ("Zoë, the Younger" if name == "bom_quoted.csv" else "Zoë Young", "zoe@example.com"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unreadable.EMPTY),
        (b"\xef\xbb\xbf\r\n  \r\n", Unreadable.EMPTY),
        (b"Name,E-mail\r\n", Unreadable.EMPTY),
        (b"PK\x03\x04 an .xlsx file", Unreadable.NOT_TEXT),
        (b"%PDF-1.7", Unreadable.NOT_TEXT),
        (b"\0\1\2\3", Unreadable.NOT_TEXT),
        (b"Name,Town\r\nBen,Bonn\r\n", Unreadable.NO_ADDRESSES),
        (b"x" * (MAX_BYTES + 1), Unreadable.TOO_BIG),
        (b"".join(b"p%d@example.com\n" % n for n in range(1001)), Unreadable.TOO_MANY),
    ],
)
def test_it_says_why_a_file_cannot_be_read(content: bytes, reason: Unreadable) -> None:
    with pytest.raises(CannotRead) as refused:
        read_file(content)
    assert refused.value.reason is reason


def test_it_takes_a_thousand() -> None:
    assert len(read_people("\n".join(f"p{n}@example.com" for n in range(1000)))) == 1000


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_it_keeps_names_on_one_line_and_short(text: str) -> None:
    name = tidy(text)
    assert name == tidy(name)
    assert len(name) <= MAX_NAME
    assert name.isprintable() or "\u202e" not in name


@settings(max_examples=60)
@given(st.text(max_size=500))
def test_it_reads_anything_without_falling_over(text: str) -> None:
    try:
        found = read_people(text)
    except CannotRead:
        return
    assert all(person.name or person.address or person.text for person in found)


@settings(max_examples=60)
@given(st.lists(st.text("abcÄß 王علي'-.,", max_size=20), max_size=5))
def test_it_reads_back_the_lines_it_writes(names: list[str]) -> None:
    written = [(tidy(name).strip(" '-.,"), f"p{n}@example.com") for n, name in enumerate(names)]
    read = [person for line in as_lines(written).splitlines() for person in read_line(1, line)]
    assert [(person.name, person.address) for person in read] == written
