"""An owner connects the practice with Stripe, in a real browser: its policy lets the form end at Stripe's pages."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from coachhub.payments.gateway import gateway, plug_gateway
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.web import content_policy
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOP_DARK, PHONE_LIGHT, Window
from tests.payments.banks import stripe_settings
from tests.servers.stripe import StripeServer

pytestmark = pytest.mark.browser


@pytest.fixture
def stripe(
    web: Flask, web_settings: Settings, clock: FixedClock, tell_site: Callable[[Settings], None]
) -> Iterator[StripeServer]:
    """The site talks to a Stripe, as it would with a key in its settings."""
    with web.app_context():
        usual = gateway()
    policy = web.config["CONTENT_POLICY"]
    with StripeServer(source=lambda: clock.instant.timestamp()) as server:
        changed = stripe_settings(web_settings, server)
        plug_gateway(web, StripeGateway(changed))
        web.config["CONTENT_POLICY"] = content_policy(changed)
        tell_site(changed)
        yield server
    web.config["CONTENT_POLICY"] = policy
    tell_site(web_settings)
    plug_gateway(web, usual)


def _connect(window: Window) -> None:
    window.visit("/settings/payments")
    assert window.faults() == []
    window.page.get_by_label("Where is your business?").select_option("GB")
    window.press("Connect Stripe")


def test_it_connects_at_stripe_and_comes_back(people: Cast, open_window: Opener, stripe: StripeServer) -> None:
    window = open_window(people.ana, PHONE_LIGHT)
    _connect(window)
    window.asks("Set up your account")
    assert window.page.url.startswith(stripe.url)
    window.press("Save for later")
    window.reads("Not finished")
    assert window.faults() == []
    window.press("Go on at Stripe")
    window.press("Submit everything")
    window.reads("Clients can pay when they book.")
    assert window.faults() == []


def test_it_gets_a_fresh_link_for_one_that_was_used(people: Cast, open_window: Opener, stripe: StripeServer) -> None:
    window = open_window(people.ana)
    _connect(window)
    window.asks("Set up your account")
    used = window.page.url
    window.press("Save for later")
    window.reads("Not finished")
    window.visit(used)
    window.asks("Set up your account")
    assert window.page.url != used


def test_it_pretends_where_there_is_no_key(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana, DESKTOP_DARK)
    _connect(window)
    window.reads("This is a pretend account: no money moves.")
    assert window.faults() == []
    window.press("Fill in everything")
    window.reads("Clients can pay when they book.")
    assert window.faults() == []
