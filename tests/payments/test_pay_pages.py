"""What a visitor sees of paying, and that nothing but our own rows says what came of it."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.booking.models import Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.visitor_links import booking_token
from coachhub.payments.gateway import GatewayAway
from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import Ring
from tests.booking.booked import as_nobody, confirmed
from tests.fakes import KeptQueue
from tests.payments.till import Till


@pytest.fixture
def browser(till: Till) -> FlaskClient:
    return till.cast.browser()


def _link(till: Till, booking_id: UUID) -> str:
    with as_nobody(till.cast):
        return f"/b/{booking_token(booking_id)}"


def test_it_says_what_it_costs_and_until_when_it_is_held(till: Till, browser: FlaskClient) -> None:
    page = browser.get(f"{_link(till, till.hold())}/pay").text
    for words in ("£90.00", "Held for you until 12:35", "Monday 9 March, 10:00", "Cancel at least 24 hours before"):
        assert words in page
    assert till.purchases() == []


def test_it_leads_to_the_page_of_payment_once(till: Till, browser: FlaskClient) -> None:
    link = _link(till, till.hold())
    first, second = browser.post(f"{link}/pay"), browser.post(f"{link}/pay")
    assert (first.status_code, first.location) == (303, second.location)
    assert first.location.startswith("https://checkout.stripe.example/")
    assert len(till.purchases()) == 1


def test_it_believes_no_address_that_it_is_paid(till: Till, browser: FlaskClient, queue: KeptQueue) -> None:
    booking_id, purchase_id, _ = till.at_checkout()
    page = browser.get(f"{_link(till, booking_id)}/paid?session_id=cs_forged").text
    assert "we are asking how your payment stands" in page
    rung = Ring("workers.jobs.sync_purchase", (str(till.practice_id), str(purchase_id)), "urgent")
    assert rung in queue.rings
    assert 'http-equiv="refresh"' in page


def test_it_asks_once_however_often_the_page_looks(till: Till, browser: FlaskClient, queue: KeptQueue) -> None:
    booking_id, _, _ = till.at_checkout()
    queue.rings.clear()
    browser.get(f"{_link(till, booking_id)}/paid?again=1")
    assert queue.rings == []


def test_it_says_that_it_is_paid_and_confirmed(till: Till, browser: FlaskClient) -> None:
    booking_id, _ = till.paid()
    page = browser.get(f"{_link(till, booking_id)}/paid").text
    assert "You are booked: Monday 9 March, 10:00" in page
    assert "£90.00, on Thursday 5 March" in page
    assert browser.get(f"{_link(till, booking_id)}/pay").location.endswith("/paid")
    assert "£90.00, on Thursday 5 March" in browser.get(_link(till, booking_id)).text


def test_it_says_that_the_bank_is_at_work(till: Till, browser: FlaskClient) -> None:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page, slowly=True)
    till.sync(purchase_id)
    assert "Your bank is still at work" in browser.get(f"{_link(till, booking_id)}/paid").text


def test_it_says_that_the_money_goes_back(till: Till, browser: FlaskClient) -> None:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.checkouts[page].ends_at = None
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.COACH)
    confirmed(till.cast, "Wim", till.offering_id)
    till.gateway.pay(page)
    till.sync(purchase_id)
    assert "Your money is on its way back" in browser.get(f"{_link(till, booking_id)}/paid").text
    till.settle()


def test_it_says_that_the_bank_said_no(till: Till, browser: FlaskClient) -> None:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page, slowly=True)
    till.gateway.bank_decides(page, yes=False)
    till.sync(purchase_id)
    found = browser.get(f"{_link(till, booking_id)}/paid").text
    assert "The payment did not go through" in found
    assert "Book another time" in found


def test_it_says_that_the_time_to_pay_is_over(till: Till, browser: FlaskClient, clock: FixedClock) -> None:
    booking_id, _, _ = till.at_checkout()
    clock.advance(timedelta(hours=1))
    till.settle()
    assert "The time to pay is over" in browser.get(f"{_link(till, booking_id)}/pay", follow_redirects=True).text
    assert browser.post(f"{_link(till, booking_id)}/pay").status_code == 409


def test_it_asks_for_patience_while_the_gateway_is_away(till: Till, browser: FlaskClient) -> None:
    link = _link(till, till.hold())
    till.gateway.fail("open_checkout", GatewayAway("503"))
    answer = browser.post(f"{link}/pay")
    assert (answer.status_code, "try again in a minute" in answer.text) == (503, True)
    assert browser.post(f"{link}/pay").status_code == 303


@pytest.mark.parametrize("path", ["/b/forged/pay", "/b/forged/paid", "/buy/forged/pay", "/buy/forged/paid"])
def test_it_opens_nothing_for_a_forged_link(till: Till, browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404
    if path.endswith("/pay"):
        assert browser.post(path).status_code == 404


def test_it_says_that_nobody_can_pay_as_yet_to_the_owner_and_to_who_would(
    till: Till, admin: psycopg.Connection
) -> None:
    ana, visitor = till.cast.browser(till.cast.ana), till.cast.browser()
    link = f"{_link(till, till.hold())}/pay"
    assert "Nobody can pay you as yet" not in ana.get("/offerings").text
    admin.execute("update stripe_accounts set card_payments = 'inactive'")
    assert "Nobody can pay you as yet" in ana.get("/offerings").text
    page = visitor.get(link).text
    assert "cannot take payments at the moment" in page
    assert "Pay £90.00" not in page
    admin.execute("update offerings set price = 0")
    assert "Nobody can pay you as yet" not in ana.get("/offerings").text
