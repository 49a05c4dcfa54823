"""A person's own account, their practices, and the owner's settings."""

import psycopg
import pytest

from tests.accounts.mailbox import how_many
from tests.cast import Cast, signed_in
from tests.factories import a_coach

PASSWORD = "late bus green moon"
PROFILE = {"name": "Ana Bell", "time_zone": "Asia/Tokyo", "locale": "en_AU"}
SETTINGS = {"name": "Ana & Co", "time_zone": "Europe/Paris", "currency": "EUR", "half_life_days": "300"}


def test_it_saves_name_zone_and_locale(cast: Cast, admin: psycopg.Connection) -> None:
    assert cast.browser(cast.ana).post("/account", data=PROFILE).status_code == 303
    kept = admin.execute("select name, time_zone, locale from users where email = 'ana@example.com'").fetchone()
    assert kept == ("Ana Bell", "Asia/Tokyo", "en_AU")


def test_it_keeps_a_name_on_one_line(cast: Cast, admin: psycopg.Connection) -> None:
    cast.browser(cast.ana).post("/account", data=PROFILE | {"name": "Ana\r\n\r\nYour account  is closed.\u2028"})
    kept = admin.execute("select name from users where email = 'ana@example.com'").fetchone()
    assert kept == ("Ana Your account is closed.",)


@pytest.mark.parametrize("change", [{"name": " "}, {"time_zone": "Mars/Olympus"}, {"locale": "tlh"}])
def test_it_refuses_a_profile_that_makes_no_sense(cast: Cast, change: dict[str, str]) -> None:
    answer = cast.browser(cast.ana).post("/account", data=PROFILE | change)
    assert answer.status_code == 422


def test_it_shows_clients_and_coaches_their_account(cast: Cast) -> None:
    for person in (cast.ana, cast.ben):
        page = cast.browser(person).get("/account")
        assert page.status_code == 200
        assert person.email in page.text


def test_it_asks_for_the_old_password_where_there_is_one(cast: Cast) -> None:
    browser = cast.browser(cast.ana)
    assert browser.post("/account/password", data={"password": PASSWORD}).status_code == 303
    assert browser.post("/account/password", data={"password": "another one of mine"}).status_code == 422
    both = {"current": PASSWORD, "password": "another one of mine"}
    assert browser.post("/account/password", data=both).status_code == 303


def test_it_ends_other_logins_with_a_new_password(cast: Cast, admin: psycopg.Connection) -> None:
    elsewhere, here = signed_in(cast.app, cast.ana), signed_in(cast.app, cast.ana)
    here.post("/account/password", data={"password": PASSWORD})
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert admin.execute("select action from audit_entries").fetchall() == [("password_changed",)]


def test_it_signs_out_one_browser_or_all_others(cast: Cast, admin: psycopg.Connection) -> None:
    here, others = signed_in(cast.app, cast.ana), [signed_in(cast.app, cast.ana) for _ in range(3)]
    page = here.get("/account").text
    named = page.split('name="login_id" value="', 1)[1].split('"', 1)[0]
    assert here.post("/account/logins/end", data={"login_id": named}).status_code == 303
    assert how_many(admin, "logins") == 3
    here.post("/account/logins/end")
    assert how_many(admin, "logins") == 1
    assert [other.get("/account").status_code for other in others] == [302] * 3


def test_it_ends_no_login_of_somebody_else(cast: Cast, admin: psycopg.Connection) -> None:
    signed_in(cast.app, cast.ana)
    login = admin.execute("select id from logins where user_id = %s", [cast.ana.user_id]).fetchone()
    assert login is not None
    assert cast.browser(cast.cleo).post("/account/logins/end", data={"login_id": login[0]}).status_code == 404
    assert how_many(admin, "logins") == 2


def test_it_opens_another_practice_and_switches_back(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert browser.post("/practices/open", data={"practice_name": "Second Wind"}).location == "/today"
    assert "Second Wind" in browser.get("/settings").text
    back = browser.post("/practices", data={"practice_id": cast.ana.practice_id})
    assert back.location == "/today"
    assert "Ana Coaching" in browser.get("/settings").text


def test_it_enters_no_practice_of_strangers(cast: Cast) -> None:
    browser = cast.browser(cast.cleo)
    assert browser.post("/practices", data={"practice_id": cast.ana.practice_id}).status_code == 404
    assert "Ana Coaching" not in browser.get("/practices").text


def test_it_leads_each_role_to_its_first_page(cast: Cast) -> None:
    assert cast.browser(cast.ana).get("/").location == "/today"
    assert cast.browser(cast.ben).get("/").location == "/month"
    assert cast.browser().get("/").status_code == 200


def test_it_saves_the_settings_of_the_practice(cast: Cast, admin: psycopg.Connection) -> None:
    assert cast.browser(cast.ana).post("/settings", data=SETTINGS).status_code == 303
    kept = admin.execute(
        "select name, time_zone, currency, half_life_days from practices where id = %s", [cast.ana.practice_id]
    ).fetchone()
    assert kept == ("Ana & Co", "Europe/Paris", "EUR", 300)


@pytest.mark.parametrize(
    "change", [{"half_life_days": "29"}, {"half_life_days": "x"}, {"currency": "XXX"}, {"name": ""}]
)
def test_it_keeps_what_was_typed_into_refused_settings(cast: Cast, change: dict[str, str]) -> None:
    answer = cast.browser(cast.ana).post("/settings", data=SETTINGS | change)
    assert answer.status_code == 422
    assert '<option selected value="Europe/Paris">' in answer.text


def test_it_keeps_settings_to_the_owner(cast: Cast) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Ellis", "eve@example.com")
    assert cast.browser(eve).get("/settings").location == "/account"
    assert cast.browser(eve).post("/settings", data=SETTINGS).status_code == 404
    assert cast.browser(cast.ben).get("/settings").status_code == 404
