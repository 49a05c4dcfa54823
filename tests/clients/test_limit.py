"""The free plan's limit: nobody more is asked in, nothing typed is lost, and nobody who is in is turned away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from coachhub.clients.models import Client
from coachhub.clients.service.limits import places_taken
from coachhub.clients.service.visiting import client_for_visitor
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.ports import ports
from tests.booking.booked import as_nobody
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person, a_client
from tests.fakes import KeptQueue

MEI = {"name": "Mei Lin", "email": "mei@example.com", "time_zone": "Europe/London"}
WHY = "The free plan is for 3 active clients"


@pytest.fixture(autouse=True)
def _sold(cast: Cast) -> Iterator[None]:
    """A plan is on sale, so the limit applies."""
    with cast.app.app_context():
        wired, usual = ports(), ports().settings
    wired.settings = usual.model_copy(update={"stripe_price_id": "price_1"})
    yield
    wired.settings = usual


@pytest.fixture
def full(cast: Cast) -> list[Person]:
    """Ana has three active clients."""
    return [cast.ben, *(a_client(cast.app, cast.ana, f"Client {n}", f"client{n}@example.com") for n in (2, 3))]


@pytest.fixture
def browser(cast: Cast) -> FlaskClient:
    return cast.browser(cast.ana)


def names(admin: psycopg.Connection, cast: Cast) -> set[str]:
    rows = admin.execute("select name from clients where practice_id = %s", [cast.ana.practice_id]).fetchall()
    return {name for (name,) in rows}


def form_of(cast: Cast, **more: str) -> dict[str, str]:
    return {**MEI, "coach_id": str(cast.ana.user_id), "do": "mail", **more}


def taken(cast: Cast) -> int:
    with as_nobody(cast):
        return places_taken()


def grant(admin: psycopg.Connection, cast: Cast) -> None:
    admin.execute(
        "insert into practice_plans (practice_id, granted_until, changed_at) values (%s, %s, %s)",
        [cast.ana.practice_id, NOW + timedelta(days=30), NOW],
    )


def test_it_adds_clients_up_to_the_limit(cast: Cast, browser: FlaskClient) -> None:
    for n in (2, 3):
        answer = browser.post("/clients/add", data=form_of(cast, email=f"mei{n}@example.com"))
        assert answer.status_code == 303
    assert taken(cast) == 3


@pytest.mark.parametrize("do", ["mail", "link"])
def test_it_refuses_one_more_kindly_and_keeps_what_was_typed(
    cast: Cast, browser: FlaskClient, full: list[Person], admin: psycopg.Connection, queue: KeptQueue, do: str
) -> None:
    assert WHY in browser.get("/clients/add").text
    queue.rings.clear()
    answer = browser.post("/clients/add", data=form_of(cast, do=do))
    assert (answer.status_code, WHY in answer.text, "3 of 3 are taken" in answer.text) == (409, True, True)
    assert 'value="Mei Lin"' in answer.text
    assert 'value="mei@example.com"' in answer.text
    assert 'href="/settings/plan"' in answer.text
    assert "Mei Lin" not in names(admin, cast)


def test_it_refuses_a_list_as_a_whole_and_keeps_it(cast: Cast, browser: FlaskClient, admin: psycopg.Connection) -> None:
    people = {"people": "Mei Lin, mei@example.com\nOla Berg, ola@example.com\nPia Holm, pia@example.com"}
    form = {**people, "coach_id": str(cast.ana.user_id), "time_zone": "Europe/London", "do": "mail"}
    shown = browser.post("/clients/preview", data=form)
    assert (shown.status_code, WHY in shown.text) == (200, True)
    answer = browser.post("/clients/add-all", data=form)
    assert (answer.status_code, "1 of 3 are taken" in answer.text, "ola@example.com" in answer.text) == (
        409,
        True,
        True,
    )
    assert names(admin, cast) == {"Ben Berger"}
    fewer = browser.post("/clients/add-all", data={**form, "people": "Mei, mei@example.com\nOla, ola@example.com"})
    assert (fewer.status_code, taken(cast)) == (303, 3)


def test_it_refuses_to_go_on_with_a_paused_client_and_to_bring_one_back(
    cast: Cast, browser: FlaskClient, full: list[Person]
) -> None:
    """Bringing back from the archive counts."""
    ben, other = full[0].client_id, full[1].client_id
    browser.post(f"/clients/{ben}/pause")
    browser.post("/clients/archive", data={"client_ids": str(other)})
    for n in (4, 5):
        a_client(cast.app, cast.ana, f"Client {n}", f"client{n}@example.com")
    for path in (f"/clients/{ben}/resume", f"/clients/{other}/restore"):
        answer = browser.post(path)
        assert (answer.status_code, WHY in answer.text) == (409, True)
        assert "See the plan" in answer.text
    assert taken(cast) == 3


def test_it_refuses_to_invite_somebody_whose_invitation_is_over(
    cast: Cast, browser: FlaskClient, clock: FixedClock
) -> None:
    browser.post("/clients/add", data=form_of(cast))
    mei = _id_of(cast, "mei@example.com")
    clock.advance(timedelta(days=31))
    assert taken(cast) == 1
    for n in (2, 3):
        a_client(cast.app, cast.ana, f"Client {n}", f"client{n}@example.com")
    answer = cast.browser(cast.ana).post("/clients/invite", data={"client_ids": str(mei), "do": "link"})
    assert (answer.status_code, WHY in answer.text) == (409, True)


def test_it_never_refuses_who_was_invited_already(cast: Cast, browser: FlaskClient, admin: psycopg.Connection) -> None:
    """Nobody is locked out: the coach sees "4 of 3", and cannot add more."""
    grant(admin, cast)
    for n in (2, 3, 4):
        browser.post("/clients/add", data=form_of(cast, email=f"mei{n}@example.com", do="link"))
    page = browser.get("/clients/links").text
    links = {part.split('"')[0] for part in page.split('value="http://localhost')[1:]}
    assert len(links) == 3
    admin.execute("delete from practice_plans")
    for link in links:
        assert cast.browser().post(link).status_code == 303
    assert "4 of 3" in browser.get("/settings/plan").text
    assert browser.post("/clients/add", data=form_of(cast)).status_code == 409
    assert browser.get("/clients").status_code == 200


def test_it_lets_a_practice_over_its_limit_do_what_takes_no_place(
    cast: Cast, browser: FlaskClient, full: list[Person]
) -> None:
    a_client(cast.app, cast.ana, "Client 4", "client4@example.com")
    assert browser.post(f"/clients/{full[0].client_id}/pause").status_code == 303
    assert browser.post(f"/clients/{full[1].client_id}/pause").status_code == 303
    assert browser.post(f"/clients/{full[0].client_id}/resume").status_code == 303


def test_it_counts_nobody_who_booked_by_themselves(cast: Cast, full: list[Person]) -> None:
    """Booking by visitors is never blocked."""
    with as_nobody(cast):
        client_for_visitor("Vera", "vera@example.com", "Europe/London", cast.ana.user_id)
    assert taken(cast) == 3


def test_it_takes_one_of_two_that_are_added_at_once(cast: Cast, full: list[Person], admin: psycopg.Connection) -> None:
    admin.execute("update clients set status = 'paused' where id = %s", [full[0].client_id])

    def add(n: int) -> int:
        return cast.browser(cast.ana).post("/clients/add", data=form_of(cast, email=f"at{n}@example.com")).status_code

    with ThreadPoolExecutor(4) as threads:
        codes = sorted(threads.map(add, range(4)))
    assert codes == [303, 409, 409, 409]
    assert taken(cast) == 3


def test_it_sends_a_coach_to_the_owner(
    cast: Cast, browser: FlaskClient, full: list[Person], admin: psycopg.Connection
) -> None:
    admin.execute("update memberships set role = 'coach' where user_id = %s", [cast.ana.user_id])
    page = browser.get("/clients/add").text
    assert "The owner of the practice can change the plan." in page


def test_it_limits_nobody_where_no_plan_is_sold(cast: Cast, browser: FlaskClient, full: list[Person]) -> None:
    with cast.app.app_context():
        ports().settings = ports().settings.model_copy(update={"stripe_price_id": None})
    assert browser.post("/clients/add", data=form_of(cast)).status_code == 303
    page = browser.get("/settings/plan").text
    assert "has no paid plan, so no limit applies" in page
    assert "Start 14 days free" not in page
    assert browser.post("/settings/plan").status_code == 409


def _id_of(cast: Cast, email: str) -> UUID:
    with as_nobody(cast):
        return db.session.scalars(select(Client.id).where(Client.email == email)).one()
