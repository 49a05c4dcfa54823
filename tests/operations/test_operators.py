"""Who runs the installation sees how it stands; nobody else finds the page."""

import socket
from collections.abc import Iterator
from time import monotonic

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from coachhub.operations.service.operators import add_operator
from coachhub.platform import jobs
from coachhub.platform.db import db
from coachhub.platform.jobs import FailedJob
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_user
from tests.cast import Cast, make_cast
from tests.ops.conftest import Tell

PAGE = "/operations"


@pytest.fixture
def operator(cast: Cast, worker_app: Flask) -> FlaskClient:
    """Ana's browser; she runs the installation."""
    with worker_app.app_context():
        add_operator("Ana@example.com")
    return cast.browser(cast.ana)


def test_it_shows_how_the_installation_stands(operator: FlaskClient) -> None:
    page = operator.get(PAGE)
    assert page.status_code == 200
    for said in (
        "Operations",
        "Migrations",
        "Hold mail back",
        "Failed jobs",
        "Queues",
        "Bookings ahead",
        "METRICS_TOKEN",
    ):
        assert said in page.text


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a Valkey that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_it_says_what_to_do_where_valkey_is_silent_and_waits_for_it_only_once_or_twice(
    operator: FlaskClient, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with operator.application.app_context():
        told = ports().settings.model_copy(update={"redis_url": SecretStr(silent)})
        monkeypatch.setattr(ports(), "settings", told)
    monkeypatch.setattr(jobs, "_PATIENCE", 1)
    begun = monotonic()
    page = operator.get(PAGE)
    assert monotonic() - begun < 6  # not once for each check
    assert page.status_code == 200
    assert "see that Valkey runs and that REDIS_URL leads to it" in page.text
    assert "Valkey keeps them, and does not answer." in page.text
    assert "None in the last week." not in page.text
    assert "is bound by row-level security" in page.text  # what the database knows is told all the same


def test_it_shows_a_failed_job_and_what_to_do(failed: FailedJob, worker_app: Flask, operator: FlaskClient) -> None:
    page = operator.get(PAGE).text
    assert "tests.workers.trial_jobs.fail" in page
    assert "LookupError, on the queue default" in page
    assert "coachhub jobs failed lists them" in page
    operator.post(f"{PAGE}/jobs", data={"do": "forget", "job": failed.id})
    assert "tests.workers.trial_jobs.fail" not in operator.get(PAGE).text


def test_it_shows_what_pages_take_where_that_is_counted(watched: Flask, worker_app: Flask, clean: None) -> None:
    cast = make_cast(watched)
    with worker_app.app_context():
        add_operator("ana@example.com")
    browser = cast.browser(cast.ana)
    browser.get("/today")
    assert "reports.today" in browser.get(PAGE).text


def test_it_is_nowhere_for_everybody_else(cast: Cast, operator: FlaskClient) -> None:
    for person in (cast.ben, cast.cleo):
        assert cast.browser(person).get(PAGE).status_code == 404
        assert cast.browser(person).post(f"{PAGE}/hold").status_code == 404
    assert cast.browser().get(PAGE).location.startswith("/sign-in")


def test_it_leads_there_from_the_account_of_an_operator_alone(cast: Cast, operator: FlaskClient) -> None:
    assert f'href="{PAGE}"' in operator.get("/account").text
    assert f'href="{PAGE}"' not in cast.browser(cast.cleo).get("/account").text


def test_it_is_made_and_ended_on_the_command_line(cast: Cast, tell: Tell) -> None:
    assert "Nobody" in tell("operators", "list").output
    assert "may now look" in tell("operators", "add", "cleo@example.com").output
    assert "could look already" in tell("operators", "add", "cleo@example.com").output
    assert "cleo@example.com" in tell("operators", "list").output
    assert cast.browser(cast.cleo).get(PAGE).status_code == 200
    assert "may not look" in tell("operators", "remove", "cleo@example.com").output
    assert cast.browser(cast.cleo).get(PAGE).status_code == 404
    assert tell("operators", "add", "nobody@example.com").exit_code == 2


def test_it_holds_mail_back_and_lets_it_out(cast: Cast, operator: FlaskClient, admin: psycopg.Connection) -> None:
    operator.post(f"{PAGE}/hold", data={"practice": "", "kind": "new_month"})
    assert admin.execute("select practice_id, kind from mail_pauses").fetchall() == [(None, "new_month")]
    assert "Let out" in operator.get(PAGE).text
    operator.post(f"{PAGE}/let-out", data={"practice": "", "kind": "new_month"})
    assert admin.execute("select count(*) from mail_pauses").fetchone() == (0,)


def test_it_asks_again_where_there_is_no_such_practice(operator: FlaskClient) -> None:
    answer = operator.post(f"{PAGE}/hold", data={"practice": "no-such-practice", "kind": "new_month"})
    assert answer.status_code == 422
    assert "no practice at this address" in answer.text
    assert 'value="no-such-practice"' in answer.text


@pytest.mark.parametrize(
    "attempt",
    [
        "insert into mail_pauses (since) values (now())",
        "insert into operators (user_id, since) values ((select id from users limit 1), now())",
    ],
)
def test_the_database_lets_nobody_else_hold_mail_back_or_become_one(cast: Cast, attempt: str) -> None:
    with cast.app.app_context(), pytest.raises(ProgrammingError, match=r"denied|policy"), as_user(cast.cleo.user_id):
        db.session.execute(text(attempt))


def test_it_names_nobody(cast: Cast, operator: FlaskClient) -> None:
    page = operator.get(PAGE).text
    assert not [name for name in ("ben@example.com", "Ben Berger", "cleo@example.com", "Dan Dorsey") if name in page]
