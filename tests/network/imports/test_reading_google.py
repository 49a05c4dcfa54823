"""Google's contacts, with the headers of before and since 2023."""

import pytest

from coachhub.network.service.imports.people import Person, Reason, Source
from tests.network.imports.shelf import people_of, shelved

DAN = Person(
    line=2,
    name="Dan Dorsey",
    company="Northwind",
    title="Engineer",
    email="dan@example.org",
    phone="+44 7700 900123",
    city="Leeds",
    profile="linkedin.com/in/dan-dorsey",
    notes="Met in Leeds.\nLikes tea.",
)


@pytest.mark.parametrize("name", ["google_old.csv", "google_new.csv"])
def test_it_reads_both_headers_by_name(name: str) -> None:
    source, people, _ = people_of(shelved(name))
    assert source is Source.GOOGLE
    assert people[0] == DAN
    assert (people[1].line, people[1].name, people[1].email) == (5, "Zoë Maria Müller", "zoe@example.org")


def test_it_prefers_the_starred_address_and_takes_the_first_of_several() -> None:
    header = "Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n"
    _, [dan, eve], _ = people_of(
        f"{header}Dan,* myContacts,Work,a@x.org,* Home,b@x.org ::: c@x.org\nEve,* myContacts,,nonsense ::: e@x.org,,\n"
    )
    assert (dan.email, eve.email) == ("b@x.org", "e@x.org")


def test_it_marks_whom_google_collected_by_itself() -> None:
    _, people, left = people_of(shelved("google_new.csv"))
    assert [(person.name, person.is_other) for person in people] == [
        ("Dan Dorsey", False),
        ("Zoë Maria Müller", False),
        ("Eve Ng", True),
        ("Mo", True),
    ]
    assert [(item.reason, item.text) for item in left] == [(Reason.NO_NAME, "nobody@example.net")]


def test_it_marks_nobody_where_labels_are_used_nowhere() -> None:
    _, [dan], _ = people_of("First Name,Labels,E-mail 1 - Value\nDan,,dan@example.org\n")
    assert not dan.is_other


def test_it_takes_no_address_for_a_name() -> None:
    _, _, left = people_of(shelved("google_old.csv"))
    assert [(item.line, item.reason) for item in left] == [(6, Reason.NO_NAME)]


def test_it_takes_no_company_page_for_a_profile() -> None:
    _, [dan], _ = people_of("Name,Labels,Website 1 - Value\nDan,* myContacts,https://www.northwind.example/team\n")
    assert dan.profile == ""
