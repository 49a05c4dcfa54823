"""The Stripe that others are tested against: as strict as Stripe's own description, and as forgetful as nobody."""

import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import stripe
from stripe import StripeClient

from tests.servers.stripe import PLATFORM, Fault, StripeServer, on
from tests.servers.stripe.judge import complaints

NOON = 1_772_712_000


@pytest.fixture
def server() -> Iterator[StripeServer]:
    with StripeServer(source=lambda: NOON) as made:
        yield made


@pytest.fixture
def client(server: StripeServer) -> StripeClient:
    return a_client(server)


@pytest.fixture
def account(server: StripeServer) -> str:
    return server.open_account()


def a_client(server: StripeServer, key: str | None = None, retries: int = 0, timeout: float = 5) -> StripeClient:
    return StripeClient(
        key or server.key,
        base_addresses={"api": server.url},
        stripe_version="2026-05-27.dahlia",
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


def asked(amount: int = 9900, currency: str = "usd", **more: Any) -> Any:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "One session"}}
    params = {"mode": "payment", "line_items": [{"quantity": 1, "price_data": price}]}
    return params | {"success_url": "https://a.example/{CHECKOUT_SESSION_ID}", "cancel_url": "https://a.example"} | more


def opened(client: StripeClient, account: str, amount: int = 9900, currency: str = "usd", **more: Any) -> Any:
    return client.v1.checkout.sessions.create(asked(amount, currency, **more), {"stripe_account": account})


def refusal(ask: Any, *arguments: Any) -> tuple[int | None, str | None, str | None]:
    with pytest.raises(stripe.StripeError) as refused:
        ask(*arguments)
    said = refused.value.json_body["error"]
    return refused.value.http_status, said.get("code"), said.get("param")


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"mode": "paymnt"}, None, "mode"),
        ({"lineitems": 1}, "parameter_unknown", "lineitems"),
        ({"payment_intent_data": {"fee": 1}}, "parameter_unknown", "payment_intent_data[fee]"),
        ({"line_items": [{"quantity": "many"}]}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price]"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"success_url": ""}, "parameter_invalid_empty", "success_url"),
        ({"success_url": "a.example"}, "url_invalid", "success_url"),
        ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
        ({"expires_at": NOON + 1799}, None, "expires_at"),
        ({"expires_at": NOON + 86_401}, None, "expires_at"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"subscription_data": {"trial_period_days": 3}}, None, "subscription_data"),
        (
            {"payment_intent_data": {"application_fee_amount": 9901}},
            "amount_too_large",
            "payment_intent_data[application_fee_amount]",
        ),
        ({"metadata": {"k" * 41: "x"}}, None, f"metadata[{'k' * 41}]"),
    ],
)
def test_it_refuses_what_stripe_would(
    client: StripeClient, account: str, changed: dict[str, Any], code: str | None, param: str
) -> None:
    given = {name: value for name, value in asked(**changed).items() if value is not None}
    found = refusal(client.v1.checkout.sessions.create, given, {"stripe_account": account})
    assert found == (400, code, param)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "usd", "amount_too_small"),
        (29, "gbp", "amount_too_small"),
        (49, "jpy", "amount_too_small"),
        (100_000_000, "usd", "amount_too_large"),
        (5125, "kwd", "parameter_invalid_integer"),
        (550, "isk", "parameter_invalid_integer"),
        (50, "xyz", None),
    ],
)
def test_it_charges_only_amounts_that_can_be_charged(
    client: StripeClient, account: str, amount: int, currency: str, code: str | None
) -> None:
    status, found, _ = refusal(opened, client, account, amount, currency)
    assert (status, found) == (400, code)


def test_it_knows_keys_and_accounts(server: StripeServer, client: StripeClient, account: str) -> None:
    session = opened(client, account)
    stranger = a_client(server, "sk_test_of_somebody_else")
    assert refusal(stranger.v1.checkout.sessions.retrieve, session.id)[0] == 401
    assert refusal(client.v1.checkout.sessions.retrieve, session.id)[:2] == (404, "resource_missing")
    nobodys = {"stripe_account": "acct_of_nobody"}
    assert refusal(client.v1.checkout.sessions.retrieve, session.id, {}, nobodys)[:2] == (403, "account_invalid")
    elsewhere = {"stripe_account": server.open_account("Another")}
    assert refusal(client.v1.checkout.sessions.retrieve, session.id, {}, elsewhere)[:2] == (404, "resource_missing")
    assert refusal(client.raw_request, "get", "/v1/nothing")[0] == 404


