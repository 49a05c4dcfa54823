"""Stripe's webhook: nothing without a signature, nothing twice, each in the inbox of the practice that it is about."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from coachhub.payments.gateway import PlanAsked, gateway, plug_gateway
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.config import Settings
from coachhub.platform.ports import ports
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import KeptQueue
from tests.payments.banks import SECRETS, StripesBank, stripe_settings
from tests.servers.stripe import Delivery, StripeServer

PLATFORM, CONNECTED, BEFORE = SECRETS
ADDRESS = "http://localhost/webhooks/stripe"


@pytest.fixture
def server() -> Iterator[StripeServer]:
    with StripeServer(source=lambda: NOW.timestamp()) as made:
        made.listen(ADDRESS, PLATFORM)
        made.listen(ADDRESS, CONNECTED, is_connected=True)
        made.listen(ADDRESS, PLATFORM, is_thin=True)
        yield made


@pytest.fixture
def bank(cast: Cast, settings: Settings, server: StripeServer, admin: psycopg.Connection) -> Iterator[StripesBank]:
    """Ana's practice takes money at the test server, and the application listens to it."""
    with cast.app.app_context():
        wired, usual, before = ports(), ports().settings, gateway()
    wired.settings = stripe_settings(settings, server)
    made = StripesBank(StripeGateway(wired.settings), wired.clock, cast.ana.practice_id, server=server)
    plug_gateway(cast.app, made.gateway)
    made.open()
    admin.execute(
        "insert into stripe_accounts (practice_id, account_id, created_at) values (%s, %s, %s)",
        [cast.ana.practice_id, made.account_id, NOW],
    )
    server.post.take()
    yield made
    plug_gateway(cast.app, before)
    wired.settings = usual


def post(app: Flask, delivery: Delivery, **signed: Any) -> TestResponse:
    answer = app.test_client().post("/webhooks/stripe", data=delivery.body, headers=delivery.headers(**signed))
    assert "Set-Cookie" not in answer.headers
    return answer


def inbox(admin: psycopg.Connection) -> list[tuple[Any, ...]]:
    return admin.execute("select practice_id, account_id, kind, object_id from stripe_events order by kind").fetchall()


def completed(bank: StripesBank) -> Delivery:
    """The event of a checkout that somebody has paid."""
    bank.paid()
    return next(each for each in bank.server.post.take() if each.kind == "checkout.session.completed")


@pytest.mark.parametrize("secret", SECRETS)
def test_it_keeps_what_is_signed_with_any_of_its_secrets_and_rings(
    bank: StripesBank, cast: Cast, admin: psycopg.Connection, queue: KeptQueue, secret: str
) -> None:
    told = completed(bank)
    assert post(cast.app, told, secret=secret).status_code == 204
    checkout_id = told.event["data"]["object"]["id"]
    assert inbox(admin) == [(cast.ana.practice_id, bank.account_id, told.kind, checkout_id)]
    assert queue.rings[-1].job == "workers.jobs.settle_payments"
    assert queue.rings[-1].arguments == (str(cast.ana.practice_id),)


def test_it_keeps_an_event_once(bank: StripesBank, cast: Cast, admin: psycopg.Connection, queue: KeptQueue) -> None:
    told = completed(bank)
    queue.rings.clear()
    assert [post(cast.app, told).status_code for _ in range(3)] == [204, 204, 204]
    assert (len(inbox(admin)), len(queue.rings)) == (1, 1)


@pytest.mark.parametrize(
    "signed",
    [
        {"secret": "whsec_of_somebody_else"},
        {"at": (NOW - timedelta(minutes=5, seconds=1)).timestamp()},
        {"at": (NOW + timedelta(minutes=5, seconds=1)).timestamp()},
    ],
)
def test_it_refuses_what_is_signed_by_others_or_long_ago_or_in_the_future(
    bank: StripesBank, cast: Cast, admin: psycopg.Connection, signed: dict[str, Any]
) -> None:
    assert post(cast.app, completed(bank), **signed).status_code == 400
    assert inbox(admin) == []


@pytest.mark.parametrize("signature", ["", "t=,v1=", "v1=aa", "t=1e9,v1=aa", "t=99999999999999999999,v1=a", "\xff"])
def test_it_refuses_signatures_that_are_none(bank: StripesBank, cast: Cast, signature: str) -> None:
    headers = {"Stripe-Signature": signature}
    assert cast.app.test_client().post("/webhooks/stripe", data=b"{}", headers=headers).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"object":"event"}', b"[" * 100_000])
