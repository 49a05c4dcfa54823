"""A client's record: edited, paused, archived and brought back; and a stranger who gets nowhere."""

import psycopg
import pytest

from tests.cast import Cast
from tests.clients.conftest import AddInvited


def status(admin: psycopg.Connection, name: str = "Ben Berger") -> str:
    row = admin.execute("select status from clients where name = %s", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_it_pauses_and_goes_on(cast: Cast, admin: psycopg.Connection) -> None:
    ana, ben = cast.browser(cast.ana), cast.ben.client_id
    seen = []
    for step in ("pause", "pause", "resume", "resume"):
        assert ana.post(f"/clients/{ben}/{step}").status_code == 303
        seen.append(status(admin))
    assert seen == ["paused", "paused", "active", "active"]


@pytest.mark.parametrize("before", ["active", "paused"])
def test_it_archives_and_brings_back_as_it_was(cast: Cast, admin: psycopg.Connection, before: str) -> None:
    ana, ben = cast.browser(cast.ana), cast.ben.client_id
    admin.execute("update clients set status = %s", [before])
    for _ in range(2):
        assert ana.post("/clients/archive", data={"client_ids": ben}).status_code == 303
    assert status(admin) == "archived"
    for _ in range(2):
        assert ana.post(f"/clients/{ben}/restore").status_code == 303
    assert status(admin) == before


def test_it_refuses_to_pause_who_has_not_started(cast: Cast, add_invited: AddInvited) -> None:
    assert cast.browser(cast.ana).post(f"/clients/{add_invited()}/pause").status_code == 409


def test_it_edits_all_but_the_address_of_who_has_started(cast: Cast, admin: psycopg.Connection) -> None:
    change = {"name": "Benjamin", "email": "new@example.com", "coach_id": cast.ana.user_id, "time_zone": "Asia/Tokyo"}
    address = f"/clients/{cast.ben.client_id}/edit"
    assert cast.browser(cast.ana).post(address, data=change).location == f"/clients/{cast.ben.client_id}"
    row = admin.execute("select name, email, time_zone from clients").fetchone()
    assert row == ("Benjamin", "ben@example.com", "Asia/Tokyo")


def test_it_refuses_an_address_that_is_taken_or_none(cast: Cast, add_invited: AddInvited) -> None:
    change = {"name": "Eva", "coach_id": cast.ana.user_id, "time_zone": "Europe/London"}
    address = f"/clients/{add_invited()}/edit"
    for email in ("ben@example.com", "nonsense", ""):
        page = cast.browser(cast.ana).post(address, data={**change, "email": email})
        assert page.status_code == 422
        assert 'id="email-error"' in page.text


@pytest.mark.parametrize("step", ["edit", "pause", "resume", "restore"])
def test_it_hides_every_client_from_a_stranger(cast: Cast, step: str) -> None:
    cleo = cast.browser(cast.cleo)
    change = {"name": "Mine", "email": "b@x.com", "coach_id": cast.cleo.user_id, "time_zone": "Europe/London"}
    assert cleo.post(f"/clients/{cast.ben.client_id}/{step}", data=change).status_code == 404
    assert cleo.get(f"/clients/{cast.ben.client_id}/edit").status_code == 404


@pytest.mark.parametrize("address", ["/clients/invite", "/clients/archive"])
def test_it_takes_no_strangers_client_among_many(cast: Cast, admin: psycopg.Connection, address: str) -> None:
    assert cast.browser(cast.cleo).post(address, data={"client_ids": [cast.ben.client_id]}).status_code == 404
    assert cast.browser(cast.cleo).post(address, data={"client_ids": ["nonsense"]}).status_code == 404
    assert status(admin) == "active"


@pytest.mark.parametrize("address", ["/clients/add", "/clients/add?by=list", "/clients/links"])
def test_it_is_for_coaches_only(cast: Cast, address: str) -> None:
    assert cast.browser(cast.ben).get(address).status_code == 404
    assert cast.browser().get(address).status_code == 302


def test_it_lets_the_client_change_their_name_and_zone(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ben)
    assert browser.post("/my/settings", data={"name": "Benny", "time_zone": "Asia/Tokyo"}).status_code == 303
    rows = admin.execute(
        "select c.name, c.time_zone, u.name, u.time_zone from clients c join users u on u.id = c.user_id"
    ).fetchall()
    assert rows == [("Benny", "Asia/Tokyo", "Benny", "Asia/Tokyo")]


def test_it_keeps_what_the_client_typed_where_something_is_missing(cast: Cast) -> None:
    page = cast.browser(cast.ben).post("/my/settings", data={"name": " ", "time_zone": "Asia/Tokyo"})
    assert page.status_code == 422
    assert '<option selected value="Asia/Tokyo">' in page.text
