"""The till at Stripe's test server: the same words as the fake gateway's, over real HTTP with the real library."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask

from coachhub.payments.gateway import gateway, plug_gateway
from coachhub.payments.models import StripeAccount
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.ports import ports
from tests.booking.booked import an_offering, as_nobody
from tests.cast import Cast
from tests.factories import LONG_AGO
from tests.payments.banks import SECRETS, stripe_settings
from tests.payments.till import Till
from tests.servers.stripe import StripeServer

ADDRESS = "http://localhost/webhooks/stripe"
PLATFORM, CONNECTED, _ = SECRETS


@dataclass
class Counter:
    """What buyers and banks do at the server, in the words of the fake gateway."""

    server: StripeServer
    account_id: str

    def the_checkout(self) -> str:
        return str(self.checkouts[-1]["id"])

    @property
    def checkouts(self) -> list[dict[str, Any]]:
        return self.server.world.all(self.account_id, "checkout.session")

    @property
    def charges(self) -> list[dict[str, Any]]:
        return self.server.world.all(self.account_id, "charge")

    def pay(self, checkout_id: str, *, slowly: bool = False) -> str:
        return (self.server.pay_later if slowly else self.server.pay)(checkout_id)

    def bank_decides(self, checkout_id: str, *, yes: bool) -> None:
        self.server.decide(checkout_id, is_paid=yes)

    def balance(self, _account_id: str) -> dict[str, int]:
        return {currency.upper(): amount for currency, amount in self.server.ledger(self.account_id).items() if amount}


@contextmanager
def stripe_till(cast: Cast, worker_app: Flask, settings: Settings, server: StripeServer) -> Iterator[Till]:
    """Ana takes payments at the server, and web and workers speak to it."""
    own = stripe_settings(settings, server)
    before = {app: (ports_of(app), gateway_of(app)) for app in (cast.app, worker_app)}
    usual = ports_of(cast.app).settings
    for app in before:
        ports_of(app).settings = own
        plug_gateway(app, StripeGateway(own))
    account_id = server.open_account(country="gb")
    server.post.take()
    with as_nobody(cast):
        account = {"account_id": account_id, "card_payments": "active", "country": "GB", "created_at": LONG_AGO}
        db.session.add(StripeAccount(practice_id=cast.ana.practice_id, **account))
    counter: Any = Counter(server, account_id)
    yield Till(cast, counter, worker_app, an_offering(cast.app, cast.ana), account_id)
    for app, (wired, plugged) in before.items():
        wired.settings = usual
        plug_gateway(app, plugged)


def ports_of(app: Flask) -> Any:
    """What an application is wired to."""
    with app.app_context():
        return ports()


def gateway_of(app: Flask) -> Any:
    """The gateway of an application."""
    with app.app_context():
        return gateway()


def deliver(till: Till, server: StripeServer, order: list[int] | None = None) -> None:
    """What the server tells reaches the application by its webhook, in any order and twice."""
    taken = server.post.take()
    for number in order if order is not None else range(len(taken)):
        delivery = taken[number % len(taken)]
        answer = till.cast.app.test_client().post("/webhooks/stripe", data=delivery.body, headers=delivery.headers())
        assert answer.status_code == 204
