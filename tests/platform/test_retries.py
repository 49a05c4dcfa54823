"""A deadlock is the database's business and nobody's page: the request begins again."""

from collections.abc import Iterator
from contextlib import nullcontext
from io import BytesIO
from threading import Barrier, Thread
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.test import TestResponse

from coachhub.app import create_app
from coachhub.platform import retries, tenancy
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.guards import for_owner, outside
from coachhub.platform.retries import until_it_fits
from coachhub.platform.tenancy import as_visitor
from tests.cast import Cast, signed_in
from tests.factories import a_client

_TOUCH = text("update clients set name = name || '+' where id = :id")
_meet = Barrier(2, timeout=20)
_began: list[str] = []


@for_owner
def _touch_both(first: UUID, second: UUID) -> str:
    """Two rows, with somebody else meanwhile at the other one; who begins again meets nobody any more."""
    _began.append(str(first))
    db.session.execute(_TOUCH, {"id": first})
    if _began.count(str(first)) == 1:
        _meet.wait()
    db.session.execute(_TOUCH, {"id": second})
    return "done"


@pytest.fixture
def app_with_view(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    made.add_url_rule("/both/<uuid:first>/<uuid:second>", "both", _touch_both, methods=["POST"])
    _began.clear()
    yield made
    with made.app_context():
        db.engine.dispose()


def test_it_begins_a_request_again_that_a_deadlock_ended(
    cast: Cast, app_with_view: Flask, admin: psycopg.Connection
) -> None:
    zoe = a_client(cast.app, cast.ana, "Zoe", "zoe@example.com")
    answers: list[TestResponse] = []

    def post(first: UUID | None, second: UUID | None) -> None:
        answers.append(signed_in(app_with_view, cast.ana).post(f"/both/{first}/{second}"))

    ids = (cast.ben.client_id, zoe.client_id)
    threads = [Thread(target=post, args=ids), Thread(target=post, args=ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "done")] * 2
    assert len(_began) >= 3  # begun again, and where it met the other once more, once more
    names = admin.execute("select name from clients where id = any(%s) order by name", [list(ids)]).fetchall()
    assert names == [("Ben Berger++",), ("Zoe++",)]


def test_it_gives_up_after_a_few_times_and_at_once_for_other_reasons() -> None:
    tried: list[str] = []

    def fails(with_error: psycopg.Error) -> None:
        tried.append(with_error.__class__.__name__)
        raise OperationalError("select", {}, with_error)

    for error in (psycopg.errors.SerializationFailure(), psycopg.errors.AdminShutdown()):
        with pytest.raises(OperationalError):
            until_it_fits(lambda error=error: fails(error))  # type: ignore[misc]
    assert (tried.count("SerializationFailure"), tried.count("AdminShutdown")) == (5, 1)


def test_it_does_not_begin_again_with_a_file_that_was_read(cast: Cast, app_with_view: Flask) -> None:
    tried: list[str] = []

    @for_owner
    def fails() -> str:
        tried.append("once")
        raise OperationalError("select", {}, psycopg.errors.DeadlockDetected())

    app_with_view.add_url_rule("/file", "file", fails, methods=["POST"])
    sent = {"file": (BytesIO(b"name"), "people.csv")}
    assert signed_in(app_with_view, cast.ana).post("/file", data=sent).status_code == 503
    assert tried == ["once"]


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long, and nobody has waited yet."""
    monkeypatch.setattr(retries, "_PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(retries, "_outage", retries._Outage())


@pytest.mark.usefixtures("outage")
def test_it_waits_for_a_database_that_is_away_and_goes_on() -> None:
    tried: list[str] = []

    def comes_back() -> str:
        tried.append("once")
        if len(tried) < 3:
            raise OperationalError(None, None, psycopg.OperationalError("connection refused"))
        return "done"

    assert until_it_fits(comes_back) == "done"
    assert len(tried) == 3


@pytest.mark.usefixtures("outage")
def test_it_waits_once_and_lets_nobody_after_wait_again() -> None:
    tried: list[str] = []

    def stays_away() -> None:
        tried.append("once")
        raise OperationalError(None, None, psycopg.OperationalError("connection refused"))

    with pytest.raises(OperationalError):
        until_it_fits(stays_away)
    assert len(tried) > 2
    tried.clear()
    with pytest.raises(OperationalError):
        until_it_fits(stays_away)
    assert len(tried) == 1


def _end_own(admin: psycopg.Connection) -> None:
    process = db.session.scalar(text("select pg_backend_pid()"))
    admin.execute("select pg_terminate_backend(%s, 5000)", [process])


@pytest.mark.parametrize("is_outside", [False, True], ids=["inside", "outside"])
@pytest.mark.usefixtures("outage")
def test_it_begins_a_request_again_whose_connection_broke(
    cast: Cast, app_with_view: Flask, admin: psycopg.Connection, is_outside: bool
) -> None:
    tried: list[str] = []

    def view() -> str:
        tried.append("once")
        with as_visitor() if is_outside else nullcontext():
            if len(tried) == 1:
                _end_own(admin)
            db.session.execute(text("select 1"))
        return "done"

    guarded = for_owner(view)
    app_with_view.add_url_rule("/broken", "broken", outside(guarded) if is_outside else guarded, methods=["POST"])
    assert signed_in(app_with_view, cast.ana).post("/broken").text == "done"
    assert len(tried) == 2


def test_it_asks_for_patience_whatever_a_pooler_says_to_a_commit(
    cast: Cast, app_with_view: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says_something_odd(_session: object) -> None:
        error = InternalError("commit", {}, psycopg.InternalError("received 2 results from command"))
        retries.note_doubt(error)
        raise error

    app_with_view.add_url_rule("/odd", "odd", for_owner(lambda: "done"), methods=["POST"])
    person = signed_in(app_with_view, cast.ana)
    monkeypatch.setattr(tenancy, "_commit", says_something_odd)
    assert person.post("/odd").status_code == 503


@pytest.mark.usefixtures("outage")
def test_it_says_nothing_twice_that_may_be_kept_already(
    cast: Cast, app_with_view: Flask, admin: psycopg.Connection
) -> None:
    tried: list[str] = []

    @for_owner
    def ends_at_the_commit() -> str:
        tried.append("once")
        if len(tried) < 3:
            _end_own(admin)
        return "done"

    app_with_view.add_url_rule("/doubt", "doubt", ends_at_the_commit, methods=["GET", "POST"])
    answer = signed_in(app_with_view, cast.ana).post("/doubt")
    assert (answer.status_code, len(tried)) == (503, 1)
    assert signed_in(app_with_view, cast.ana).get("/doubt").status_code == 200
