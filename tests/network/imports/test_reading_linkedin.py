"""LinkedIn's `Connections.csv`, as LinkedIn writes it and as Excel saves it again."""

from datetime import date

import pytest

from coachhub.network.service.imports.people import LeftOut, Person, Reason, Source
from tests.network.imports.shelf import LINKEDIN, connection, people_of, shelved

AS_WRITTEN = (
    "linkedin.csv",
    "linkedin_bom_crlf.csv",
    "linkedin_without_notes.csv",
    "linkedin_long_notes.csv",
    "linkedin.zip",
)
BY_EXCEL = ("linkedin_excel_semicolon_cp1252.csv", "linkedin_excel_tab_utf16.txt", "linkedin_excel_sep.csv")
DAN = Person(
    line=0,
    name="Dan Dorsey",
    company="Northwind, Inc.",
    title="VP, Engineering",
    email="dan@example.org",
    profile="linkedin.com/in/dan-dorsey-4b1",
    known_since=date(2025, 7, 26),
)


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_it_finds_the_header_wherever_it_stands(name: str) -> None:
    source, people, left = people_of(shelved(name), name=name)
    assert source is Source.LINKEDIN
    assert people[0]._replace(line=0) == DAN
    assert [person.name for person in people] == ["Dan Dorsey", "Zoë Müller", "ليلى حداد", "王小明", "Femi Okafor"]
    assert [item.reason for item in left] == [Reason.NO_NAME]


@pytest.mark.parametrize("name", BY_EXCEL)
def test_it_reads_what_excel_saved_again(name: str) -> None:
    _, people, left = people_of(shelved(name), name=name)
    assert people[0]._replace(line=0) == DAN
    assert people[1].name == "Zoë Müller"
    assert (people[1].title, people[1].known_since) == ("Geschäftsführerin", date(2022, 2, 7))
    assert left == []


def test_it_counts_lines_as_an_editor_does() -> None:
    _, people, left = people_of(shelved("linkedin.csv"))
    assert [person.line for person in people] == [6, 7, 8, 9, 12]
    assert [item.line for item in left] == [10]


def test_it_reads_columns_by_name_in_any_order_and_language() -> None:
    _, [greta], _ = people_of(shelved("linkedin_german.csv"))
    assert (greta.name, greta.company, greta.title) == ("Greta Grün", "Beispiel AG", "Entwicklerin")
    assert (greta.profile, greta.known_since) == ("linkedin.com/in/greta-gruen", date(2023, 3, 12))


def test_it_reads_a_header_without_all_columns() -> None:
    _, [dan], _ = people_of("Connected On,First Name,Last Name\n26 Jul 2025,Dan,Dorsey\n")
    assert dan == Person(2, "Dan Dorsey", known_since=date(2025, 7, 26))


def test_it_leaves_an_unclear_date_empty_and_says_so() -> None:
    _, people, _ = people_of(shelved("linkedin_dates.csv"))
    assert [person.known_since is not None for person in people] == [True] * 5 + [False] * 4
    assert [person.remark for person in people] == [None] * 5 + [Reason.DATE_UNCLEAR] * 3 + [None]


def test_it_tells_the_careful_way_what_it_tells_the_quick_one() -> None:
    tidy = connection(url="https://www.linkedin.com/in/dan", company="Acme", connected_on="26 Jul 2025")
    cells = {"url": "http://linkedin.com/in/DAN/?x", "company": " Acme", "connected_on": "26-Jul-25"}
    untidy = connection(" Dan\t", "Dorsey  ", **cells)
    assert people_of(LINKEDIN + tidy)[1] == people_of(LINKEDIN + untidy)[1]


def test_it_names_somebody_twice_in_a_file_once() -> None:
    first = connection(url="https://www.linkedin.com/in/dan", email="dan@example.org")
    by_profile = connection("Daniel", url="https://de.linkedin.com/in/Dan/?trk=x")
    by_email = connection("D", email="DAN@example.org")
    other = connection("Dana", url="https://www.linkedin.com/in/dana", email="dan@example.org")
    _, people, left = people_of(LINKEDIN + first + by_profile + by_email + other)
    assert [person.name for person in people] == ["Dan Dorsey", "Dana Dorsey"]
    assert left == [
        LeftOut(3, Reason.SAME_PERSON, "Daniel Dorsey", 2),
        LeftOut(4, Reason.SAME_PERSON, "D Dorsey, dan@example.org", 2),
    ]


