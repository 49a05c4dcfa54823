"""Links that mails carry: confirming an address, choosing a new password."""

from datetime import timedelta

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.accounts.models import ProofKind
from coachhub.platform.clock import FixedClock
from tests.accounts.mailbox import how_many, newest_code, newest_link
from tests.cast import Cast, signed_in

PASSWORD = "late bus green moon"
ANSWERS = {"practice_name": "Zoe Coaching", "email": "zoe@example.com", "password": PASSWORD}


@pytest.fixture
def zoe(cast: Cast) -> FlaskClient:
    """The browser in which somebody has just signed up as zoe@example.com."""
    browser = cast.app.test_client()
    browser.post("/sign-up", data=ANSWERS)
    return browser


def _is_verified(admin: psycopg.Connection, email: str = "zoe@example.com") -> bool:
    row = admin.execute("select email_verified_at is not null from users where email = %s", [email]).fetchone()
    assert row is not None
    return bool(row[0])


def _signs_in(cast: Cast, email: str, password: str) -> bool:
    return cast.app.test_client().post("/sign-in", data={"email": email, "password": password}).status_code == 303


def test_it_confirms_an_address_by_the_button_and_not_by_a_look(
    cast: Cast, zoe: FlaskClient, admin: psycopg.Connection
) -> None:
    link = newest_link(cast.app, admin, "zoe@example.com", ProofKind.VERIFY)
    assert zoe.get(link).status_code == 200
    assert not _is_verified(admin)
    assert zoe.post(link).status_code == 303
    assert _is_verified(admin)
    assert zoe.get("/account").status_code == 200


def test_it_confirms_by_a_link_once(cast: Cast, zoe: FlaskClient, admin: psycopg.Connection) -> None:
    link = newest_link(cast.app, admin, "zoe@example.com", ProofKind.VERIFY)
    zoe.post(link)
    assert (zoe.get(link).status_code, zoe.post(link).status_code) == (410, 410)


def test_it_ends_other_logins_when_the_address_is_first_proved(
    cast: Cast, zoe: FlaskClient, admin: psycopg.Connection
) -> None:
    link = newest_link(cast.app, admin, "zoe@example.com", ProofKind.VERIFY)
    assert cast.app.test_client().post(link, data={"password": PASSWORD}).status_code == 303
    assert zoe.get("/account").status_code == 302


def test_it_confirms_no_stranger_s_password_by_a_click(cast: Cast, zoe: FlaskClient, admin: psycopg.Connection) -> None:
    link = newest_link(cast.app, admin, "zoe@example.com", ProofKind.VERIFY)
    owner = cast.app.test_client()
    assert "The password that you chose" in owner.get(link).text
    assert [owner.post(link, data=typed).status_code for typed in ({}, {"password": "a wrong one"})] == [422, 422]
    assert not _is_verified(admin)
    assert "The password that you chose" not in zoe.get(link).text


def test_it_takes_the_password_from_who_signed_up_with_another_s_address(
    cast: Cast, zoe: FlaskClient, admin: psycopg.Connection
) -> None:
    owner = cast.app.test_client()
    owner.post("/sign-in/send-code", data={"email": "zoe@example.com"})
    code = newest_code(cast.app, admin, "zoe@example.com")
    assert owner.post("/sign-in/code", data={"email": "zoe@example.com", "code": code}).status_code == 303
    assert zoe.get("/account").status_code == 302
    assert not _signs_in(cast, "zoe@example.com", PASSWORD)


def test_it_leaves_the_password_to_the_browser_that_set_it(
    cast: Cast, zoe: FlaskClient, admin: psycopg.Connection
) -> None:
    zoe.post("/sign-out")
    zoe.post("/sign-in/send-code", data={"email": "zoe@example.com"})
    code = newest_code(cast.app, admin, "zoe@example.com")
    assert zoe.post("/sign-in/code", data={"email": "zoe@example.com", "code": code}).status_code == 303
    assert _is_verified(admin)
    assert _signs_in(cast, "zoe@example.com", PASSWORD)


def test_it_sends_the_confirming_mail_again(cast: Cast, zoe: FlaskClient, admin: psycopg.Connection) -> None:
    assert zoe.post("/send-verification").status_code == 303
    assert how_many(admin, "email_proofs") == 2


def _forget(cast: Cast, email: str) -> str:
    return cast.browser().post("/forgotten", data={"email": email}).text


def test_it_says_the_same_of_a_forgotten_password_whoever_asks(cast: Cast, admin: psycopg.Connection) -> None:
    assert _forget(cast, "ana@example.com").replace("ana@", "") == _forget(cast, "nix@example.com").replace("nix@", "")
    assert how_many(admin, "email_proofs") == 1


def test_it_sets_a_new_password_once_and_ends_other_logins(cast: Cast, admin: psycopg.Connection) -> None:
    elsewhere = signed_in(cast.app, cast.ana)
    _forget(cast, "ana@example.com")
    link = newest_link(cast.app, admin, "ana@example.com", ProofKind.RESET)
    browser = cast.browser()
    assert [browser.get(link).status_code for _ in range(2)] == [200, 200]
    assert browser.post(link, data={"password": PASSWORD}).location == "/"
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert cast.browser().post(link, data={"password": "another one of mine"}).status_code == 410
    assert _signs_in(cast, "ana@example.com", PASSWORD)


def test_it_keeps_the_link_for_a_second_try_at_a_better_password(cast: Cast, admin: psycopg.Connection) -> None:
    _forget(cast, "ana@example.com")
    link = newest_link(cast.app, admin, "ana@example.com", ProofKind.RESET)
    assert cast.browser().post(link, data={"password": "ana-coaching"}).status_code == 422
    assert cast.browser().post(link, data={"password": PASSWORD}).status_code == 303


def test_it_takes_no_reset_link_after_an_hour(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    _forget(cast, "ana@example.com")
    clock.advance(timedelta(hours=1))
    link = newest_link(cast.app, admin, "ana@example.com", ProofKind.RESET)
    assert cast.browser().get(link).status_code == 410
    assert cast.browser().post(link, data={"password": PASSWORD}).status_code == 410


def test_it_takes_no_link_that_was_made_for_something_else(
    cast: Cast, zoe: FlaskClient, admin: psycopg.Connection
) -> None:
    token = newest_link(cast.app, admin, "zoe@example.com", ProofKind.VERIFY).rpartition("/")[2]
    assert zoe.post(f"/reset/{token}", data={"password": "another one of mine"}).status_code == 410
    assert zoe.get("/verify/no-such-token").status_code == 410
