"""A visitor pays for a time, on a phone and at a desk, with scripts and without; and the coach sees the money."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask

from coachhub.booking.models import Package, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.visitor_links import booking_token
from coachhub.payments.gateway import Gateway, gateway, plug_gateway
from coachhub.payments.models import StripeAccount
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, as_nobody, confirmed
from tests.booking.visited import Shop, an_offer, open_shop
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.shift import Shift
from tests.e2e.window import DESKTOP_DARK, DESKTOPS, LOOKS, PHONE_DARK, PHONE_LIGHT, PHONES, Look, Steps, Window
from tests.factories import LONG_AGO
from tests.payments.banks import PretendedBank
from tests.payments.fake_gateway import FakeGateway
from tests.payments.till import Till

pytestmark = pytest.mark.browser


def _no_fault(window: Window, *, javascript: bool = True) -> None:
    assert window.faults(axe=javascript) == []


@pytest.fixture
def shop(people: Cast, admin: psycopg.Connection, clock: FixedClock) -> Shop:
    """Ana's practice with an hour for 90 pounds and a package; she takes pretended payments."""
    made = open_shop(people, admin)
    offering_id = an_offer(people.app, "hour", people.ana, price=9000, title="A career hour", minutes=60)
    with people.app.app_context():
        bank = PretendedBank(gateway(), clock, people.ana.practice_id)
        bank.open()
    with people.app.app_context(), as_practice(people.ana.practice_id):
        account = {"account_id": bank.account_id, "card_payments": "active", "created_at": LONG_AGO}
        db.session.add(StripeAccount(practice_id=people.ana.practice_id, **account))
        db.session.add(_package(people, offering_id))
    return made


def _package(people: Cast, offering_id: UUID) -> Package:
    said = {"slug": "five", "title": "Five hours", "status": "open", "sessions": 5, "price": 40_000, "currency": "GBP"}
    when = {"valid_days": 180, "created_at": LONG_AGO, "changed_at": LONG_AGO, "description": "A **quarter** of hours."}
    return Package(practice_id=people.ana.practice_id, id=uuid4(), offering_id=offering_id, **said, **when)


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("look", [PHONE_LIGHT, DESKTOP_DARK], ids=lambda look: look.name)
def test_it_leads_from_a_chosen_time_to_a_paid_booking(
    shop: Shop, open_window: Opener, shift: Shift, look: Look, javascript: bool
) -> None:
    window = open_window(look=look, javascript=javascript)
    steps = Steps(window)
    window.visit(f"{shop.path}/hour?at=2026-03-09T11:30Z")
    steps.fill("Your name", "Vera Visitor")
    steps.fill("Your e-mail address", "vera@example.org")
    steps.press("Continue to payment")
    window.asks("Monday 9 March, 11:30")
    window.reads("Held for you until 12:35")
    _no_fault(window, javascript=javascript)
    steps.press("Pay £90.00")
    steps.press("Pay with a pretend card")
    window.page.wait_for_url("**/paid*")
    shift.work()
    if not javascript:
        window.page.reload()
    window.asks("You are booked: Monday 9 March, 11:30")
    _no_fault(window, javascript=javascript)
    assert steps.count == 5


def test_it_sells_a_package_and_comes_back_from_a_page_that_was_left(
    shop: Shop, open_window: Opener, shift: Shift
) -> None:
    window = open_window(look=PHONE_LIGHT)
    window.visit(shop.path)
    window.follow("Five hours")
    window.asks("Five hours")
    _no_fault(window)
    window.fill("Your name", "Vera Visitor")
    window.fill("Your e-mail address", "vera@example.org")
    window.press("Pay £400.00")
    window.follow("Back, without paying")
    window.reads("Not paid yet")
    _no_fault(window)
    window.press("Pay £400.00")
    window.press("Pay with a pretend card")
    window.page.wait_for_url("**/paid*")
    shift.work()
    window.asks("It is yours")
    _no_fault(window)


