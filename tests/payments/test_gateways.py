"""The contract of the port, held by both: Stripe (over real HTTP) and the pretended gateway."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from coachhub.payments.gateway import GatewayRefused
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.cast import Cast
from tests.conftest import NOW
from tests.payments.banks import Bank, a_bank
from tests.servers.stripe import StripeServer


@pytest.fixture
def server(clock: FixedClock) -> Iterator[StripeServer]:
    with StripeServer(source=lambda: clock.instant.timestamp()) as made:
        yield made


@pytest.fixture(params=["stripe", "pretend"])
def bank(
    request: pytest.FixtureRequest, cast: Cast, settings: Settings, server: StripeServer, clock: FixedClock
) -> Iterator[Bank]:
    with cast.app.app_context():
        yield a_bank(request.param, cast.app, settings, server, clock, cast.ana.practice_id)


def test_it_opens_one_account_for_one_key(bank: Bank) -> None:
    first = bank.open(is_ready=False)
    assert bank.open(is_ready=False) == first
    assert bank.gateway.account(first).card_payments != "active"
    assert bank.gateway.account(first).wants
    bank.fill_in()
    stands = bank.gateway.account(first)
    assert (stands.card_payments, stands.country, stands.wants) == ("active", "GB", ())


def test_it_leads_to_where_an_account_is_filled_in(bank: Bank) -> None:
    link = bank.gateway.onboarding_link(bank.open(is_ready=False), "http://localhost/back", "http://localhost/again")
    assert link.startswith("http")


def test_it_makes_one_checkout_for_one_key(bank: Bank) -> None:
    bank.open()
    asked = bank.asked()
    made = bank.gateway.open_checkout(asked)
    assert bank.gateway.open_checkout(asked) == made
    assert (made.status, made.is_paid, made.amount, made.currency) == ("open", False, 5000, "GBP")
    assert made.purchase_id == asked.purchase_id
    assert made.url
    assert bank.gateway.checkout(bank.account_id, made.id) == made


def test_it_knows_what_was_paid(bank: Bank) -> None:
    bank.open()
    checkout = bank.paid()
    assert (checkout.status, checkout.is_paid, checkout.url) == ("complete", True, None)
    payment = bank.gateway.payment(bank.account_id, checkout.payment_id)
    assert (payment.status, payment.received, payment.currency) == ("succeeded", 5000, "GBP")
    assert (payment.paid_at, payment.purchase_id) == (NOW, checkout.purchase_id)
    assert (payment.refunds, payment.disputes) == ((), ())


def test_it_ends_a_checkout_that_nobody_has_paid(bank: Bank) -> None:
    bank.open()
    made = bank.gateway.open_checkout(bank.asked())
    assert bank.gateway.end_checkout(bank.account_id, made.id).status == "expired"
    assert bank.gateway.end_checkout(bank.account_id, made.id).status == "expired"
    with pytest.raises(Exception, match=r"expired|over"):
        bank.pay(made.id)


def test_it_leaves_a_checkout_that_was_paid_as_it_stands(bank: Bank) -> None:
    bank.open()
    checkout = bank.paid()
    assert bank.gateway.end_checkout(bank.account_id, checkout.id) == checkout


def test_it_ends_a_checkout_by_itself_in_time(bank: Bank, clock: FixedClock) -> None:
    bank.open()
    made = bank.gateway.open_checkout(bank.asked())
    clock.advance(timedelta(minutes=31))
    assert bank.gateway.checkout(bank.account_id, made.id).status == "expired"


def test_it_gives_back_in_parts_and_never_more_than_was_paid(bank: Bank) -> None:
    bank.open()
    checkout = bank.paid()
    give = (bank.account_id, checkout.payment_id)
    first = bank.gateway.refund("refund:1", *give, 2000, "GBP", refund_id := uuid4())
    assert (first.status, first.amount, first.refund_id) == ("succeeded", 2000, refund_id)
    assert bank.gateway.refund("refund:1", *give, 2000, "GBP", refund_id) == first
    with pytest.raises(GatewayRefused) as refused:
        bank.gateway.refund("refund:2", *give, 3001, "GBP", uuid4())
    assert refused.value.code == "amount_too_large"
    second = bank.gateway.refund("refund:3", *give, 3000, "GBP", uuid4())
    with pytest.raises(GatewayRefused) as refused:
        bank.gateway.refund("refund:4", *give, 1, "GBP", uuid4())
    assert refused.value.code == "charge_already_refunded"
    assert {each.id for each in bank.gateway.payment(*give).refunds} == {first.id, second.id}


def test_it_lists_what_came_about_since(bank: Bank, clock: FixedClock) -> None:
    bank.open()
    before = bank.paid()
    clock.advance(timedelta(minutes=1))
    since, after = clock.now(), [bank.paid().id for _ in range(3)]
    assert {each.id for each in bank.gateway.checkouts_since(bank.account_id, since)} == set(after)
    payments = {each.id for each in bank.gateway.payments_since(bank.account_id, NOW)}
    assert before.payment_id in payments
    assert len(payments) == 4


def test_it_knows_nothing_of_what_is_not_there(bank: Bank) -> None:
    account_id = bank.open()
    for ask in (bank.gateway.checkout, bank.gateway.payment):
        with pytest.raises(GatewayRefused) as refused:
            ask(account_id, "cs_of_nobody")
        assert refused.value.code == "resource_missing"


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 5000), ("KWD", 5120), ("ISK", 700), ("MGA", 500000)])
def test_it_keeps_amounts_of_currencies_with_other_decimals(bank: Bank, currency: str, amount: int) -> None:
    bank.open()
    checkout = bank.paid(currency=currency, amount=amount, fee=0)
    assert (checkout.amount, checkout.currency) == (amount, currency)
    assert bank.gateway.payment(bank.account_id, checkout.payment_id).received == amount
    back = bank.gateway.refund("refund:1", bank.account_id, checkout.payment_id, amount, currency, uuid4())
    assert back.amount == amount
