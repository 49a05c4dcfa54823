"""Signing in by password or code, and out."""

import re
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.test import TestResponse

from coachhub.accounts.service.users import change_password
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.tenancy import as_practice
from tests.accounts.conftest import Strict
from tests.accounts.mailbox import how_many, newest_code
from tests.cast import Cast, signed_in

PASSWORD = "late bus green moon"


@pytest.fixture
def ana(cast: Cast) -> Cast:
    """The cast, with Ana having a password."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        change_password(cast.ana.user_id, PASSWORD, kept_login=None)
    return cast


def _sign_in(browser: FlaskClient, email: str, password: str, target: str | None = None) -> TestResponse:
    return browser.post("/sign-in", data={"email": email, "password": password, "next": target or ""})


def _ask_code(browser: FlaskClient, email: str) -> TestResponse:
    return browser.post("/sign-in/send-code", data={"email": email})


def _answer(browser: FlaskClient, email: str, code: str) -> TestResponse:
    return browser.post("/sign-in/code", data={"email": email, "code": code})


def test_it_signs_in_by_password(ana: Cast) -> None:
    answer = _sign_in(ana.browser(), " Ana@Example.com ", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")


def test_it_guards_the_cookie(ana: Cast) -> None:
    cookie = _sign_in(ana.browser(), "ana@example.com", PASSWORD).headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("coachhub=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=7776000"} <= set(cookie.split("; "))


def test_it_sends_the_cookie_over_tls_alone_where_there_is_tls(ana: Cast, strict: Strict) -> None:
    secure = strict("https://localhost")
    secure.config["WTF_CSRF_ENABLED"] = False
    answer = _sign_in(secure.test_client(), "ana@example.com", PASSWORD)
    cookie = next(kept for kept in answer.headers.getlist("Set-Cookie") if kept.startswith("__Host-coachhub="))
    assert "Secure" in cookie


def test_it_answers_a_wrong_password_and_an_unknown_address_alike(ana: Cast) -> None:
    wrong = _sign_in(ana.browser(), "ana@example.com", "not the password")
    unknown = _sign_in(ana.browser(), "nobody@example.com", "not the password")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert _said(wrong) == _said(unknown).replace("nobody@", "ana@")


def _said(answer: TestResponse) -> str:
    """The page without its form token."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def test_it_takes_no_empty_password_where_there_is_none(ana: Cast) -> None:
    assert _sign_in(ana.browser(), "ben@example.com", "").status_code == 422
    assert _sign_in(ana.browser(), "ben@example.com", "nobody has this password").status_code == 422


def test_it_changes_the_login_of_a_browser_that_signs_in_again(ana: Cast, admin: psycopg.Connection) -> None:
    browser = ana.browser()
    _sign_in(browser, "ana@example.com", PASSWORD)
    first = browser.get_cookie("coachhub")
    _sign_in(browser, "ana@example.com", PASSWORD)
    assert browser.get_cookie("coachhub") != first
    assert how_many(admin, "logins") == 1


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"])
def test_it_never_leads_to_another_site(ana: Cast, target: str) -> None:
    assert _sign_in(ana.browser(), "ana@example.com", PASSWORD, target).location == "/"


def test_it_leads_back_to_the_page_that_was_asked_for(ana: Cast) -> None:
    asked = ana.browser().get("/settings/team")
    assert asked.location == "/sign-in?next=%2Fsettings%2Fteam"
    assert _sign_in(ana.browser(), "ana@example.com", PASSWORD, "/settings/team").location == "/settings/team"


def test_it_signs_in_by_a_mailed_code_once(ana: Cast, admin: psycopg.Connection) -> None:
    browser = ana.browser()
    assert _ask_code(browser, "ben@example.com").location == "/sign-in/code"
    code = newest_code(ana.app, admin, "ben@example.com")
    assert _answer(browser, "ben@example.com", f" {code[:3]} {code[3:]} ").status_code == 303
    assert _answer(ana.browser(), "ben@example.com", code).status_code == 422


