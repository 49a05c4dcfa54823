"""From the booking to the ledger through Stripe itself: its library, real HTTP, signed webhooks.

Told in any order, twice, in part or not at all, everything ends the same, and what moved there is written down here.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coachhub.payments.gateway import plug_gateway
from coachhub.payments.models import StripeAccount
from coachhub.payments.service.reconciling import reconcile
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.ports import ports
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody
from tests.cast import Cast
from tests.factories import LONG_AGO
from tests.payments.banks import SECRETS, stripe_settings
from tests.payments.fake_gateway import FakeGateway
from tests.payments.till import Till
from tests.servers.stripe import Delivery, Fault, StripeServer, on

ADDRESS = "http://localhost/webhooks/stripe"
Step = Callable[[StripeServer, str], Any]


class StripesTill(Till):
    """Ana's till, at the test server."""

    server: StripeServer

    def at_checkout(self, who: str = "Vera", starts_at: Any = NEXT_MONDAY) -> tuple[UUID, UUID, str]:
        booking_id = self.hold(who, starts_at)
        purchase_id = self.buy(booking_id)
        assert self.open_page(purchase_id).startswith(f"{self.server.url}/c/pay/")
        return booking_id, purchase_id, str(self.purchase(purchase_id).checkout_id)

    def deliver(self, told: list[Delivery]) -> None:
        """The webhooks reach the application over its own address, as Stripe posts them."""
        browser = self.cast.app.test_client()
        answers = [browser.post("/webhooks/stripe", data=each.body, headers=each.headers()) for each in told]
        assert {answer.status_code for answer in answers} <= {204}

    def written_down(self) -> dict[str, int]:
        """What our ledger says that came in, less what went out, in Stripe's unit."""
        return {"gbp": sum(amount for _, amount in self.ledger())}


@pytest.fixture
def server(clock: FixedClock) -> Iterator[StripeServer]:
    with StripeServer(source=lambda: clock.instant.timestamp()) as made:
        made.listen(ADDRESS, SECRETS[0])
        made.listen(ADDRESS, SECRETS[1], is_connected=True)
        yield made


@pytest.fixture
def till(
    cast: Cast, worker_app: Flask, gateway: FakeGateway, server: StripeServer, settings: Settings
) -> Iterator[StripesTill]:
    """Ana takes payments through Stripe. At the end what moved there is what is written down here."""
    with cast.app.app_context():
        wired, usual = ports(), ports().settings
    wired.settings = stripe_settings(settings, server)
    for app in (cast.app, worker_app):
        plug_gateway(app, StripeGateway(wired.settings))
    account_id = server.open_account()
    with as_nobody(cast):
        account = {"account_id": account_id, "card_payments": "active", "country": "GB", "created_at": LONG_AGO}
        db.session.add(StripeAccount(practice_id=cast.ana.practice_id, **account))
    server.post.take()
    made = StripesTill(cast, gateway, worker_app, an_offering(cast.app, cast.ana), account_id)
    made.server = server
    yield made
    assert made.written_down() == {"gbp": 0, **server.ledger(account_id)}
    for app in (cast.app, worker_app):
        plug_gateway(app, gateway)
    wired.settings = usual


def _payment(server: StripeServer, page: str) -> str:
    return str(server.checkout(page)["payment_intent"])


def _win(server: StripeServer, page: str) -> None:
    server.close_dispute(server.dispute(_payment(server, page)), is_won=True)


def _lose(server: StripeServer, page: str) -> None:
    server.close_dispute(server.dispute(_payment(server, page)), is_won=False)


def _fail_refund(server: StripeServer, page: str) -> None:
    server.fail_refund(server.refund_outside(_payment(server, page), 2500))


