"""A visitor pays for a time that is held, in a real browser: at Stripe, or at the pretended page without a key."""

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from coachhub.payments.gateway import gateway, plug_gateway
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform import tokens
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.ports import ports
from coachhub.platform.web import content_policy
from tests.booking.booked import an_offering, held
from tests.cast import Cast
from tests.conftest import NOW
from tests.e2e.conftest import Opener
from tests.e2e.shift import Shift
from tests.e2e.window import DESKTOP_LIGHT, PHONE_DARK, PHONE_LIGHT, Window
from tests.payments.banks import SECRETS, PretendedBank, stripe_settings
from tests.servers.stripe import StripeServer

pytestmark = pytest.mark.browser


@pytest.fixture
def stripe(
    web: Flask, web_worker: Flask, web_settings: Settings, clock: FixedClock, tell_site: Callable[[Settings], None]
) -> Iterator[StripeServer]:
    """The site and its workers talk to a Stripe, which tells the site."""
    with web.app_context():
        wired, usual, policy = ports(), gateway(), web.config["CONTENT_POLICY"]
    with StripeServer(source=lambda: clock.instant.timestamp()) as server:
        wired.settings = stripe_settings(web_settings, server)
        for app in (web, web_worker):
            plug_gateway(app, StripeGateway(wired.settings))
        web.config["CONTENT_POLICY"] = content_policy(wired.settings)
        tell_site(wired.settings)
        server.listen(f"{web_settings.base_url}/webhooks/stripe", SECRETS[1], is_connected=True)
        yield server
    wired.settings, web.config["CONTENT_POLICY"] = web_settings, policy
    tell_site(web_settings)
    for app in (web, web_worker):
        plug_gateway(app, usual)


def _takes_payments(admin: psycopg.Connection, practice_id: UUID, account_id: str) -> None:
    admin.execute(
        "insert into stripe_accounts (practice_id, account_id, card_payments, created_at) "
        "values (%s, %s, 'active', %s)",
        [practice_id, account_id, NOW],
    )


def _pay_page(people: Cast) -> str:
    """The page that asks Vera to pay for her time."""
    booking_id = held(people, "Vera", an_offering(people.app, people.ana))
    with people.app.app_context():
        return f"/b/{tokens.sign('booking', people.ana.practice_id, booking_id)}/pay"


def _is_confirmed(window: Window, shift: Shift) -> None:
    window.page.wait_for_url("**/paid*")
    shift.work()
    window.page.goto(window.page.url)
    window.reads("You are booked")
    assert window.faults() == []


def test_it_pays_at_stripe_after_a_declined_card_and_a_second_thought(
    people: Cast, open_window: Opener, shift: Shift, stripe: StripeServer, admin: psycopg.Connection
) -> None:
    _takes_payments(admin, people.ana.practice_id, stripe.open_account())
    stripe.post.take()
    window = open_window(look=PHONE_LIGHT)
    window.visit(_pay_page(people))
    window.press("Pay £90.00")
    window.asks("Checkout of the test server")
    window.follow("Back")
    window.press("Pay £90.00")
    window.press("Pay with a card that is declined")
    window.reads("Your card was declined.")
    window.press("Pay with 3-D Secure")
    window.press("Complete authentication")
    window.page.wait_for_url("**/paid*")
    assert set(stripe.post.deliver()) == {204}
    _is_confirmed(window, shift)


def test_it_pays_with_javascript_off(
    people: Cast, open_window: Opener, shift: Shift, stripe: StripeServer, admin: psycopg.Connection
) -> None:
    _takes_payments(admin, people.ana.practice_id, stripe.open_account())
    window = open_window(look=DESKTOP_LIGHT, javascript=False)
    window.visit(_pay_page(people))
    window.press("Pay £90.00")
    window.press("Pay", exact=True)
    window.page.wait_for_url("**/paid*")
    shift.work()
    window.page.goto(window.page.url)
    window.reads("You are booked")


def test_it_pays_at_the_pretended_page_without_a_key(
    people: Cast, open_window: Opener, shift: Shift, admin: psycopg.Connection, clock: FixedClock
) -> None:
    with people.app.app_context():
        bank = PretendedBank(gateway(), clock, people.ana.practice_id)
        _takes_payments(admin, people.ana.practice_id, bank.open())
    window = open_window(look=PHONE_DARK)
    window.visit(_pay_page(people))
    window.press("Pay £90.00")
    window.reads("This is a pretend checkout: no money moves.")
    assert window.faults() == []
    window.press("Pay with a pretend card")
    _is_confirmed(window, shift)