def test_it_takes_no_code_after_ten_minutes(ana: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    _ask_code(ana.browser(), "ben@example.com")
    clock.advance(timedelta(minutes=10))
    assert _answer(ana.browser(), "ben@example.com", newest_code(ana.app, admin, "ben@example.com")).status_code == 422


def test_it_takes_no_sixth_try(ana: Cast, admin: psycopg.Connection) -> None:
    _ask_code(ana.browser(), "ben@example.com")
    code = newest_code(ana.app, admin, "ben@example.com")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert _answer(ana.browser(), "ben@example.com", wrong).status_code == 422
    assert _answer(ana.browser(), "ben@example.com", code).status_code == 422


def test_it_takes_the_newest_code_alone(ana: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    _ask_code(ana.browser(), "ben@example.com")
    older = newest_code(ana.app, admin, "ben@example.com")
    clock.advance(timedelta(minutes=1))
    _ask_code(ana.browser(), "ben@example.com")
    assert _answer(ana.browser(), "ben@example.com", older).status_code == 422
    assert _answer(ana.browser(), "ben@example.com", newest_code(ana.app, admin, "ben@example.com")).status_code == 303


def test_it_mails_an_unknown_address_nothing_and_says_the_same(ana: Cast, admin: psycopg.Connection) -> None:
    assert _ask_code(ana.browser(), "nobody@example.com").location == "/sign-in/code"
    assert how_many(admin, "email_proofs") == 0
    assert _answer(ana.browser(), "nobody@example.com", "123456").status_code == 422


def test_it_takes_nobody_s_code_for_another_s_account(ana: Cast, admin: psycopg.Connection) -> None:
    _ask_code(ana.browser(), "ben@example.com")
    assert _answer(ana.browser(), "ana@example.com", newest_code(ana.app, admin, "ben@example.com")).status_code == 422


def test_it_signs_out(ana: Cast, admin: psycopg.Connection) -> None:
    browser = ana.browser(ana.ana)
    kept = browser.get_cookie("coachhub")
    assert browser.post("/sign-out").location == "/"
    assert how_many(admin, "logins") == 0
    assert kept is not None
    browser.set_cookie("coachhub", kept.value)
    assert browser.get("/account").location.startswith("/sign-in")


def test_it_takes_no_form_without_its_token(ana: Cast, strict: Strict) -> None:
    assert _sign_in(strict().test_client(), "ana@example.com", PASSWORD).status_code == 400


@pytest.fixture
def limited(ana: Cast, strict: Strict) -> Flask:
    """The application with its limits counted, nobody's yet."""
    made = strict()
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def test_it_slows_down_who_guesses_passwords_of_one_account(limited: Flask) -> None:
    browser = limited.test_client()
    answers = [_sign_in(browser, "ana@example.com", "not the password").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert _sign_in(browser, "cleo@example.com", "not the password").status_code == 422


def test_it_mails_one_account_five_codes_in_a_quarter_of_an_hour(limited: Flask, admin: psycopg.Connection) -> None:
    browser = limited.test_client()
    assert [_ask_code(browser, "ben@example.com").status_code for _ in range(6)] == [303] * 5 + [429]
    assert how_many(admin, "email_proofs") == 5


def test_it_mails_one_account_twenty_codes_a_day(ana: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    for _ in range(24):
        assert _ask_code(ana.browser(), "ben@example.com").status_code == 303
        clock.advance(timedelta(minutes=5))
    assert how_many(admin, "email_proofs") == 20
    clock.advance(timedelta(days=1))
    _ask_code(ana.browser(), "ben@example.com")
    assert how_many(admin, "email_proofs") == 21


def test_it_counts_by_keys_that_name_nobody(limited: Flask, settings: Settings) -> None:
    _sign_in(limited.test_client(), "ana@example.com" + "x" * 100_000, "not the password")
    with Redis.from_url(settings.redis_url.get_secret_value()) as valkey:
        keys = [key.decode() for key in valkey.scan_iter()]
    assert keys
    assert [key for key in keys if "ana" in key or len(key) > 300] == []


def test_it_slows_down_who_guesses_in_somebody_s_open_browser(limited: Flask, ana: Cast) -> None:
    browser = signed_in(limited, ana.ana)
    guesses = [
        {"email": f"{n}@example.com", "current": f"guess {n}", "password": "another one of mine"} for n in range(11)
    ]
    answers = [browser.post("/account/password", data=guess).status_code for guess in guesses]
    assert answers == [422] * 10 + [429]
