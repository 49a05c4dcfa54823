"""Who holds a sign-in token, as the database finds it out: for whoever has it, and no longer than they may."""

from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from coachhub.accounts.service.logins import hash_of, identify, start_login
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.identity import Identity
from coachhub.platform.tenancy import Scope, as_visitor, bind, current_scope
from tests.cast import Cast
from tests.factories import Person

_BOUND = text("select current_setting('app.practice_id', true), current_setting('app.user_id', true)")
_HELD = "select (lookup.holder(%s, %s)).*"
_SAID_BEFORE = (
    "select login_id, last_seen_at, user_id, name, email, email_verified_at is not null, locale, time_zone, "
    "practice_id, practice_name, practice_time_zone, currency, role, practices > 1, client_id from signed_in(%s, %s)"
)
GONE = {
    "the login ended": "delete from logins",
    "it has run out": "update logins set expires_at = last_seen_at",
    "no member any more": "delete from memberships m using logins l where m.user_id = l.user_id",
}


def _token(app: Flask, person: Person) -> str:
    with app.app_context(), as_visitor():
        return start_login(person.user_id, person.practice_id)


def _identified(app: Flask, token: str) -> tuple[Identity | None, Scope, list[Any]]:
    with app.app_context(), as_visitor():
        found = identify(token)
        return found, current_scope(), [*db.session.execute(_BOUND).one()]


def _of_web(app: Flask, statement: str, token: str) -> Any:
    with app.app_context():
        now, address = clock.now(), db.engine.url.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as web:
        return web.execute(statement, [hash_of(token), now]).fetchone()  # type: ignore[arg-type]  # (our own)


def test_it_says_of_everybody_what_it_has_always_said(cast: Cast) -> None:
    for person in (cast.ana, cast.ben, cast.cleo):
        token = _token(cast.app, person)
        said = _of_web(cast.app, _HELD, token)
        assert said is not None
        assert said == _of_web(cast.app, _SAID_BEFORE, token)


def test_it_binds_the_transaction_to_the_holder(cast: Cast) -> None:
    found, scope, bound = _identified(cast.app, _token(cast.app, cast.ben))
    assert found is not None
    assert (found.client_id, found.is_elsewhere) == (cast.ben.client_id, False)
    assert scope == Scope(cast.ben.practice_id, cast.ben.user_id)
    assert bound == [str(cast.ben.practice_id), str(cast.ben.user_id)]


@pytest.mark.parametrize("gone", GONE.values(), ids=GONE)
def test_it_knows_nobody_who_may_not_come_in(cast: Cast, admin: psycopg.Connection, gone: str) -> None:
    token = _token(cast.app, cast.ana)
    admin.execute("set session_replication_role = replica")  # a member who owns things cannot be taken away
    admin.execute(gone)  # type: ignore[arg-type]  # (our own)
    admin.execute("set session_replication_role = origin")
    assert _identified(cast.app, token) == (None, Scope(), ["", ""])
    assert _of_web(cast.app, _SAID_BEFORE, token) is None


def test_it_leaves_nobody_bound_where_the_token_is_unknown(cast: Cast) -> None:
    with cast.app.app_context(), as_visitor():
        bind(cast.ana.practice_id, cast.ana.user_id)
        assert identify("unknown") is None
        assert current_scope() == Scope()
        assert [*db.session.execute(_BOUND).one()] == ["", ""]


def test_it_knows_who_belongs_to_another_practice(cast: Cast, admin: psycopg.Connection) -> None:
    admin.execute(
        "insert into memberships (practice_id, user_id, role, created_at) values (%s, %s, 'coach', now())",
        [cast.cleo.practice_id, cast.ana.user_id],
    )
    found, _, bound = _identified(cast.app, _token(cast.app, cast.ana))
    assert found is not None
    assert found.is_elsewhere
    assert bound[0] == str(cast.ana.practice_id)
