"""The whole way to pay at Stripe's test server: real HTTP, the real library, signed webhooks, a network that fails."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import psycopg
import pytest
from flask import Flask

from coachhub.booking.models import BookingStatus, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.payments.models import PurchaseStatus, RefundReason
from coachhub.payments.service.reconciling import reconcile
from coachhub.payments.service.refunding import ask_refund
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.errors import Refused
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, confirmed
from tests.cast import Cast
from tests.payments.stripe_till import ADDRESS, CONNECTED, PLATFORM, deliver, stripe_till
from tests.payments.till import Till
from tests.servers.stripe import Delivery, StripeServer
from tests.servers.stripe.front import Fault


@pytest.fixture
def server(clock: FixedClock) -> Iterator[StripeServer]:
    with StripeServer(source=lambda: clock.instant.timestamp()) as made:
        made.listen(ADDRESS, PLATFORM)
        made.listen(ADDRESS, CONNECTED, is_connected=True)
        yield made


@pytest.fixture
def till(
    cast: Cast, worker_app: Flask, settings: Settings, server: StripeServer, admin: psycopg.Connection
) -> Iterator[Till]:
    """Ana's till at Stripe's server, counted at the end: what is written down is what the server's books say."""
    with stripe_till(cast, worker_app, settings, server) as made:
        yield made
        rows = admin.execute("select currency, sum(amount)::int from ledger_entries group by 1").fetchall()
        assert {currency: amount for currency, amount in rows if amount} == made.gateway.balance(made.account_id)


def test_it_confirms_what_a_webhook_tells(till: Till, server: StripeServer) -> None:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page)
    deliver(till, server)
    assert till.booking(booking_id).status is BookingStatus.HELD  # the webhook itself does nothing
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID
    assert {event.outcome for event in till.events()} <= {"handled", "ignored"}


def test_it_ends_the_same_in_every_order_and_twice(till: Till, server: StripeServer) -> None:
    """Every permutation of what is told of one booking, each event by itself, handled, and told again."""
    number = 0
    for number, way in enumerate(permutations(range(4)), 1):
        booking_id, purchase_id, page = till.at_checkout(f"Vera{number}", NEXT_MONDAY + number * AN_HOUR)
        told = _a_story(till, server, page)
        assert len(told) == len(way)
        for index in way:
            server.post.waiting[:] = [told[index]]
            deliver(till, server, [0, 0])
            till.settle()
        assert till.purchase(purchase_id).status is PurchaseStatus.PAID
        assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert till.ledger() == [("payment", 9000)] * number + [("refund", -1500)] * number
    assert [(event.kind, event.outcome) for event in till.events() if event.outcome != "handled"] == []


def _a_story(till: Till, server: StripeServer, page: str) -> list[Delivery]:
    """A bank pays late, and a part goes back: what is told of it, of each kind the last."""
    till.gateway.pay(page, slowly=True)
    till.gateway.bank_decides(page, yes=True)
    server.refund_outside(str(server.checkout(page)["payment_intent"]), 1500)
    kinds = {json.loads(each.body)["type"]: each for each in server.post.take()}
    return list(kinds.values())[:4]


def test_it_needs_no_webhook_at_all(till: Till, server: StripeServer, clock: FixedClock) -> None:
    booking_id, _, page = till.at_checkout()
    till.gateway.pay(page)
    server.post.lose()
    clock.advance(timedelta(minutes=40))
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, Fault.CUT, 500, 429])
def test_it_opens_one_page_over_a_network_that_fails(till: Till, server: StripeServer, fault: Fault | int) -> None:
    purchase_id = till.buy(till.hold())
    server.next(*[fault] * 8)  # more often than the library tries
    with pytest.raises(Refused) as refused:
        till.open_page(purchase_id)
    assert refused.value.status == 503
    server.forgive()
    assert till.open_page(purchase_id) == till.open_page(purchase_id)
    assert len(till.gateway.checkouts) == 1


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, 500])
def test_it_gives_back_once_over_a_network_that_fails(
    till: Till, server: StripeServer, clock: FixedClock, fault: Fault | int
) -> None:
    _, purchase_id = till.paid()
    with as_nobody(till.cast):
        ask_refund(purchase_id, 4000, RefundReason.ASKED_FOR)
    server.when(lambda asked: fault if asked.path == "/v1/refunds" and asked.method == "POST" else None)
    till.settle()
    assert [refund.status for refund in till.refunds()] == ["asked"]
    server.forgive()
    clock.advance(timedelta(days=2))  # Stripe has forgotten our key
    till.settle()
    assert [refund.status for refund in till.refunds()] == ["succeeded"]
    assert till.ledger() == [("payment", 9000), ("refund", -4000)]


def test_it_gives_back_what_was_paid_after_the_slot_was_gone(till: Till, server: StripeServer) -> None:
    booking_id, _, page = till.at_checkout()
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.CLIENT)
    confirmed(till.cast, "Wim", till.offering_id)
    till.gateway.pay(page)
    deliver(till, server)
    till.settle()
    assert [(refund.reason, refund.status) for refund in till.refunds()] == [("slot_gone", "succeeded")]


def test_it_takes_in_what_banks_and_dashboards_do(till: Till, server: StripeServer) -> None:
    _, purchase_id = till.paid()
    payment_id = till.purchase(purchase_id).payment_id or ""
    refund_id = server.refund_outside(payment_id, 1000)
    server.fail_refund(refund_id)
    dispute_id = server.dispute(payment_id)
    deliver(till, server)
    till.settle()
    server.close_dispute(dispute_id, is_won=True)
    deliver(till, server)
    till.settle()
    assert sum(amount for _, amount in till.ledger()) == 9000
    assert [kind for kind, _ in till.ledger()] == ["dispute", "dispute_won", "payment", "refund", "refund_failed"]


@pytest.mark.parametrize(("currency", "price"), [("JPY", 12_000), ("KWD", 45_500)])
def test_it_pays_and_gives_back_without_decimals_and_with_three(
    till: Till, server: StripeServer, currency: str, price: int
) -> None:
    till.offering_id = an_offering(till.cast.app, till.cast.ana, price=price, currency=currency)
    booking_id, purchase_id = till.paid()
    assert till.ledger() == [("payment", price)]
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.COACH)
    till.settle()
    assert till.ledger() == [("payment", price), ("refund", -price)]
    assert till.purchase(purchase_id).currency == currency


@pytest.mark.parametrize(
    ("currency", "price", "charged", "back"), [("KWD", 45_510, 45_510, 22_760), ("KWD", 12_344, 12_340, 6170)]
)
def test_it_writes_down_what_stripe_makes_of_a_part(
    till: Till, clock: FixedClock, currency: str, price: int, charged: int, back: int
) -> None:
    said = {"price": price, "currency": currency, "late_percent": 50}
    till.offering_id = an_offering(till.cast.app, till.cast.ana, **said)
    booking_id, purchase_id = till.paid()
    clock.instant = NEXT_MONDAY - timedelta(hours=1)
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.CLIENT)
    till.settle()
    assert till.ledger() == [("payment", charged), ("refund", -back)]
    assert [refund.amount for refund in till.refunds()] == [back]
    assert till.purchase(purchase_id).amount == charged


def test_it_reconciles_with_the_servers_books(till: Till, server: StripeServer) -> None:
    _, _, page = till.at_checkout()
    till.gateway.pay(page)
    server.post.lose()
    with till.worker_app.app_context():
        report = reconcile(till.practice_id)
        again = reconcile(till.practice_id)
    assert [finding.is_mended for finding in report.findings] == [True]
    assert (again.findings, again.money) == ((), {"GBP": 9000})