def test_it_charges_into_accounts_that_are_ready(server: StripeServer, client: StripeClient) -> None:
    assert refusal(opened, client, server.open_account(is_ready=False))[0] == 400
    assert refusal(opened, client, server.open_account(name=""))[0] == 400


def test_it_answers_a_key_as_the_first_time(server: StripeServer, client: StripeClient, account: str) -> None:
    options: Any = {"stripe_account": account, "idempotency_key": "one"}
    create = client.v1.checkout.sessions.create
    first = create(asked(), options)
    server.pay(first.id)
    again = create(asked(), options)
    assert (again.id, again.status) == (first.id, "open")
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError) as refused:
        create(asked(5000), options)
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        client.v1.refunds.create({"payment_intent": "pi_1"}, options)
    server.clock.advance(24 * 3600)
    assert create(asked(), options).id != first.id


def test_it_keeps_a_refusal_for_its_key_but_not_a_mistake(client: StripeClient, account: str) -> None:
    options: Any = {"stripe_account": account, "idempotency_key": "one"}
    create = client.v1.checkout.sessions.create
    assert refusal(create, asked(lineitems=1), options)[1] == "parameter_unknown"
    assert refusal(create, asked(10), options)[1] == "amount_too_small"
    assert refusal(create, asked(9900), options)[0] == 400
    assert create(asked(9900), {**options, "idempotency_key": "two"}).id


def test_it_says_that_a_key_is_in_use(account: str, server: StripeServer) -> None:
    server.front.delay = 0.5
    options: Any = {"stripe_account": account, "idempotency_key": "one"}
    first = threading.Thread(target=lambda: a_client(server).v1.checkout.sessions.create(asked(), options))
    first.start()
    time.sleep(0.2)
    assert refusal(a_client(server).v1.checkout.sessions.create, asked(), options)[:2] == (
        409,
        "idempotency_key_in_use",
    )
    first.join()


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, Fault.CUT, 500, 503, 409])
def test_it_does_once_what_the_library_asks_twice(server: StripeServer, account: str, fault: Fault | int) -> None:
    server.next(fault)
    made = a_client(server, retries=2).v1.checkout.sessions.create(asked(), {"stripe_account": account})
    assert [each["id"] for each in server.world.all(account, "checkout.session")] == [made.id]


def test_it_fails_as_it_is_told(server: StripeServer, client: StripeClient, account: str) -> None:
    server.when(on(429, "POST", "/v1/refunds"))
    with pytest.raises(stripe.RateLimitError) as limited:
        client.v1.refunds.create({"payment_intent": "pi_1"})
    assert limited.value.headers["Retry-After"] == "1"
    server.next(402)
    with pytest.raises(stripe.CardError):
        opened(client, account)
    server.next(Fault.HANGS)
    with pytest.raises(stripe.APIConnectionError):
        a_client(server, timeout=0.2).v1.checkout.sessions.list()
    server.forgive()
    assert refusal(client.v1.refunds.create, {"payment_intent": "pi_1"})[0] == 404


def test_it_turns_pages(client: StripeClient, account: str) -> None:
    made = [opened(client, account).id for _ in range(5)]
    first = client.v1.checkout.sessions.list({"limit": 2}, {"stripe_account": account})
    assert ([each.id for each in first.data], first.has_more) == (made[:2:-1], True)
    assert [each.id for each in first.auto_paging_iter()] == made[::-1]
    gone: Any = {"created": {"gte": NOON + 1}}
    assert client.v1.checkout.sessions.list(gone, {"stripe_account": account}).data == []
    assert refusal(client.v1.checkout.sessions.list, {"limit": 101})[0] == 400


