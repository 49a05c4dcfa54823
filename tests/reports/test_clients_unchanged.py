"""The list of clients asked for again: as long as nothing has changed, hardly anything is asked and nothing is sent."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachhub.platform import unchanged
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_coach
from tests.habits.facts import MARCH, give_habit
from tests.statements import asked

MOST_STATEMENTS = 3


class Again:
    """A browser that keeps the list and asks for it again."""

    def __init__(self, browser: FlaskClient, address: str = "/clients") -> None:
        self.browser, self.address = browser, address
        browser.get(address)  # the first page makes the session that its forms need
        self.kept = browser.get(address)

    def asks(self, browser: FlaskClient | None = None, address: str | None = None, **more: str) -> TestResponse:
        headers = {"If-None-Match": self.kept.headers["ETag"], **more}
        return (browser or self.browser).get(address or self.address, headers=headers)


@pytest.fixture(params=["asked once", "asked before"])
def again(cast: Cast, request: pytest.FixtureRequest) -> Again:
    """Whoever has asked before is answered the short way."""
    again = Again(cast.browser(cast.ana))
    if request.param == "asked before":
        assert again.asks().status_code == 304
    return again


def test_it_says_in_few_statements_that_nothing_has_changed(cast: Cast, again: Again) -> None:
    with asked(cast.app) as statements:
        answer = again.asks()
    assert (answer.status_code, answer.data, len(statements) <= MOST_STATEMENTS) == (304, b"", True)
    assert answer.headers["ETag"] == again.kept.headers["ETag"]


def test_it_reads_the_list_with_its_version_in_one_statement(cast: Cast, again: Again) -> None:
    with asked(cast.app) as statements:
        answer = again.browser.get("/clients")
    assert answer.headers["ETag"] == again.kept.headers["ETag"]
    assert len(statements) == 1  # it finds out who asks, too


def test_it_gives_a_list_whose_standings_it_has_just_made_its_version(
    cast: Cast, again: Again, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=1))
    again.kept = again.browser.get("/clients")
    assert again.asks().status_code == 304


def test_it_lets_only_this_browser_keep_the_list_and_asks_it_to_ask(again: Again) -> None:
    for answer in (again.kept, again.asks()):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Cookie" in answer.headers["Vary"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


CHANGES: dict[str, Callable[[Cast], object]] = {
    "a client more": lambda cast: a_client(cast.app, cast.ana, "Emil Zola", "emil@example.com"),
    "a coach more": lambda cast: a_coach(cast.app, cast.ana, "Cora Cruz", "cora@example.com"),
    "a habit given": lambda cast: give_habit(cast, MARCH),
    "a filter kept": lambda cast: cast.browser(cast.ana).post(
        "/clients/filters", data={"name": "x", "status": "paused"}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_makes_the_list_anew_after_a_change(cast: Cast, again: Again, change: Callable[[Cast], object]) -> None:
    change(cast)
    assert again.asks().status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "update clients set name = 'Benno Berger'",
        "update users set name = 'Anna Alvarez' where name = 'Ana Alvarez'",
        "update practices set name = 'Another name'",
        "update habits set name = 'Another habit'",
        "update memberships set role = 'coach' where role = 'owner'",
        "delete from clients",
    ],
)
def test_it_makes_the_list_anew_whoever_changes_what(cast: Cast, admin: psycopg.Connection, statement: str) -> None:
    give_habit(cast, MARCH)  # a practice has no habit of its own before somebody is given one
    again = Again(cast.browser(cast.ana))
    assert again.asks().status_code == 304
    admin.execute(statement)  # type: ignore[arg-type]  # (our own)
    admin.commit()
    assert again.asks().status_code == 200


def test_it_makes_the_list_anew_on_the_next_day(again: Again, clock: FixedClock) -> None:
    clock.advance(timedelta(days=1))
    assert again.asks().status_code == 200


def test_it_tells_nobody_else_that_their_list_is_this_one(cast: Cast, again: Again) -> None:
    other = a_coach(cast.app, cast.ana, "Cora Cruz", "cora@example.com")
    for person in (other, cast.cleo, cast.ana):  # Ana in another browser has forms of her own
        assert again.asks(cast.browser(person)).status_code == 200


def test_it_asks_whoever_is_signed_out_to_sign_in(cast: Cast, again: Again) -> None:
    page = again.kept.text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = again.browser.post("/sign-out", data={"csrf_token": token})
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert again.asks().location.startswith("/sign-in")


def test_it_makes_another_address_and_another_language_anew(again: Again, admin: psycopg.Connection) -> None:
    assert again.asks(address="/clients?sort=-name").status_code == 200
    assert again.asks(**{"HX-Request": "true"}).status_code == 200
    admin.execute("update users set locale = 'de_DE' where name = 'Ana Alvarez'")
    admin.commit()
    assert again.asks().status_code == 200


def test_it_keeps_no_list_with_words_that_are_said_once(cast: Cast, again: Again) -> None:
    with again.browser.session_transaction() as session:
        session["_flashes"] = [("message", "Saved.")]
    answer = again.asks()
    assert (answer.status_code, "ETag" in answer.headers, answer.headers["Cache-Control"]) == (200, False, "no-store")
    assert again.asks().status_code == 304


def test_it_keeps_no_list_of_an_earlier_version(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    again = Again(cast.browser(cast.ana))
    monkeypatch.setattr(unchanged, "_code", lambda: "another")
    assert again.asks().status_code == 200


def test_it_takes_the_forms_of_a_list_that_was_kept(cast: Cast, again: Again, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast.app.config, "WTF_CSRF_ENABLED", True)
    kept = Again(cast.browser(cast.ana))
    assert kept.asks().status_code == 304
    token = kept.kept.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = kept.browser.post("/clients/filters", data={"name": "x", "status": "paused", "csrf_token": token})
    assert answer.status_code == 303


def test_it_says_so_of_friends_too(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    friends = Again(cast.browser(cast.ben), "/friends")
    with asked(cast.app) as statements:
        assert friends.asks().status_code == 304
    assert len(statements) <= MOST_STATEMENTS
    admin.execute("update friends set name = 'Daniel Dorsey'")
    admin.commit()
    friends.kept = friends.asks()
    assert friends.kept.status_code == 200
    assert friends.asks().status_code == 304
    clock.advance(timedelta(days=1))
    assert friends.asks().status_code == 200