def test_it_refuses_bodies_that_are_no_events(bank: StripesBank, cast: Cast, body: bytes) -> None:
    class _Signed(Delivery):
        @property
        def body(self) -> bytes:
            return body

    told = completed(bank)
    assert post(cast.app, _Signed(told.endpoint, told.event, told.now)).status_code == 400


def test_it_finds_the_payment_of_a_refund_and_of_a_dispute(
    bank: StripesBank, cast: Cast, admin: psycopg.Connection
) -> None:
    payment_id = bank.paid().payment_id
    bank.server.post.take()
    bank.server.refund_outside(payment_id, 100)
    bank.server.dispute(payment_id)
    for told in bank.server.post.take():
        assert post(cast.app, told).status_code == 204
    kinds = {kind: object_id for _, _, kind, object_id in inbox(admin)}
    assert {"charge.refunded", "refund.created", "charge.dispute.created"} <= kinds.keys()
    assert set(kinds.values()) == {payment_id}


def test_it_hears_of_an_account_in_both_ways(bank: StripesBank, cast: Cast, admin: psycopg.Connection) -> None:
    bank.server.set_account(bank.account_id, "restricted", ("identity.individual.documents",))
    for told in bank.server.post.take():
        assert post(cast.app, told).status_code == 204
    assert {(account, object_id) for _, account, _, object_id in inbox(admin)} == {(bank.account_id, bank.account_id)}
    assert "account.updated" in {kind for _, _, kind, _ in inbox(admin)}
    assert any(kind.startswith("v2.core.account[") for _, _, kind, _ in inbox(admin))


def test_it_finds_the_practice_of_a_plan_by_what_we_wrote_into_it(
    bank: StripesBank, cast: Cast, admin: psycopg.Connection
) -> None:
    price = _a_price(bank.server)
    asked = PlanAsked("plan:1", cast.ana.practice_id, "ana@example.com", None, price, 0, "en", ADDRESS, ADDRESS)
    bank.pay(bank.gateway.open_plan_checkout(asked).id)
    for told in bank.server.post.take():
        post(cast.app, told)
    assert ("customer.subscription.created", cast.ana.practice_id) in {(row[2], row[0]) for row in inbox(admin)}


def _a_price(server: StripeServer) -> str:
    from tests.servers.stripe.billing import a_price
    from tests.servers.stripe.state import PLATFORM as OURS

    product = server.world.make(OURS, "product", name="Plan", active=True)
    price = a_price(server.world, OURS, "gbp", 2900, product["id"], {"interval": "month"})
    price["active"] = True
    return str(price["id"])


def test_it_believes_an_account_only_about_its_own_practice(
    bank: StripesBank, cast: Cast, admin: psycopg.Connection
) -> None:
    theirs = bank.server.open_account("Somebody else")
    bank.server.post.take()
    bank.account_id = theirs
    told = completed(bank)
    assert told.event["data"]["object"]["metadata"]["practice_id"] == str(cast.ana.practice_id)
    assert post(cast.app, told).status_code == 204
    assert inbox(admin) == []


def test_it_keeps_nothing_for_a_practice_that_is_not(bank: StripesBank, cast: Cast, admin: psycopg.Connection) -> None:
    told = completed(bank)
    event = json.loads(told.body)
    event.pop("account")
    event["data"]["object"]["metadata"]["practice_id"] = str(uuid4())
    assert post(cast.app, Delivery(told.endpoint, event, told.now)).status_code == 204
    assert inbox(admin) == []


def test_it_is_told_again_what_it_failed_to_keep(bank: StripesBank, cast: Cast, admin: psycopg.Connection) -> None:
    told = completed(bank)
    cast.app.config["PROPAGATE_EXCEPTIONS"] = False
    admin.execute("alter table stripe_events rename to stripe_events_away")
    try:
        assert post(cast.app, told).status_code == 500
    finally:
        admin.execute("alter table stripe_events_away rename to stripe_events")
        cast.app.config["PROPAGATE_EXCEPTIONS"] = None
    assert post(cast.app, told).status_code == 204
    assert len(inbox(admin)) == 1


def test_it_is_nowhere_without_secrets(cast: Cast) -> None:
    assert cast.app.test_client().post("/webhooks/stripe", data=b"{}").status_code == 404
