"""Stripe behind the port, over real HTTP: what goes wrong on the way, and what banks do afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pydantic import SecretStr

from coachhub.payments.gateway import GatewayAway, GatewayRefused, PlanAsked
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.conftest import NOW
from tests.payments.banks import SECRETS, StripesBank
from tests.servers.stripe import PLATFORM, Fault, StripeServer, on
from tests.servers.stripe.state import Call

DAY = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[StripeServer]:
    with StripeServer(source=lambda: NOW.timestamp()) as made:
        yield made


@pytest.fixture
def bank(server: StripeServer) -> StripesBank:
    """A practice that takes money."""
    made = StripesBank(_gateway(server.url, server.key), FixedClock(NOW), uuid4(), server=server)
    made.open()
    return made


def _gateway(url: str, key: str) -> StripeGateway:
    secrets = {"stripe_secret_key": SecretStr(key), "stripe_webhook_secrets": [SecretStr(each) for each in SECRETS]}
    return StripeGateway(Settings.model_construct(stripe_api_base=url, **secrets))


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, 500, 503, 409])
def test_it_asks_again_by_itself_and_makes_nothing_twice(
    bank: StripesBank, server: StripeServer, fault: Fault | int
) -> None:
    asked = bank.asked()
    server.next(fault)
    made = bank.gateway.open_checkout(asked)
    assert [each.id for each in bank.gateway.checkouts_since(bank.account_id, NOW - DAY)] == [made.id]


def test_it_gives_back_once_though_every_answer_is_lost(bank: StripesBank, server: StripeServer) -> None:
    checkout, refund_id = bank.paid(), uuid4()
    given = ("refund:1", bank.account_id, checkout.payment_id, 2000, "GBP", refund_id)
    server.when(on(Fault.LOST, "POST", "/v1/refunds"))
    with pytest.raises(GatewayAway):
        bank.gateway.refund(*given)
    server.forgive()
    assert bank.gateway.refund(*given).refund_id == refund_id
    assert server.ledger(bank.account_id) == {"gbp": 3000}


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_it_says_that_nobody_knows_where_stripe_says_later(
    bank: StripesBank, server: StripeServer, status: int
) -> None:
    server.when(on(status, "POST", "/v1/checkout"))
    with pytest.raises(GatewayAway):
        bank.gateway.open_checkout(bank.asked())


def test_it_waits_while_its_key_is_not_taken(bank: StripesBank, server: StripeServer) -> None:
    server.front.api_key = "sk_test_rolled"
    with pytest.raises(GatewayAway):
        bank.gateway.account(bank.account_id)


def test_it_waits_while_stripe_is_out_of_reach() -> None:
    with pytest.raises(GatewayAway):
        _gateway("http://127.0.0.1:9", "sk_test").account("acct_1")


def test_it_takes_a_clear_no_for_one(bank: StripesBank, server: StripeServer) -> None:
    for account_id, code in (("acct_of_nobody", "account_invalid"), (PLATFORM, "account_invalid")):
        with pytest.raises(GatewayRefused) as refused:
            bank.gateway.checkout(account_id, "cs_1")
        assert refused.value.code == code
    with pytest.raises(GatewayRefused) as refused:
        bank.gateway.open_checkout(bank.asked(amount=10, fee=0))
    assert (refused.value.code, "at least" in refused.value.text) == ("amount_too_small", True)
    with pytest.raises(GatewayRefused):
        bank.gateway.open_checkout(bank.asked(expires_at=NOW + timedelta(minutes=29)))


def test_it_knows_nothing_of_a_page_that_will_not_end(bank: StripesBank, server: StripeServer) -> None:
    made = bank.gateway.open_checkout(bank.asked())
    server.when(on(400, "POST", f"/v1/checkout/sessions/{made.id}/expire"))
    with pytest.raises(GatewayAway):
        bank.gateway.end_checkout(bank.account_id, made.id)
    server.pay(made.id)
    assert bank.gateway.end_checkout(bank.account_id, made.id).is_paid


def test_it_charges_in_the_practices_account_and_takes_the_platforms_part(
    bank: StripesBank, server: StripeServer
) -> None:
    checkout = bank.paid()
    assert (server.ledger(bank.account_id), server.ledger()) == ({"gbp": 5000}, {"gbp": 250})
    bank.gateway.refund("refund:1", bank.account_id, checkout.payment_id, 2500, "GBP", uuid4())
    assert server.ledger() == {"gbp": 125}


def test_it_writes_down_whose_purchase_it_is_everywhere(bank: StripesBank, server: StripeServer) -> None:
    asked = bank.asked()
    made = bank.gateway.open_checkout(asked)
    kept = server.checkout(made.id)
    assert (kept["client_reference_id"], kept["customer_email"]) == (str(asked.purchase_id), "vera@example.com")
    assert (kept["locale"], kept["expires_at"]) == ("en-GB", int(asked.expires_at.timestamp()))
    payment_id = server.pay(made.id)
    intent = server.world.where("payment_intent", payment_id)[1]
    assert intent["metadata"] == {"practice_id": str(asked.practice_id), "purchase_id": str(asked.purchase_id)}


def test_it_knows_that_a_bank_has_not_decided_yet(bank: StripesBank, server: StripeServer) -> None:
    made = bank.gateway.open_checkout(bank.asked())
    payment_id = server.pay_later(made.id)
    waiting = bank.gateway.checkout(bank.account_id, made.id)
    assert (waiting.status, waiting.is_paid) == ("complete", False)
    payment = bank.gateway.payment(bank.account_id, payment_id)
    assert (payment.status, payment.received, payment.paid_at) == ("processing", 0, None)
    server.decide(made.id, is_paid=False)
    assert bank.gateway.payment(bank.account_id, payment_id).status == "requires_payment_method"


def test_it_knows_of_a_declined_card_and_of_the_one_that_was_taken_after_it(
    bank: StripesBank, server: StripeServer
) -> None:
    made = bank.gateway.open_checkout(bank.asked())
    server.decline(made.id)
    declined = bank.gateway.checkout(bank.account_id, made.id)
    assert (declined.status, declined.is_paid) == ("open", False)
    bank.pay(made.id)
    assert bank.gateway.checkout(bank.account_id, made.id).is_paid


def test_it_knows_of_refunds_that_wait_fail_or_were_made_outside(bank: StripesBank, server: StripeServer) -> None:
    checkout = bank.paid()
    server.hold_next_refund()
    held = bank.gateway.refund("refund:1", bank.account_id, checkout.payment_id, 1000, "GBP", uuid4())
    assert held.status == "pending"
    server.fail_refund(held.id)
    outside = server.refund_outside(checkout.payment_id, 500)
    refunds = {each.id: each for each in bank.gateway.payment(bank.account_id, checkout.payment_id).refunds}
    assert (refunds[held.id].status, refunds[held.id].trouble) == ("failed", "lost_or_stolen_card")
    assert (refunds[outside].status, refunds[outside].amount, refunds[outside].refund_id) == ("succeeded", 500, None)


def test_it_knows_of_more_refunds_than_come_with_a_payment(bank: StripesBank, server: StripeServer) -> None:
    payment_id = bank.paid().payment_id
    made = {server.refund_outside(payment_id, 10) for _ in range(12)}
    assert {each.id for each in bank.gateway.payment(bank.account_id, payment_id).refunds} == made
    [listed] = bank.gateway.payments_since(bank.account_id, NOW - DAY)
    assert {each.id for each in listed.refunds} == made


@pytest.mark.parametrize(("is_won", "status", "back"), [(True, "won", 2000), (False, "lost", 0)])
def test_it_knows_what_a_dispute_took_and_brought_back(
    bank: StripesBank, server: StripeServer, is_won: bool, status: str, back: int
) -> None:
    payment_id = bank.paid().payment_id
    dispute_id = server.dispute(payment_id, 2000)
    [opened] = bank.gateway.payment(bank.account_id, payment_id).disputes
    assert (opened.id, opened.status, opened.withdrawn, opened.reinstated) == (dispute_id, "needs_response", 2000, 0)
    assert (opened.opened_at, opened.answer_by) == (NOW, NOW + 9 * DAY)
    server.close_dispute(dispute_id, is_won=is_won)
    [closed] = bank.gateway.payment(bank.account_id, payment_id).disputes
    assert (closed.status, closed.withdrawn, closed.reinstated) == (status, 2000, back)


def test_it_finds_the_payment_of_a_charge(bank: StripesBank, server: StripeServer) -> None:
    payment_id = bank.paid().payment_id
    charge_id = server.world.where("payment_intent", payment_id or "")[1]["latest_charge"]
    assert bank.gateway.payment_of_charge(bank.account_id, charge_id) == payment_id


def test_it_counts_no_money_of_a_currency_twice_or_a_hundredfold(bank: StripesBank, server: StripeServer) -> None:
    checkout = bank.paid(currency="ISK", amount=7000, fee=100)
    assert server.ledger(bank.account_id) == {"isk": 700_000}
    bank.gateway.refund("refund:1", bank.account_id, checkout.payment_id, 3000, "ISK", uuid4())
    dispute_id = server.dispute(checkout.payment_id or "", 100_000)
    payment = bank.gateway.payment(bank.account_id, checkout.payment_id or "")
    assert (payment.received, payment.refunds[0].amount, payment.disputes[0].withdrawn) == (7000, 3000, 1000)
    assert payment.disputes[0].id == dispute_id


@pytest.mark.parametrize("days", [0, 14])
def test_it_sells_and_follows_a_plan(bank: StripesBank, server: StripeServer, days: int) -> None:
    monthly = {"currency": "gbp", "unit_amount": 2900, "recurring": {"interval": "month"}}
    params = {**monthly, "product_data": {"name": "Plan"}}
    price = server.world.shown(PLATFORM, _made(server, "/v1/prices", params))["id"]
    asked = PlanAsked(
        "plan:1",
        bank.practice_id,
        "ana@example.com",
        None,
        price,
        days,
        "fr_CA",
        "http://a.example",
        "http://a.example",
    )
    page = bank.gateway.open_plan_checkout(asked)
    assert (page.status, page.practice_id, page.subscription_id) == ("open", bank.practice_id, None)
    bank.pay(page.id)
    taken = bank.gateway.plan_checkout(page.id)
    plan = bank.gateway.subscription(taken.subscription_id or "")
    assert (plan.status, plan.practice_id) == ("trialing" if days else "active", bank.practice_id)
    assert plan.trial_ends_at == (NOW + days * DAY if days else None)
    assert plan.customer_id == taken.customer_id
    assert bank.gateway.portal_link("portal:1", plan.customer_id, "http://a.example").startswith(server.url)
    server.set_subscription(plan.id, "canceled")
    assert bank.gateway.subscription(plan.id).ends_at == datetime.fromtimestamp(NOW.timestamp(), UTC)


def _made(server: StripeServer, path: str, params: dict[str, object]) -> dict[str, object]:
    from tests.servers.stripe.state import HANDLERS

    return HANDLERS["post", path](server.world, Call("post", path, path, {}, params, PLATFORM, "req_test"))
