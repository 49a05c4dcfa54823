"""Texts made to keep the server busy: composing a pile of accents takes time by the square of its height."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from coachhub.accounts.rules.passwords import AT_MOST, PasswordFault, fault_of
from coachhub.accounts.service.passwords import hash_of_password, is_password
from coachhub.clients.rules.people import MAX_NAME, read_line, tidy
from coachhub.platform.addresses import good_address
from coachhub.platform.texts import one_line
from tests.cast import Cast

PILE = "a" + "\u0301\u0327" * 40_000


@pytest.fixture(autouse=True)
def _quickly() -> Iterator[None]:
    """Each of these took ten seconds to an hour."""
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < 3


def test_it_refuses_a_pile_as_a_password() -> None:
    assert fault_of(PILE) is PasswordFault.TOO_LONG
    assert not is_password(PILE, None)
    assert not is_password(PILE, hash_of_password("late bus green moon"))


def test_it_takes_the_longest_password_however_it_is_typed() -> None:
    composed, typed = "ᾂ" * AT_MOST, "α\u0313\u0300\u0345" * AT_MOST
    assert is_password(typed, hash_of_password(composed))


def test_it_cuts_a_pile_as_a_name() -> None:
    assert len(tidy(PILE)) <= MAX_NAME
    assert len(one_line(PILE)) <= 1_200


def test_it_reads_a_word_without_an_address_once() -> None:
    assert [person.address for person in read_line(1, "a" * 400_000)] == [""]
    assert [person.address for person in read_line(1, "x" * 400_000 + ", ben@example.com")] == ["ben@example.com"]


def test_it_takes_no_pile_as_an_address() -> None:
    assert good_address(f"{PILE}@example.com") is None


@pytest.mark.parametrize(("page", "field"), [("/sign-up", "email"), ("/sign-up", "password"), ("/sign-in", "password")])
def test_it_answers_a_pile_from_anybody(app: Flask, clean: None, page: str, field: str) -> None:
    typed = {
        "practice_name": "Zoe",
        "email": "zoe@example.com",
        "password": "late bus green moon",
        field: PILE + "@x.org",
    }
    answer = app.test_client().post(page, data=typed, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_it_answers_a_pile_from_a_client(cast: Cast) -> None:
    typed = {"name": PILE, "email": f"{PILE}@x.org", "company": PILE, "kind": "colleague", "liking": "4"}
    answer = cast.browser(cast.ben).post("/friends/add", data=typed, content_type="multipart/form-data")
    assert answer.status_code == 422