def test_it_expands_what_it_is_asked_to(server: StripeServer, client: StripeClient, account: str) -> None:
    session = opened(client, account, expand=["line_items"])
    assert session.line_items.data[0].amount_total == 9900
    server.pay(session.id)
    found = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}, {"stripe_account": account}
    )
    assert found.payment_intent.latest_charge.balance_transaction.amount == 9900
    wrong: Any = {"expand": ["metadata.nothing"]}
    assert refusal(client.v1.checkout.sessions.retrieve, session.id, wrong, {"stripe_account": account})[0] == 400


def test_it_ends_checkouts_in_time(server: StripeServer, client: StripeClient, account: str) -> None:
    server.listen("http://a.example", "whsec_1", is_connected=True)
    session = opened(client, account, expires_at=NOON + 1860)
    server.clock.advance(1860)
    found = client.v1.checkout.sessions.retrieve(session.id, {}, {"stripe_account": account})
    assert (found.status, found.url, found.payment_intent) == ("expired", None, None)
    assert [each.kind for each in server.post.take()] == ["checkout.session.expired"]
    with pytest.raises(ValueError, match="expired"):
        server.pay(session.id)
    assert refusal(client.v1.checkout.sessions.expire, session.id, {}, {"stripe_account": account})[0] == 400


def test_it_counts_the_money(server: StripeServer, client: StripeClient, account: str) -> None:
    fee: Any = {"payment_intent_data": {"application_fee_amount": 1000}}
    session = opened(client, account, **fee)
    payment_id, of = server.pay(session.id), {"stripe_account": account}
    create = client.v1.refunds.create
    create({"payment_intent": payment_id, "amount": 4950, "refund_application_fee": True}, of)
    assert (server.ledger(account), server.ledger()) == ({"usd": 4950}, {"usd": 500})
    assert refusal(create, {"payment_intent": payment_id, "amount": 4951}, of)[1] == "amount_too_large"
    server.hold_next_refund()
    held = create({"payment_intent": payment_id}, of)
    assert held.status == "pending"
    assert refusal(create, {"payment_intent": payment_id}, of)[1] == "charge_already_refunded"
    server.fail_refund(held.id)
    assert server.ledger(account) == {"usd": 4950}
    dispute = server.dispute(payment_id, 4950)
    assert server.ledger(account) == {"usd": 0}
    assert refusal(create, {"payment_intent": payment_id}, of)[1] == "charge_disputed"
    server.close_dispute(dispute, is_won=True)
    assert server.ledger(account) == {"usd": 4950}


def test_it_gives_no_fee_back_that_nobody_took(server: StripeServer, client: StripeClient, account: str) -> None:
    payment: Any = {"payment_intent": server.pay(opened(client, account).id), "refund_application_fee": True}
    assert refusal(client.v1.refunds.create, payment, {"stripe_account": account})[0] == 400


def test_it_decides_later_what_was_paid_slowly(server: StripeServer, client: StripeClient, account: str) -> None:
    for is_paid, status in ((True, "paid"), (False, "unpaid")):
        session = opened(client, account)
        server.pay_later(session.id)
        assert (server.checkout(session.id)["status"], server.checkout(session.id)["payment_status"]) == (
            "complete",
            "unpaid",
        )
        server.decide(session.id, is_paid=is_paid)
        assert server.checkout(session.id)["payment_status"] == status
    assert server.ledger(account) == {"usd": 9900}


def test_it_signs_what_it_tells_and_tells_it_as_it_is_told_to(
    server: StripeServer, client: StripeClient, account: str
) -> None:
    server.listen("http://127.0.0.1:9/none", "whsec_platform")
    server.listen("http://127.0.0.1:9/none", "whsec_connected", is_connected=True)
    server.pay(opened(client, account, payment_intent_data={"application_fee_amount": 100}).id)
    kinds = {each.kind: each.endpoint.secret for each in server.post.waiting}
    assert kinds["application_fee.created"] == "whsec_platform"
    assert kinds["checkout.session.completed"] == "whsec_connected"
    told = server.post.waiting[-1]
    header = told.headers(at=time.time())["Stripe-Signature"]
    event = client.construct_event(told.body, header, told.endpoint.secret)
    assert (event.account, event.type) == (account, told.kind)
    waiting = len(server.post.waiting)
    assert server.post.deliver(times=2, shuffled=Random(1)) == [0] * waiting * 2  # noqa: S311
    assert len(server.post.waiting) == waiting
    server.post.lose("charge.succeeded")
    assert "charge.succeeded" not in {each.kind for each in server.post.take()}