@pytest.fixture
def till(people: Cast, web: Flask, web_worker: Flask, clock: FixedClock) -> Iterator[Till]:
    """The practice at the fake gateway, whose banks do what they are told."""
    usual, fake = _plugged(web), FakeGateway(clock)
    for app in (web, web_worker):
        plug_gateway(app, fake)
    yield Till.open(people, fake, web_worker)
    for app in (web, web_worker):
        plug_gateway(app, usual)


def _plugged(app: Flask) -> Gateway:
    with app.app_context():
        return gateway()


def _waits(till: Till) -> UUID:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page, slowly=True)
    till.sync(purchase_id)
    return booking_id


def _asks(till: Till) -> UUID:
    return till.at_checkout()[0]


def _fails(till: Till) -> UUID:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page, slowly=True)
    till.gateway.bank_decides(page, yes=False)
    till.sync(purchase_id)
    return booking_id


def _is_gone(till: Till) -> UUID:
    booking_id, purchase_id, page = till.at_checkout()
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.COACH)
    confirmed(till.cast, "Wim", till.offering_id)
    till.gateway.pay(page)
    till.sync(purchase_id)
    till.settle()
    return booking_id


def _is_over(till: Till) -> UUID:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.expire(page)
    till.sync(purchase_id)
    return booking_id


STANDS: dict[str, tuple[Callable[[Till], UUID], str]] = {
    "asking": (_asks, "we are asking how your payment stands"),
    "waiting": (_waits, "Your bank is still at work"),
    "failed": (_fails, "The payment did not go through"),
    "gone": (_is_gone, "Your money is on its way back"),
    "over": (_is_over, "The time to pay is over"),
}


@pytest.mark.parametrize("stand", STANDS)
def test_it_says_how_the_payment_stands(till: Till, open_window: Opener, stand: str) -> None:
    come_about, words = STANDS[stand]
    booking_id = come_about(till)
    with as_nobody(till.cast):
        path = f"/b/{booking_token(booking_id)}/paid"
    window = open_window()
    window.visit(path)
    window.asks(words)
    assert window.faults_in(LOOKS) == []


@pytest.mark.parametrize("looks", [PHONES, DESKTOPS], ids=["phone", "desktop"])
def test_it_shows_the_coach_the_money_and_gives_some_back(
    till: Till, open_window: Opener, looks: tuple[Look, ...]
) -> None:
    _, purchase_id = till.paid("Vera")
    till.paid("Wim", NEXT_MONDAY + AN_HOUR)
    till.at_checkout("Xenia", NEXT_MONDAY + 2 * AN_HOUR)
    till.gateway.refund_outside(till.purchase(purchase_id).payment_id or "", 1000)
    till.gateway.dispute(till.purchase(purchase_id).payment_id or "")
    till.sync(purchase_id)
    window = open_window(till.cast.ana, looks[0])
    window.visit("/payments")
    assert window.faults_in(looks) == []
    window.follow("Needs a look")
    window.visit(f"/payments/{purchase_id}")
    assert window.faults_in(looks) == []
    other = next(purchase.id for purchase in till.purchases() if purchase.name == "Wim")
    window.visit(f"/payments/{other}")
    window.fill("How much", "20")
    window.fill("Why, for your own records", "Half an hour only")
    window.press("Give back")
    window.reads("It is on its way back.")
    assert window.faults_in(looks) == []
    window.fill("How much", "1000")
    window.press("Give back")
    window.reads("That is more than is left of this payment")
    assert window.faults_in(looks) == []
    till.settle()


def test_it_shows_what_one_client_paid(till: Till, open_window: Opener) -> None:
    till.paid_by_client(till.cast.ben, NEXT_MONDAY + timedelta(days=1))
    for person, path in (
        (till.cast.ana, f"/clients/{till.cast.ben.client_id}/payments"),
        (till.cast.ben, "/sessions/payments"),
    ):
        window = open_window(person, PHONE_DARK)
        window.visit(path)
        window.reads("£90.00")
        _no_fault(window)
