"""The operator compares with Stripe on demand, and the doctor knows what waits."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from pydantic import SecretStr

from coachhub.operations.service.checks import Check, examine
from coachhub.payments.gateway import GatewayRefused
from coachhub.payments.models import RefundReason
from coachhub.payments.service.refunding import ask_refund
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.booking.booked import as_nobody
from tests.cast import Cast
from tests.ops.conftest import Tell
from tests.payments.fake_gateway import FakeGateway
from tests.payments.stripe_till import stripe_till
from tests.payments.till import Till
from tests.servers.stripe import StripeServer


@pytest.fixture
def server(clock: FixedClock) -> Iterator[StripeServer]:
    with StripeServer() as made:
        made.clock.advance(clock.instant.timestamp() - made.clock.now())
        yield made


@pytest.fixture
def till(
    cast: Cast, worker_app: Flask, settings: Settings, server: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Till]:
    with stripe_till(cast, worker_app, settings, server) as made:
        monkeypatch.setenv("STRIPE_SECRET_KEY", server.key)
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRETS", '["whsec_connected"]')
        monkeypatch.setenv("STRIPE_API_BASE", server.url)
        yield made


def test_it_says_that_everything_agrees(till: Till, tell: Tell) -> None:
    till.paid()
    answer = tell("payments", "reconcile", "--days", "3650")
    assert answer.output == "ana-coaching: 1 there, 1 here, 9000 GBP left (minor units): they agree\n"
    assert answer.exit_code == 0


def test_it_mends_what_no_webhook_told(till: Till, tell: Tell) -> None:
    _, _, page = till.at_checkout()
    till.gateway.pay(page)
    answer = tell("payments", "reconcile", "--practice", "ana-coaching", "--days", "3650", "--json")
    [practice] = json.loads(answer.output.splitlines()[-1])["practices"]
    [finding] = practice["findings"]
    assert (practice["practice"], finding["there"], finding["here"]) == ("ana-coaching", 9000, 0)
    assert (finding["is_mended"], answer.exit_code, till.ledger()) == (True, 0, [("payment", 9000)])


def test_it_says_where_stripe_does_not_answer(till: Till, tell: Tell, server: StripeServer) -> None:
    server.when(lambda _asked: 401)
    answer = tell("payments", "reconcile")
    assert (answer.exit_code, "no answer    ana-coaching:" in answer.output) == (1, True)


def test_it_knows_no_practice_of_that_name(till: Till, tell: Tell) -> None:
    assert tell("payments", "reconcile", "--practice", "nobody").exit_code == 2


def _found(settings: Settings, clock: FixedClock) -> dict[str, Check]:
    return {check.name: check for check in examine(settings, clock)}


def test_the_doctor_is_content_where_nothing_waits(cast: Cast, settings: Settings, clock: FixedClock) -> None:
    found = _found(settings, clock)
    assert (found["stripe events"].is_fine, found["money"].is_fine) == (True, True)


def test_the_doctor_tells_of_events_and_refunds_that_wait_or_failed(
    cast: Cast,
    gateway: FakeGateway,
    worker_app: Flask,
    settings: Settings,
    clock: FixedClock,
) -> None:
    till = Till.open(cast, gateway, worker_app)
    _, purchase_id = till.paid()
    with as_nobody(cast):
        ask_refund(purchase_id, 100, RefundReason.ASKED_FOR)
    till.gateway.fail("refund", GatewayRefused("insufficient_funds", "no money"))
    till.settle()
    till.tell()
    till.at_checkout("Wim", till.booking(till.purchases()[0].booking_id).starts_at + timedelta(hours=2))
    clock.advance(timedelta(hours=1))
    found = _found(settings, clock)
    assert (found["stripe events"].is_fine, found["money"].is_fine) == (False, False)
    assert "open, the oldest for" in found["stripe events"].found
    assert "1 failed in the last week, 1 purchases not ended, the oldest for 29 min" in found["money"].found


@pytest.mark.parametrize(
    ("key", "environment", "words"),
    [
        (None, "test", "pretended: no money moves"),
        (None, "production", "none: STRIPE_SECRET_KEY is not set"),
        ("sk_live_made_up", "production", "Stripe, with a live key"),
        ("rk_test_made_up", "production", "Stripe, with a test key: no money moves"),
    ],
)
def test_the_doctor_says_who_moves_the_money(settings: Settings, key: str | None, environment: str, words: str) -> None:
    secret = None if key is None else SecretStr(key)
    changed = settings.model_copy(update={"stripe_secret_key": secret, "environment": environment})
    [found] = [check for check in examine(changed) if check.name == "payments"]
    assert (found.is_fine, words in found.found) == (True, True)