def test_it_has_accounts_of_v2(server: StripeServer, client: StripeClient) -> None:
    server.listen("http://a.example", "whsec_thin", is_thin=True)
    cards: Any = {"merchant": {"capabilities": {"card_payments": {"requested": True}}}}
    both: Any = {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}}
    given: Any = {"contact_email": "a@b.example", "dashboard": "full", "configuration": cards, "defaults": both}
    accounts = client.v2.core.accounts
    made = accounts.create({**given, "display_name": "Ana", "include": ["configuration.merchant"]})
    assert made.configuration.merchant.capabilities.card_payments.status == "restricted"
    assert accounts.retrieve(made.id).configuration is None
    assert refusal(accounts.create, {**given, "contact": "x"})[0] == 400
    assert refusal(accounts.create, {**given, "dashboard": "ful"})[0] == 400
    assert refusal(accounts.create, {**given, "defaults": {}})[0] == 400
    assert refusal(accounts.retrieve, "acct_of_nobody")[0] == 404
    server.set_account(made.id)
    told = server.post.take()[-1]
    header = told.headers(at=time.time())["Stripe-Signature"]
    notice: Any = client.parse_event_notification(told.body, header, "whsec_thin")
    assert notice.related_object.id == made.id
    assert notice.fetch_related_object().id == made.id


def test_it_bills_a_plan(server: StripeServer, client: StripeClient) -> None:
    monthly: Any = {"currency": "gbp", "unit_amount": 2900, "recurring": {"interval": "month"}}
    price = client.v1.prices.create({**monthly, "product_data": {"name": "Plan"}})
    plan: Any = asked() | {"mode": "subscription", "line_items": [{"price": price.id, "quantity": 1}]}
    assert refusal(client.v1.checkout.sessions.create, {**plan, "mode": "payment"})[0] == 400
    session = client.v1.checkout.sessions.create({**plan, "subscription_data": {"trial_period_days": 14}})
    server.pay(session.id)
    found = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (found.payment_status, found.subscription.status) == ("no_payment_required", "trialing")
    server.clock.advance(14 * 24 * 3600)
    assert client.v1.subscriptions.retrieve(found.subscription.id).status == "active"
    server.renew(found.subscription.id, is_paid=False)
    assert client.v1.subscriptions.retrieve(found.subscription.id).status == "past_due"
    server.set_subscription(found.subscription.id, "active")
    client.v1.subscriptions.update(found.subscription.id, {"cancel_at_period_end": True})
    server.clock.advance(61 * 24 * 3600)
    assert client.v1.subscriptions.retrieve(found.subscription.id).status == "canceled"


def test_it_answers_as_stripe_describes(server: StripeServer, client: StripeClient, account: str) -> None:
    of: Any = {"stripe_account": account}
    session = opened(client, account, payment_intent_data={"application_fee_amount": 100}, expand=["line_items"])
    server.decline(session.id)
    payment_id = server.pay(session.id)
    client.v1.refunds.create({"payment_intent": payment_id, "amount": 100}, of)
    server.dispute(payment_id)
    client.v1.payment_intents.retrieve(payment_id, {"expand": ["latest_charge.refunds"]}, of)
    client.v1.disputes.list({}, of)
    client.v1.events.list({"limit": 100}, of)
    include: Any = {"include": ["configuration.merchant", "identity", "requirements", "defaults"]}
    client.v2.core.accounts.retrieve(account, include)
    client.v1.accounts.retrieve(account)
    good = [(asked, answer) for asked, answer in server.front.answers if answer.status == 200]
    assert len(good) == 7
    assert [found for asked, answer in good if (found := complaints(asked.method, asked.path, answer.json))] == []


def test_it_is_at_home_on_the_platform(client: StripeClient) -> None:
    assert client.v1.accounts.retrieve_current().id == PLATFORM