PAY: Step = lambda server, page: server.pay(page)  # noqa: E731
DECLINE: Step = lambda server, page: server.decline(page)  # noqa: E731
PAY_SLOWLY: Step = lambda server, page: server.pay_later(page)  # noqa: E731
YES: Step = lambda server, page: server.decide(page, is_paid=True)  # noqa: E731
NO: Step = lambda server, page: server.decide(page, is_paid=False)  # noqa: E731
REFUND: Step = lambda server, page: server.refund_outside(_payment(server, page), 2500)  # noqa: E731
LEAVE: Step = lambda server, page: server.expire(page)  # noqa: E731
STORIES: dict[str, tuple[list[Step], str, str, int]] = {
    "declined, then paid": ([DECLINE, PAY], "confirmed", "paid", 9000),
    "given back in part": ([PAY, REFUND, REFUND], "confirmed", "paid", 4000),
    "given back in vain": ([PAY, _fail_refund], "confirmed", "paid", 9000),
    "questioned and won": ([PAY, _win], "confirmed", "paid", 9000),
    "questioned and lost": ([PAY, _lose], "confirmed", "paid", 0),
    "paid by a bank": ([PAY_SLOWLY, YES, REFUND], "confirmed", "paid", 6500),
    "refused by a bank": ([PAY_SLOWLY, NO], "expired", "failed", 0),
    "left": ([LEAVE], "expired", "expired", 0),
}
_hours = count(1)
_example = settings(
    max_examples=4,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


def _as_it_comes(told: list[Delivery], dice: Random) -> list[Delivery]:
    """Out of order, some twice."""
    drawn = told + [each for each in told if dice.random() < 0.4]
    dice.shuffle(drawn)
    return drawn


@pytest.mark.parametrize("story", STORIES)
@_example
@given(seed=st.integers(0, 10**6))
def test_it_ends_the_same_however_its_webhooks_come(till: StripesTill, story: str, seed: int) -> None:
    steps, booking_stands, purchase_stands, left = STORIES[story]
    dice, starts_at, before = Random(seed), NEXT_MONDAY + next(_hours) * AN_HOUR, till.written_down()["gbp"]  # noqa: S311
    booking_id, purchase_id, page = till.at_checkout(f"Vera{starts_at:%d%H}", starts_at)
    kept_back: list[Delivery] = []
    for step in steps:
        step(till.server, page)
        told = kept_back + till.server.post.take()
        dice.shuffle(told)
        now, kept_back = told[: len(told) // 2], told[len(told) // 2 :]
        till.deliver(_as_it_comes(now, dice))
        till.settle()
    till.deliver(_as_it_comes(kept_back, dice))
    till.settle()
    assert (till.booking(booking_id).status, till.purchase(purchase_id).status) == (booking_stands, purchase_stands)
    assert till.written_down()["gbp"] - before == left
    assert [event.kind for event in till.events() if event.handled_at is None] == []


@pytest.mark.parametrize(
    ("steps", "booking_stands", "left"), [([PAY], "confirmed", 9000), ([], "expired", 0), ([DECLINE], "expired", 0)]
)
def test_it_finds_out_what_no_webhook_told(
    till: StripesTill, clock: FixedClock, steps: list[Step], booking_stands: str, left: int
) -> None:
    booking_id, _, page = till.at_checkout()
    for step in steps:
        step(till.server, page)
    till.server.post.lose()
    clock.advance(timedelta(minutes=40))
    till.settle()
    assert till.booking(booking_id).status == booking_stands
    assert till.written_down() == {"gbp": left}


def test_it_finds_a_refund_that_no_webhook_told(till: StripesTill, worker_app: Flask) -> None:
    _, purchase_id, page = till.at_checkout()
    till.server.pay(page)
    till.sync(purchase_id)
    REFUND(till.server, page)
    till.server.post.lose()
    with worker_app.app_context():
        reconcile(till.practice_id)
    assert till.written_down() == {"gbp": 6500}


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, Fault.CUT, 500])
def test_it_makes_one_page_though_the_answer_is_lost(till: StripesTill, fault: Fault | int) -> None:
    purchase_id = till.buy(till.hold())
    till.server.next(fault)
    till.open_page(purchase_id)
    assert len(till.server.world.all(till.account_id, "checkout.session")) == 1


def test_it_frees_no_time_while_stripe_does_not_answer(till: StripesTill, clock: FixedClock) -> None:
    booking_id, _, page = till.at_checkout()
    till.server.pay(page)
    till.server.post.lose()
    clock.advance(timedelta(minutes=40))
    till.server.when(on(500, "GET", "/v1/"))
    till.server.when(on(500, "POST", "/v1/"))
    till.settle()
    assert till.booking(booking_id).status == "held"
    till.server.forgive()
    clock.advance(timedelta(minutes=10))
    till.settle()
    assert till.booking(booking_id).status == "confirmed"


def test_it_writes_no_address_or_name_into_what_is_kept_of_an_event(
    till: StripesTill, admin: psycopg.Connection
) -> None:
    _, _, page = till.at_checkout()
    till.server.pay(page)
    till.deliver(till.server.post.take())
    rows = admin.execute("select row_to_json(e)::text from stripe_events e").fetchall()
    assert rows
    assert not any("vera" in text.lower() or "@" in text for (text,) in rows)
    till.settle()
