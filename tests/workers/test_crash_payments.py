"""SIGKILL between each two steps of paying: nothing is lost, no slot stays taken, nobody pays twice.

Each step is a real process that dies there, and whoever comes after it is another.
"""

import signal
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from redis import Redis

from coachhub.booking.models import BookingStatus
from coachhub.payments.models import PurchaseStatus, RefundReason, RefundStatus
from coachhub.payments.service.refunding import ask_refund
from coachhub.platform.clock import FixedClock, SystemClock
from coachhub.platform.config import Settings
from coachhub.platform.jobs import DEFAULT
from tests.booking.booked import as_nobody
from tests.cast import Cast
from tests.payments.banks import SECRETS
from tests.payments.stripe_till import ADDRESS, CONNECTED, deliver, stripe_till
from tests.payments.till import Till
from tests.servers.stripe import StripeServer
from tests.workers.processes import Processes, eventually

LATER = timedelta(minutes=45)
BUYING = ["purchase made", "about to ask for a page", "page made"]
HANDLING = ["event read", "payment seen", "booking confirmed, not committed", "all written"]
ENDING = ["page about to end", "page ended", "slot freed, not committed"]
REFUNDING = ["refund about to be asked for", "refund given", "refund written"]


@pytest.fixture
def server(clock: FixedClock) -> Iterator[StripeServer]:
    with StripeServer(source=lambda: clock.instant.timestamp()) as made:
        made.listen(ADDRESS, CONNECTED, is_connected=True)
        yield made


@pytest.fixture
def till(
    cast: Cast, worker_app: Flask, settings: Settings, server: StripeServer, admin: psycopg.Connection
) -> Iterator[Till]:
    """Ana's till; at the end every payment is written down, and nobody has paid twice for one booking."""
    with stripe_till(cast, worker_app, settings, server) as made:
        yield made
        rows = admin.execute("select currency, sum(amount)::int from ledger_entries group by 1").fetchall()
        assert {currency: amount for currency, amount in rows if amount} == made.gateway.balance(made.account_id)
        assert len(made.gateway.charges) <= 1  # type: ignore[attr-defined]


class Street:
    """Processes that come by, at the test's time."""

    def __init__(self, till: Till, processes: Processes, clock: FixedClock, server: StripeServer) -> None:
        self.till, self.processes, self.clock, self.server = till, processes, clock, server
        self.stripe = {
            "STRIPE_SECRET_KEY": server.key,
            "STRIPE_WEBHOOK_SECRETS": f'["{SECRETS[1]}"]',
            "STRIPE_API_BASE": server.url,
        }

    def runs(self, what: str, named: object, stage: str | None = None) -> None:
        """One does this; where a stage is named, it dies there."""
        given = [
            self.clock.now().isoformat(),
            what,
            str(self.till.practice_id),
            str(named),
            *([stage] if stage else []),
        ]
        child = self.processes.fork("tests.workers.paying_process", *given, **self.stripe)
        assert child.wait(60) == (-signal.SIGKILL if stage else 0), self.processes.log.read_text()[-2000:]

    def settles(self, stage: str | None = None) -> None:
        self.runs("settle", self.till.practice_id, stage)


@pytest.fixture
def street(till: Till, processes: Processes, clock: FixedClock, server: StripeServer) -> Street:
    return Street(till, processes, clock, server)


def _pays(till: Till) -> None:
    till.gateway.pay(till.gateway.the_checkout())


@pytest.mark.parametrize("stage", BUYING)
def test_it_survives_a_death_on_the_way_to_the_page(street: Street, till: Till, stage: str) -> None:
    booking_id = till.hold()
    street.runs("buy", booking_id, stage)
    street.runs("buy", booking_id)  # the visitor clicks again
    assert len(till.gateway.checkouts) == 1
    _pays(till)
    deliver(till, street.server)
    street.settles()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("stage", BUYING)
def test_it_frees_the_slot_of_who_never_came_back(street: Street, till: Till, clock: FixedClock, stage: str) -> None:
    booking_id = till.hold()
    street.runs("buy", booking_id, stage)
    clock.advance(LATER)
    street.settles()
    assert till.booking(booking_id).status is BookingStatus.EXPIRED
    assert [checkout["status"] for checkout in till.gateway.checkouts] in ([], ["expired"])


def test_it_confirms_what_was_paid_on_a_page_that_nobody_wrote_down(
    street: Street, till: Till, clock: FixedClock
) -> None:
    booking_id = till.hold()
    street.runs("buy", booking_id, "page made")
    _pays(till)
    street.server.post.lose()  # and no webhook ever comes
    clock.advance(LATER)
    street.settles()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("stage", HANDLING)
def test_it_survives_a_death_while_an_event_is_handled(street: Street, till: Till, stage: str) -> None:
    booking_id, purchase_id, _ = till.at_checkout()
    _pays(till)
    deliver(till, street.server)
    street.settles(stage)
    street.settles()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID
    assert {event.outcome for event in till.events()} == {"handled"}


@pytest.mark.parametrize("stage", ENDING)
def test_it_frees_the_slot_after_a_death_on_the_way(street: Street, till: Till, clock: FixedClock, stage: str) -> None:
    booking_id, _, _ = till.at_checkout()
    clock.advance(LATER)
    street.settles(stage)
    street.settles()
    assert till.booking(booking_id).status is BookingStatus.EXPIRED


@pytest.mark.parametrize("stage", REFUNDING)
def test_it_gives_back_once_whoever_dies_on_the_way(street: Street, till: Till, stage: str) -> None:
    _, purchase_id = till.paid()
    with as_nobody(till.cast):
        ask_refund(purchase_id, 4000, RefundReason.ASKED_FOR)
    street.settles(stage)
    street.settles()
    assert [refund.status for refund in till.refunds()] == [RefundStatus.SUCCEEDED]
    assert till.ledger() == [("payment", 9000), ("refund", -4000)]


def test_it_is_looked_after_by_real_workers(street: Street, till: Till, settings: Settings, valkey: Redis) -> None:
    """The bell rings for nothing but the sweep: scheduler and worker find what was paid by themselves."""
    booking_id, _, _ = till.at_checkout()
    _pays(till)
    deliver(till, street.server)
    given = (DEFAULT, street.clock.now().isoformat(), SystemClock().now().isoformat(), "1", "400")
    street.processes.fork("tests.workers.clocked_worker", *given, **street.stripe)
    street.processes.start("workers.boot", "scheduler")
    eventually(lambda: till.booking(booking_id).status is BookingStatus.CONFIRMED, till.events, 40)