def test_it_passes_over_blank_lines_and_reports_hidden_members() -> None:
    hidden = connection("", "", url="https://www.linkedin.com/in/x", connected_on="12 Apr 2018")
    _, people, left = people_of(LINKEDIN + "\n,,,,,,\n  ,,\n" + hidden + connection())
    assert [person.line for person in people] == [6]
    assert left == [LeftOut(5, Reason.NO_NAME, "https://www.linkedin.com/in/x, 12 Apr 2018")]


@pytest.mark.parametrize("first", ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+2|x!A1", "-2+3"])
def test_it_leaves_out_a_name_that_a_spreadsheet_would_execute(first: str) -> None:
    _, [ana], [left] = people_of(LINKEDIN + connection(f'"{first}"') + connection("Ana"))
    assert (ana.name, left.reason) == ("Ana Dorsey", Reason.FORMULA)


def test_it_keeps_a_formula_in_another_cell_as_text() -> None:
    _, [dan], _ = people_of(LINKEDIN + connection(company='"=HYPERLINK(""http://x"")"'))
    assert dan.company == '=HYPERLINK("http://x")'


@pytest.mark.parametrize("name", ["- Dan", "@dan", "(Dan)", "’t Hooft"])
def test_it_takes_a_name_that_is_only_odd(name: str) -> None:
    assert people_of(LINKEDIN + connection(name))[1][0].name == f"{name} Dorsey"


def test_it_says_what_of_a_line_was_not_clear() -> None:
    unclear, long = connection(email="dan at example.org"), connection(company="x" * 121)
    _, people, _ = people_of(LINKEDIN + unclear + long + connection(email="Dan <D@x.org>"))
    assert [person.remark for person in people] == [Reason.ADDRESS_UNCLEAR, Reason.SHORTENED, None]
    assert [person.email for person in people] == ["", "", "d@x.org"]
    assert len(people[1].company) == 120


def test_it_leaves_out_a_name_too_long_and_takes_a_line_too_short() -> None:
    _, people, left = people_of(LINKEDIN + connection("x" * 121) + "Ana,Short\n" + connection("Eve") + ",,\n")
    assert [person.name for person in people] == ["Ana Short", "Eve Dorsey"]
    assert [item.reason for item in left] == [Reason.NAME_TOO_LONG]


def test_it_leaves_out_a_line_whose_cells_are_one_too_many() -> None:
    _, _, [left] = people_of(LINKEDIN + "Dan,Dorsey,,,Acme, Inc,CEO,26 Jul 2025\n" + connection("Eve"))
    assert (left.line, left.reason) == (2, Reason.ODD_CELLS)
    assert left.text.startswith("Dan, Dorsey, Acme, Inc, CEO")


def test_it_writes_names_without_marks_that_turn_them_round() -> None:
    _, [dan], _ = people_of(LINKEDIN + connection("Da\u202en\u0007", "Cafe\u0301  Dorsey\u2069"))
    assert dan.name == "Dan Café Dorsey"


def test_it_keeps_letters_of_every_script_as_they_are() -> None:
    names = (("می\u200cخواهم", "حداد"), ("민수", "김"), ("D", "नमस्ते"))
    _, people, _ = people_of(LINKEDIN + "".join(connection(*name) for name in names))
    assert [person.name for person in people] == ["می\u200cخواهم حداد", "김민수", "D नमस्ते"]


def test_it_reads_a_long_file_as_a_stream() -> None:
    lines = (connection(f"No{number}", url=f"https://www.linkedin.com/in/p{number}") for number in range(30_000))
    source, people, left = people_of(LINKEDIN + "".join(lines))
    assert (source, len(people), left) == (Source.LINKEDIN, 30_000, [])
    assert people[-1].line == 30_001
