"""Where Ana takes the platform's plan: Stripe's test server over real HTTP, and the webhooks of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from coachhub.payments.gateway import plug_gateway
from coachhub.payments.service.expiring import settle
from coachhub.payments.service.plans import PlanRow, plan_of_practice
from coachhub.payments.service.syncing_plan import sync_plan
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.config import Settings
from tests.booking.booked import as_nobody
from tests.cast import Cast
from tests.payments.banks import stripe_settings
from tests.payments.stripe_till import gateway_of, ports_of
from tests.servers.stripe import PLATFORM, Delivery, StripeServer, billing


@dataclass
class PlanDesk:
    """Ana and her plan."""

    cast: Cast
    worker_app: Flask
    server: StripeServer
    settings: Settings

    @property
    def browser(self) -> FlaskClient:
        """Ana's."""
        return self.cast.browser(self.cast.ana)

    def page(self) -> str:
        return self.browser.get("/settings/plan").text

    def begin(self) -> str:
        """Ana goes on to Stripe's page. Returns the checkout's id."""
        answer = self.browser.post("/settings/plan")
        assert (answer.status_code, answer.location.startswith(f"{self.server.url}/c/pay/")) == (303, True)
        return answer.location.rpartition("/")[2]

    def take(self) -> str:
        """She takes the plan there. Returns the subscription's id; we have not heard of it yet."""
        page = self.begin()
        self.server.pay(page)
        return str(self.server.checkout(page)["subscription"])

    def taken(self) -> str:
        """The same, and she is back."""
        subscription_id = self.take()
        assert self.browser.get("/settings/plan/back").location == "/settings/plan"
        return subscription_id

    def subscriptions(self) -> list[dict[str, Any]]:
        """What there is at Stripe's."""
        return self.server.world.all(PLATFORM, "subscription")

    def deliver(self, told: Sequence[Delivery] | None = None) -> None:
        """What the server told reaches the inbox."""
        browser = self.cast.app.test_client()
        for each in self.server.post.take() if told is None else told:
            answer = browser.post("/webhooks/stripe", data=each.body, headers=each.headers())
            assert answer.status_code == 204

    def settle(self) -> None:
        """A worker handles what is in the inbox."""
        with self.worker_app.app_context():
            settle(self.cast.ana.practice_id)

    def sync(self) -> None:
        """A worker asks Stripe."""
        with self.worker_app.app_context():
            sync_plan(self.cast.ana.practice_id)

    def plan(self) -> PlanRow:
        with as_nobody(self.cast):
            return plan_of_practice()


@contextmanager
def plan_desk(cast: Cast, worker_app: Flask, settings: Settings, server: StripeServer) -> Iterator[PlanDesk]:
    """A plan of 29 pounds a month is on sale at the server, and web and workers speak to it."""
    with server.world.lock:
        product = server.world.make(PLATFORM, "product", active=True, name="CoachHub")["id"]
        price = billing.a_price(server.world, PLATFORM, "gbp", 2900, product, {"interval": "month"})
        price["active"] = True
    own = stripe_settings(settings, server).model_copy(update={"stripe_price_id": price["id"]})
    before = {app: (ports_of(app), ports_of(app).settings, gateway_of(app)) for app in (cast.app, worker_app)}
    for app in before:
        ports_of(app).settings = own
        plug_gateway(app, StripeGateway(own))
    yield PlanDesk(cast, worker_app, server, own)
    for app, (wired, usual, plugged) in before.items():
        wired.settings = usual
        plug_gateway(app, plugged)
