"""Any other table: what is asked, what is guessed, what comes of the answer."""

from datetime import date

import pytest

from coachhub.network.service.imports.people import Person, Source
from tests.network.imports.shelf import asked_of, people_of, problem_of, shelved


def test_it_asks_which_column_is_which_and_guesses_by_headings() -> None:
    asked = asked_of(shelved("any_semicolon.csv"))
    assert asked.header == ("Nom complet", "Société", "Courriel", "Ville", "Depuis")
    assert asked.samples[0] == ("Dan Dorsey", "Northwind", "dan@example.org", "Leeds", "2015-03-01")
    assert asked.guess == {"name": 0, "company": 1, "email": 2, "city": 3, "known_since": 4}


def test_it_reads_by_the_answer() -> None:
    columns = {"name": 0, "company": 1, "email": 2, "known_since": 4}
    source, [dan, zoe], _ = people_of(shelved("any_semicolon.csv"), columns)
    assert source is Source.CSV
    assert dan == Person(4, "Dan Dorsey", "Northwind", email="dan@example.org", known_since=date(2015, 3, 1))
    assert (zoe.line, zoe.name) == (5, "Zoë Müller")


def test_it_guesses_by_looks_where_no_column_has_a_name() -> None:
    asked = asked_of(shelved("any_without_header.csv"))
    assert asked.header == ("", "", "", "")
    assert asked.guess == {"email": 0, "name": 1, "phone": 3}
    _, people, _ = people_of(shelved("any_without_header.csv"), asked.guess)
    assert [person.line for person in people] == [1, 2, 3]
    assert [person.name for person in people] == ["Dan Dorsey", "Zoë Müller", "Femi Okafor"]


def test_it_reads_a_list_of_names() -> None:
    asked = asked_of(shelved("any_names.txt"), "any_names.txt")
    assert (asked.header, asked.guess) == (("",), {"name": 0})
    _, people, _ = people_of(shelved("any_names.txt"), asked.guess, "any_names.txt")
    assert [person.name for person in people] == ["Dan Dorsey", "Zoë Müller", "ليلى حداد"]


@pytest.mark.parametrize(
    ("header", "guess"),
    [
        ("Vorname;Nachname;Firma;E-Mail", {"first_name": 0, "last_name": 1, "company": 2, "email": 3}),
        ("Prénom;Nom;Entreprise;Poste", {"first_name": 0, "last_name": 1, "company": 2, "title": 3}),
        ("Nombre;Apellidos;Empresa;Teléfono", {"first_name": 0, "last_name": 1, "company": 2, "phone": 3}),
        ("Имя;Фамилия;Компания;Город", {"first_name": 0, "last_name": 1, "company": 2, "city": 3}),
        ("姓名;公司;职位;邮箱", {"name": 0, "company": 1, "title": 2, "email": 3}),
        ("NAME;Employer;LinkedIn URL;Notes", {"name": 0, "company": 1, "profile": 2, "notes": 3}),
    ],
)
def test_it_knows_headings_in_several_languages(header: str, guess: dict[str, int]) -> None:
    assert asked_of(f"{header}\na;b;c;d\n").guess == guess


def test_it_shows_five_lines_at_most_and_no_endless_cells() -> None:
    asked = asked_of("Name,Company\n" + f"Dan,{'x' * 500}\n" * 9)
    assert (len(asked.samples), len(asked.samples[0][1])) == (5, 120)


def test_it_asks_again_where_the_answer_has_no_name() -> None:
    for columns in ({"email": 2}, {"name": 9}, {"name": -1}):
        with pytest.raises(Exception, match="Nom complet"):
            people_of(shelved("any_semicolon.csv"), columns)


def test_it_takes_a_first_and_a_last_name_from_two_columns() -> None:
    _, [dan], _ = people_of("Family,Company,Given name\nDorsey,Acme,Dan\n", {"first_name": 2, "last_name": 0})
    assert dan == Person(2, "Dan Dorsey")


def test_it_takes_the_first_line_for_a_person_where_nothing_tells() -> None:
    _, people, _ = people_of("Dan Dorsey,Acme\nAna Alves,Northwind\n", {"name": 0})
    assert [person.name for person in people] == ["Dan Dorsey", "Ana Alves"]


def test_it_takes_no_sentences_for_a_table() -> None:
    assert problem_of("Dear Ben,\nit was lovely to see you, and to talk.\nSee you\nSoon\nI hope\n") == "not_a_table"
    assert problem_of("Dan Dorsey\nZoë Müller\n", "notes.md") == "not_a_table"


def test_it_says_that_a_header_alone_is_nobody() -> None:
    assert problem_of("Name,Company,E-mail\n") == "no_people"
