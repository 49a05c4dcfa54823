"""A coach opens a practice."""

import psycopg
import pytest
from flask import Flask

from coachhub.platform.jobs import Ring
from tests.accounts.mailbox import how_many
from tests.fakes import KeptQueue

ANSWERS = {"practice_name": "Zoë’s Coaching", "email": "Zoe.Zander@example.com", "password": "late bus green moon"}
GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def _empty(clean: None) -> None:
    """Nobody has signed up yet."""


def _practice(admin: psycopg.Connection) -> tuple[object, ...] | None:
    return admin.execute(
        "select slug, time_zone, currency, locale, half_life_days from practices order by created_at desc, id desc"
    ).fetchone()


def test_it_lets_a_coach_in_after_three_fields(app: Flask, admin: psycopg.Connection) -> None:
    answer = app.test_client().post("/sign-up", data=ANSWERS)
    assert (answer.status_code, answer.location) == (303, "/today")
    user = admin.execute("select email, name, email_verified_at, password_hash from users").fetchone()
    assert user is not None
    assert user[:3] == ("zoe.zander@example.com", "Zoe Zander", None)
    assert user[3].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_it_guesses_zone_currency_and_locale_from_the_browser(app: Flask, admin: psycopg.Connection) -> None:
    app.test_client().post("/sign-up", data=ANSWERS, headers=GERMAN)
    assert _practice(admin) == ("zoes-coaching", "Europe/Berlin", "EUR", "en_DE", 270)


def test_it_believes_the_zone_that_the_browser_names(app: Flask, admin: psycopg.Connection) -> None:
    app.test_client().post("/sign-up", data=ANSWERS | {"time_zone": "Asia/Calcutta"}, headers=GERMAN)
    assert _practice(admin) == ("zoes-coaching", "Asia/Kolkata", "EUR", "en_DE", 270)


def test_it_takes_no_zone_that_is_none(app: Flask, admin: psycopg.Connection) -> None:
    app.test_client().post("/sign-up", data=ANSWERS | {"time_zone": "../../etc/passwd"}, headers=GERMAN)
    assert _practice(admin) == ("zoes-coaching", "Europe/Berlin", "EUR", "en_DE", 270)


def test_it_adds_a_number_where_the_address_is_taken(app: Flask, admin: psycopg.Connection) -> None:
    app.test_client().post("/sign-up", data=ANSWERS)
    app.test_client().post("/sign-up", data=ANSWERS | {"email": "other@example.com"})
    slugs = {slug for (slug,) in admin.execute("select slug from practices")}
    assert slugs == {"zoes-coaching", "zoes-coaching-2"}


def test_it_finds_an_address_for_a_name_in_another_script(app: Flask, admin: psycopg.Connection) -> None:
    app.test_client().post("/sign-up", data=ANSWERS | {"practice_name": "正念教练"})
    practice = _practice(admin)
    assert practice is not None
    assert str(practice[0]).startswith("practice-")


def test_it_tells_the_second_click_that_there_is_an_account(app: Flask, admin: psycopg.Connection) -> None:
    assert app.test_client().post("/sign-up", data=ANSWERS).status_code == 303
    second = app.test_client().post("/sign-up", data=ANSWERS)
    assert second.status_code == 422
    assert "Sign in to your account" in second.text
    assert how_many(admin, "practices") == 1


def test_it_keeps_what_was_typed_but_never_the_password(app: Flask, clean: None) -> None:
    answer = app.test_client().post("/sign-up", data=ANSWERS | {"email": "no address"})
    assert answer.status_code == 422
    assert "no address" in answer.text
    assert ANSWERS["practice_name"] in answer.text
    assert ANSWERS["password"] not in answer.text


@pytest.mark.parametrize("password", ["too short", "password123", "aaaaaaaaaaaa", "zoes-coaching", "x" * 201])
def test_it_refuses_a_password_that_is_easily_guessed(app: Flask, password: str) -> None:
    answers = ANSWERS | {"practice_name": "Zoes Coaching", "password": password}
    assert app.test_client().post("/sign-up", data=answers).status_code == 422


def test_it_asks_for_the_confirming_mail_after_the_commit(
    app: Flask, admin: psycopg.Connection, queue: KeptQueue
) -> None:
    app.test_client().post("/sign-up", data=ANSWERS)
    proof = admin.execute("select practice_id::text, kind from email_proofs").fetchone()
    assert proof is not None
    assert proof[1] == "verify"
    assert Ring("workers.jobs.deliver_asked_for", (proof[0],), "urgent") in queue.rings


def test_it_notes_who_opened_the_practice(app: Flask, admin: psycopg.Connection) -> None:
    app.test_client().post("/sign-up", data=ANSWERS)
    noted = admin.execute("select a.action, u.email from audit_entries a join users u on u.id = a.actor_id").fetchall()
    assert noted == [("practice_opened", "zoe.zander@example.com")]
