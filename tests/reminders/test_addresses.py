"""Addresses that are not written to: shown to the coach, and written to again with care."""

import psycopg
import pytest
from flask import Flask

from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.service.suppressions import (
    Suppressed,
    lift_suppression,
    suppressed_among,
    suppressions_of,
)
from tests.cast import Cast
from tests.conftest import NOW
from tests.habits.facts import acting
from tests.reminders.rows import suppress

BEN = "ben@example.com"
AGAIN = "/settings/outbox/addresses/again"


def test_it_knows_an_address_in_any_writing(cast: Cast) -> None:
    suppress(cast, BEN, "bounced")
    with acting(cast, cast.ana):
        found = suppressions_of(["Ben@Example.com", BEN, "dan@example.net"])
        assert found == {BEN: Suppressed(BEN, "bounced", "550 no such user", NOW)}
        assert suppressed_among([BEN]) == {BEN: "address bounced"}
        assert suppressions_of([]) == {}


def test_it_writes_again_after_a_bounce(cast: Cast, admin: psycopg.Connection) -> None:
    suppress(cast, BEN, "bounced")
    with acting(cast, cast.ana):
        lift_suppression(BEN, cast.ana.user_id)
        assert suppressions_of([BEN]) == {}
    assert admin.execute("select lifted_at, lifted_by from suppressions").fetchone() == (NOW, cast.ana.user_id)
    assert admin.execute("select action from audit_entries").fetchall() == [("suppression_lifted",)]


def test_it_writes_again_after_a_complaint_only_where_it_is_confirmed(cast: Cast) -> None:
    suppress(cast, BEN, "complained")
    with acting(cast, cast.ana):
        with pytest.raises(Refused):
            lift_suppression(BEN, cast.ana.user_id)
        assert lift_suppression(BEN, cast.ana.user_id, is_sure=True)
        assert not lift_suppression(BEN, cast.ana.user_id, is_sure=True)


def test_it_keeps_to_its_practice(cast: Cast, worker_app: Flask) -> None:
    suppress(cast, BEN, "bounced")
    with worker_app.app_context(), as_practice(cast.cleo.practice_id):
        assert suppressions_of([BEN]) == {}
        assert not lift_suppression(BEN, cast.cleo.user_id, is_sure=True)


def test_it_shows_them_on_the_clients_page_and_in_the_outbox(cast: Cast) -> None:
    ana, said = cast.browser(cast.ana), "Mail to ben@example.com bounced on Thursday 5 March. Nothing is sent."
    suppress(cast, BEN, "bounced")
    for address in (f"/clients/{cast.ben.client_id}", "/settings/outbox/addresses", f"{AGAIN}?address={BEN}"):
        text = ana.get(address).text
        assert said in text
        assert "550 no such user" in text
    assert "Nothing is sent to 1 address." in ana.get("/settings/outbox").text
    assert BEN not in cast.browser(cast.cleo).get("/settings/outbox/addresses").text


def test_it_lifts_a_bounce_by_one_click_and_a_second_changes_nothing(cast: Cast, admin: psycopg.Connection) -> None:
    suppress(cast, BEN, "bounced")
    ana = cast.browser(cast.ana)
    texts = [ana.post(AGAIN, data={"address": BEN}, follow_redirects=True).text for _ in range(2)]
    assert "From now on ben@example.com gets mail again." in texts[0]
    assert "This address is written to already." in texts[1]
    assert admin.execute("select count(*) from audit_entries").fetchone() == (1,)
    assert "bounced" not in ana.get(f"/clients/{cast.ben.client_id}").text


def test_it_asks_for_a_tick_after_a_complaint(cast: Cast) -> None:
    suppress(cast, BEN, "complained")
    ana = cast.browser(cast.ana)
    refused = ana.post(AGAIN, data={"address": BEN})
    assert refused.status_code == 422
    assert "Write again only if they have told you that they want it." in refused.text
    back = {"next": f"/clients/{cast.ben.client_id}", "confirmed": "y"}
    assert ana.post(AGAIN, data={"address": BEN, **back}).location == back["next"]


def test_it_leads_from_an_address_that_gets_mail_to_the_list(cast: Cast) -> None:
    suppress(cast, BEN, "bounced")
    for person, address in ((cast.ana, "eva@example.com"), (cast.cleo, BEN)):
        answer = cast.browser(person).get(f"{AGAIN}?address={address}")
        assert answer.location == "/settings/outbox/addresses"
