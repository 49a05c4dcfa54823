"""What a page reads is asked for together with who asks: bound to them, and for nobody whom the guard refuses."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from coachhub.accounts.service.logins import identify_along, start_login
from coachhub.app import create_app
from coachhub.platform import statements
from coachhub.platform.along import Along, taken_along
from coachhub.platform.at_once import ask_at_once
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.guards import for_owner, reads_along
from coachhub.platform.identity import Identity, Role
from coachhub.platform.tenancy import Scope, as_visitor, current_scope
from tests.cast import Cast, signed_in
from tests.factories import Person
from tests.statements import asked

_NAMES = "(select string_agg(c.name, ',') from clients c where c.practice_id = %(practice)s or %(practice)s is null)"
_EVERYBODY = Along(_NAMES, {"practice": None})
_BOUND = text("select current_setting('app.practice_id', true), current_setting('app.user_id', true)")


@reads_along(lambda: _EVERYBODY)
@for_owner
def _names() -> str:
    return str(taken_along(_NAMES))


@reads_along(lambda: _EVERYBODY)
@for_owner
def _more() -> list[str]:
    return [*db.session.execute(_BOUND).one()]


@reads_along(lambda: None)
@for_owner
def _nothing() -> str:
    return str(taken_along(_NAMES))


@pytest.fixture
def web(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    for view in (_names, _more, _nothing):
        made.add_url_rule(f"/{view.__name__}", view.__name__, view)
    yield made
    with made.app_context():
        db.engine.dispose()


def _identified(app: Flask, person: Person, along: Along, *roles: Role) -> tuple[Identity | None, Any]:
    with app.app_context():
        with as_visitor():
            token = start_login(person.user_id, person.practice_id)
        with as_visitor():
            return identify_along(token, along, frozenset(roles))


def test_it_reads_and_finds_out_who_asks_in_one_statement(cast: Cast, web: Flask) -> None:
    browser = signed_in(web, cast.ana)
    with asked(web) as sent:
        assert browser.get("/_names").text == "Ben Berger"
    assert len(sent) == 1


def test_it_counts_what_it_has_sent(cast: Cast, web: Flask) -> None:
    with web.app_context(), statements.counted() as tally:
        assert ask_at_once("select %(n)s::int", {"n": 1}) == (1,)
    assert [each.text for each in tally.statements] == ["select %(n)s::int"]


def test_it_asks_what_comes_after_it_bound_to_the_same_person(cast: Cast, web: Flask) -> None:
    told = signed_in(web, cast.ana).get("/_more").json
    assert told == [str(cast.ana.practice_id), str(cast.ana.user_id)]


def test_it_leaves_nobody_bound_on_the_connection(cast: Cast, web: Flask) -> None:
    with web.app_context():
        _identified(web, cast.ana, _EVERYBODY)
        with as_visitor():
            assert tuple(db.session.execute(_BOUND).one()) == ("", "")
        assert ask_at_once(_BOUND.text, {}) == ("", "")


def test_it_holds_the_scope_of_who_was_found(cast: Cast, web: Flask) -> None:
    with web.app_context():
        with as_visitor():
            token = start_login(cast.ana.user_id, cast.ana.practice_id)
        with as_visitor():
            identify_along(token, _EVERYBODY, frozenset())
            assert current_scope() == Scope(cast.ana.practice_id, cast.ana.user_id)
            identify_along("unknown", _EVERYBODY, frozenset())
            assert current_scope() == Scope()


def test_it_reads_nothing_of_another_practice(cast: Cast, web: Flask) -> None:
    theirs = Along(_NAMES, {"practice": cast.ana.practice_id})
    assert _identified(web, cast.ana, theirs)[1] == "Ben Berger"
    person, names = _identified(web, cast.cleo, theirs)
    assert (person is not None, names) == (True, None)


def test_it_reads_nothing_for_another_role(cast: Cast, web: Flask) -> None:
    person, names = _identified(web, cast.ben, _EVERYBODY, Role.OWNER, Role.COACH)
    assert (person is not None, names) == (True, None)
    assert signed_in(web, cast.ben).get("/_names").status_code == 404


@pytest.mark.parametrize("page", ["/clients", "/today"])
def test_it_refuses_as_ever(cast: Cast, admin: psycopg.Connection, page: str) -> None:
    assert signed_in(cast.app, cast.ben).get(page).status_code == 404
    assert signed_in(cast.app, None).get(page).location.startswith("/sign-in")
    stranger = signed_in(cast.app, None)
    stranger.set_cookie(cast.app.config["SIGN_IN_COOKIE"], "unknown")
    assert stranger.get(page).location.startswith("/sign-in")
    left = signed_in(cast.app, cast.ana)
    admin.execute("delete from logins")
    admin.commit()
    assert left.get(page).location.startswith("/sign-in")


def test_it_knows_nobody_whose_login_has_run_out(cast: Cast, clock: FixedClock) -> None:
    browser = signed_in(cast.app, cast.ana)
    clock.advance(timedelta(days=91))
    assert browser.get("/clients").location.startswith("/sign-in")


def test_it_shows_the_lists_of_their_own_practice_alone(cast: Cast) -> None:
    for page in ("/clients", "/clients?q=ben", "/today"):
        assert str(cast.ben.client_id) not in signed_in(cast.app, cast.cleo).get(page).text
    assert str(cast.ben.client_id) in signed_in(cast.app, cast.ana).get("/clients?q=ben").text


def test_it_asks_as_ever_where_nothing_is_to_be_read_along(cast: Cast, web: Flask) -> None:
    assert signed_in(web, cast.ana).get("/_nothing").text == "None"


def test_it_tells_of_an_error_as_sqlalchemy_does(cast: Cast, web: Flask) -> None:
    with web.app_context(), statements.counted() as tally:
        with pytest.raises(DBAPIError) as failed:
            ask_at_once("select 1 / %(n)s::int", {"n": 0})
        assert failed.value.connection_invalidated is False
        assert "{'n': 0}" not in str(failed.value)
        assert ask_at_once("select 2", {}) == (2,)
    assert tally.count == 2


def test_it_takes_another_connection_where_one_is_lost(cast: Cast, web: Flask) -> None:
    with web.app_context():
        with pytest.raises(DBAPIError) as failed:
            ask_at_once("select pg_terminate_backend(pg_backend_pid())", {})
        assert failed.value.connection_invalidated is True
        assert ask_at_once("select 2", {}) == (2,)
    assert signed_in(web, cast.ana).get("/_names").text == "Ben Berger"
