"""Buying a package: one form, one page of payment, and the credits are there."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from coachhub.booking.models import Package
from coachhub.booking.service.profiles import practice_page
from coachhub.clients.models import Client
from coachhub.payments.models import Coupon, CreditEntry, Holding, PurchaseStatus
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from tests.booking.booked import as_nobody
from tests.conftest import NOW
from tests.factories import LONG_AGO
from tests.payments.till import Till

PERSON = {"name": "Vera Vogel", "email": "vera@example.org"}


@pytest.fixture
def address(till: Till) -> str:
    """Five hours for 400 pounds, good for half a year."""
    said = {"slug": "five", "title": "Five hours", "status": "open", "sessions": 5, "price": 40_000, "currency": "GBP"}
    when = {"valid_days": 180, "created_at": LONG_AGO, "changed_at": LONG_AGO}
    with as_nobody(till.cast):
        db.session.add(Package(practice_id=till.practice_id, id=uuid4(), offering_id=till.offering_id, **said, **when))
        return f"/p/{practice_page().slug}/packages/five"


@pytest.fixture
def browser(till: Till) -> FlaskClient:
    return till.cast.browser()


def _bought(till: Till, browser: FlaskClient, address: str) -> UUID:
    assert browser.post(address, data=PERSON).location.startswith("https://checkout.stripe.example/")
    return till.purchases()[-1].id


def test_it_says_what_is_in_it(till: Till, browser: FlaskClient, address: str) -> None:
    page = browser.get(address).text
    for words in ("Five hours", "5 sessions", "£400.00", "180 days"):
        assert words in page


def test_it_tells_other_sites_what_to_show_and_no_search_engine_of_what_is_hidden(
    till: Till, browser: FlaskClient, address: str
) -> None:
    page = browser.get(address).text
    assert f'<meta property="og:url" content="http://localhost{address}">' in page
    assert '<meta property="og:title" content="Five hours · Ana Coaching">' in page
    assert "noindex" not in page
    with as_nobody(till.cast):
        db.session.query(Package).update({"is_hidden": True})
    assert '<meta name="robots" content="noindex">' in browser.get(address).text


def test_it_gives_the_buyer_their_credits_once(till: Till, browser: FlaskClient, address: str) -> None:
    purchase_id = _bought(till, browser, address)
    till.gateway.pay(till.gateway.the_checkout())
    till.sync(purchase_id)
    till.sync(purchase_id)
    [holding], [entry] = till.rows(Holding), till.rows(CreditEntry)
    assert (holding.sessions, holding.expires_at) == (5, NOW + timedelta(days=180))
    assert (entry.kind, entry.count, entry.holding_id) == ("bought", 5, holding.id)
    [client] = [client for client in till.rows(Client) if client.email == PERSON["email"]]
    assert (holding.client_id, till.purchase(purchase_id).client_id) == (client.id, client.id)


def test_it_keeps_what_was_typed(till: Till, browser: FlaskClient, address: str) -> None:
    answer = browser.post(address, data={"name": "Vera Vogel", "email": "vera"})
    assert (answer.status_code, 'value="Vera Vogel"' in answer.text) == (422, True)
    assert till.purchases() == []


def test_it_says_what_came_of_it(till: Till, browser: FlaskClient, address: str) -> None:
    purchase_id = _bought(till, browser, address)
    asked = till.gateway.asked[-1]
    pay, paid = (url.removeprefix("http://localhost") for url in (asked.cancel_url, asked.success_url))
    assert "Not paid yet" in browser.get(pay).text
    assert browser.post(pay).location.startswith("https://checkout.stripe.example/")
    assert "we are asking how your payment stands" in browser.get(paid).text
    till.gateway.pay(till.gateway.the_checkout())
    till.sync(purchase_id)
    assert "It is yours" in browser.get(paid).text
    assert browser.get(pay).location.endswith("/paid")


def test_it_lets_go_of_a_package_that_nobody_paid(
    till: Till, browser: FlaskClient, address: str, clock: FixedClock
) -> None:
    purchase_id = _bought(till, browser, address)
    clock.advance(timedelta(hours=1))
    till.settle()
    assert till.purchase(purchase_id).status is PurchaseStatus.EXPIRED


def _form(browser: FlaskClient, address: str) -> dict[str, str]:
    found = re.search(r'name="once" type="hidden" value="([^"]+)"', browser.get(address).text)
    assert found is not None
    return PERSON | {"once": found[1]}


def test_it_makes_one_purchase_of_two_clicks(till: Till, browser: FlaskClient, address: str, clock: FixedClock) -> None:
    form = _form(browser, address)
    assert browser.post(address, data=form).location == browser.post(address, data=form).location
    assert len(till.purchases()) == 1
    till.gateway.pay(till.gateway.the_checkout())
    till.sync(till.purchases()[0].id)
    assert browser.post(address, data=form).location.endswith("/paid")
    assert browser.post(address, data=_form(browser, address)).status_code == 303  # another one is meant
    assert len(till.purchases()) == 2


@pytest.mark.parametrize("changed", [{"email": "wim@example.org"}, {"code": "SPRING"}, {}])
def test_it_makes_another_purchase_where_the_form_has_changed_or_is_too_old(
    till: Till, browser: FlaskClient, address: str, clock: FixedClock, changed: dict[str, str]
) -> None:
    with as_nobody(till.cast):
        db.session.add(Coupon(practice_id=till.practice_id, code="SPRING", percent=20, created_at=LONG_AGO))
    form = _form(browser, address)
    first = browser.post(address, data=form).location
    if not changed:
        clock.advance(timedelta(minutes=32))
    assert browser.post(address, data=form | changed).location not in (None, first)
    assert len(till.purchases()) == 2


def test_it_gives_once_what_a_code_pays_for_entirely(till: Till, browser: FlaskClient, address: str) -> None:
    said = {"code": "GIFT", "percent": 100, "most_uses": 1, "created_at": LONG_AGO}
    with as_nobody(till.cast):
        db.session.add(Coupon(practice_id=till.practice_id, **said))
    form = _form(browser, address) | {"code": "gift"}
    for _ in range(2):
        assert "It is yours" in browser.post(address, data=form, follow_redirects=True).text
    assert len(till.rows(Holding)) == 1


def test_it_sells_nothing_that_is_not_open(till: Till, browser: FlaskClient, address: str) -> None:
    with as_nobody(till.cast):
        db.session.query(Package).update({"status": "closed"})
    assert (browser.get(address).status_code, browser.post(address, data=PERSON).status_code) == (404, 404)
