"""Checkout sessions: the page on which somebody pays, from its making to its end."""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.servers.stripe.amounts import check_currency, check_digits, check_total
from tests.servers.stripe.billing import begin_subscription, price_of_checkout, trial_days
from tests.servers.stripe.errors import a_refusal, an_invalid_request
from tests.servers.stripe.payments import a_charge, a_method, an_intent, cancel, fail, succeed
from tests.servers.stripe.state import (
    LISTED,
    PLATFORM,
    Call,
    Object,
    World,
    a_list,
    answers,
    every,
    metadata_of,
    new_id,
)

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
_SOONEST, _LATEST = 30 * 60, 24 * 3600
_MODES = {"payment": ("subscription_data", "setup_intent_data"), "subscription": ("payment_intent_data",)}


@answers("post", "/v1/checkout/sessions")
def _create_session(world: World, call: Call) -> Object:
    mode = call["mode"] or _missing("mode")
    _check_mode(call, mode)
    _check_account(world, call)
    items = [_line_item(world, call, item, number) for number, item in enumerate(call["line_items"])]
    currency = _one_currency(items)
    total = sum(item["amount_total"] for item in items)
    if mode == "payment":
        check_total(total, currency)
        _check_fee(call, total)
    elif trial_days(call.params):
        total = 0
    session_id = new_id("cs_test_a1", 58)
    session = world.make(
        call.account,
        "checkout.session",
        id=session_id,
        amount_subtotal=total,
        amount_total=total,
        expires_at=_end(world, call),
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        url=f"{world.url}/c/pay/{session_id}",
        _asked=call.params,
        _items=items,
        **_plain(call, mode, currency),
        **_fixed(),
    )
    return world.shown(call.account, session, call["expand"])


def _plain(call: Call, mode: str, currency: str) -> dict[str, Any]:
    names = ("cancel_url", "success_url", "client_reference_id", "customer_email", "customer", "locale", "submit_type")
    given = {name: call[name] for name in (*names, "allow_promotion_codes", "billing_address_collection")}
    return given | {
        "mode": mode,
        "currency": currency,
        "metadata": metadata_of(call["metadata"]),
        "customer_creation": None if mode == "subscription" or call["customer"] else "if_required",
        "payment_method_collection": call["payment_method_collection"] or ("always" if mode != "payment" else None),
        "payment_method_types": call["payment_method_types"] or ["card"],
    }


def _fixed() -> dict[str, Any]:
    return {
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "payment_status": "unpaid",
        "status": "open",
        "ui_mode": "hosted_page",
        "livemode": False,
        "phone_number_collection": {"enabled": False},
    }


def _missing(name: str) -> Any:
    raise an_invalid_request(f"Missing required param: {name}.", name, "parameter_missing")


def _check_mode(call: Call, mode: str) -> None:
    if mode not in _MODES:
        raise an_invalid_request(f"This test server has no Checkout in {mode} mode.", "mode")
    for name in _MODES[mode]:
        if name in call.params:
            raise a_refusal(f"You can not pass `{name}` in `{mode}` mode.", name)
    for name in ("line_items", "success_url"):
        if not call[name]:
            _missing(name)
    for name in ("success_url", "cancel_url"):
        if call[name] and (urlsplit(call[name]).scheme not in ("http", "https") or not urlsplit(call[name]).netloc):
            raise an_invalid_request("Not a valid URL", name, "url_invalid")
    if call["customer_email"] and not _ADDRESS.fullmatch(call["customer_email"]):
        raise a_refusal(f"Invalid email address: {call['customer_email']}", "customer_email", "email_invalid")
    if call["customer"] and call["customer_email"]:
        raise a_refusal("You may only specify one of these parameters: customer, customer_email.", "customer")


def _check_account(world: World, call: Call) -> None:
    if call.account == PLATFORM:
        return
    account = world.accounts[call.account]
    if account["_card_payments"] != "active":
        raise a_refusal(
            "No valid payment method types for this Checkout Session. Please ensure that you have activated payment "
            "methods compatible with your chosen currency in your dashboard "
            "(https://dashboard.stripe.com/account/payments/settings)."
        )
    if not account["display_name"]:
        raise a_refusal(
            "In order to use Checkout, you must set an account or business name at "
            "https://dashboard.stripe.com/account."
        )


def _check_fee(call: Call, total: int) -> None:
    asked = call["payment_intent_data"] or {}
    fee, param = asked.get("application_fee_amount"), "payment_intent_data[application_fee_amount]"
    if fee is None:
        return
    if call.account == PLATFORM and not asked.get("transfer_data"):
        raise a_refusal(
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an "
            "OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).",
            param,
        )
    if fee < 1 or fee > total:
        said = "Invalid positive integer" if fee < 1 else "The application fee must not be more than the total amount."
        raise a_refusal(said, param, "parameter_invalid_integer" if fee < 1 else "amount_too_large")


def _end(world: World, call: Call) -> int:
    asked = call["expires_at"]
    if asked is None:
        return world.now() + _LATEST
    if asked < world.now() + _SOONEST:
        said = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise a_refusal(said, "expires_at")
    if asked > world.now() + _LATEST:
        said = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise a_refusal(said, "expires_at")
    return int(asked)


def _line_item(world: World, call: Call, item: dict[str, Any], number: int) -> Object:
    where = f"line_items[{number}]"
    if bool(item.get("price")) == bool(item.get("price_data")):
        said = f"You must specify either `price` or `price_data` for {where}, and not both."
        raise an_invalid_request(said, f"{where}[price]", "parameter_missing")
    quantity = item.get("quantity")
    if quantity is None or quantity < 1:
        raise an_invalid_request(f"Quantity is required. Add `quantity` to `{where}`", f"{where}[quantity]")
    price = price_of_checkout(world, call, item, where)
    check_currency(price["currency"], f"{where}[price_data][currency]")
    check_digits(price["unit_amount"], price["currency"], f"{where}[price_data][unit_amount]")
    _check_recurring(call["mode"], price)
    amount = price["unit_amount"] * quantity
    return {
        "id": new_id("li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": world.the(call.account, "product", price["product"])["name"],
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }


def _check_recurring(mode: str, price: Object) -> None:
    if mode == "payment" and price["recurring"]:
        raise a_refusal(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices.",
            "mode",
        )
    if mode == "subscription" and not price["recurring"]:
        raise a_refusal(
            "You must provide at least one recurring price in `subscription` mode when using prices.", "mode"
        )


def _one_currency(items: list[Object]) -> str:
    currencies = sorted({item["currency"] for item in items})
    if len(currencies) > 1:
        raise a_refusal("All prices on a Checkout Session must have the same currency.", "line_items")
    return str(currencies[0])


@answers("get", "/v1/checkout/sessions/{session}")
def _retrieve_session(world: World, call: Call) -> Object:
    found = world.the(call.account, "checkout.session", call.ids["session"], "session")
    return world.shown(call.account, found, call["expand"])


@answers("get", "/v1/checkout/sessions")
def _list_sessions(world: World, call: Call) -> Object:
    names = ("status", "payment_intent", "customer", "subscription")
    asked = {name: call[name] for name in names if call[name]}
    return a_list(world, call, "checkout.session", lambda row: all(row[name] == value for name, value in asked.items()))


@answers("get", "/v1/checkout/sessions/{session}/line_items")
def _list_items(world: World, call: Call) -> Object:
    found = world.the(call.account, "checkout.session", call.ids["session"], "session")
    return _items_of(world, call.account, found)


@answers("post", "/v1/checkout/sessions/{session}/expire")
def _expire_session(world: World, call: Call) -> Object:
    session = world.the(call.account, "checkout.session", call.ids["session"], "session")
    if session["status"] != "open":
        raise a_refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"{session['status']}."
        )
    end(world, call.account, session)
    return world.shown(call.account, session, call["expand"])


def _items_of(world: World, account: str, session: Object) -> Object:
    kept = world.find(account, "checkout.session", session["id"]) or session
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return world.shown(account, {"object": "list", "data": kept["_items"], "has_more": False, "url": url})


LISTED["checkout.session", "line_items"] = _items_of


def end(world: World, account: str, session: Object) -> None:
    """Nobody can pay there any more."""
    session |= {"status": "expired", "url": None}
    if session["payment_intent"]:
        cancel(world, account, world.the(account, "payment_intent", session["payment_intent"]), "abandoned")
    world.tell(account, "checkout.session.expired", session)


def end_what_is_over(world: World) -> None:
    """Time has passed: what was open for too long is so no more."""
    for account, session in list(every(world, "checkout.session")):
        if session["status"] == "open" and session["expires_at"] <= world.now():
            end(world, account, session)


def attempt(world: World, account: str, session: Object, method: str, payer: dict[str, Any]) -> tuple[Object, Object]:
    """Somebody tries to pay: the intent and the charge of it, which is not decided yet. Raises ValueError when over."""
    if session["status"] != "open":
        raise ValueError(f"this checkout is {session['status']}")
    asked = session["_asked"].get("payment_intent_data") or {}
    if session["payment_intent"] is None:
        made = an_intent(world, account, session["amount_total"], session["currency"], asked)
        session["payment_intent"] = made["id"]
    intent = world.the(account, "payment_intent", session["payment_intent"])
    intent["payment_method"] = a_method(world, account, method, payer)["id"]
    intent["payment_method_types"] = session["payment_method_types"]
    return intent, a_charge(world, account, intent, payer, method)


def complete(world: World, account: str, session: Object, payer: dict[str, Any]) -> None:
    """The visitor is done with the page."""
    session |= {"status": "complete", "url": None, "customer_email": session["customer_email"]}
    session["customer_details"] = {
        "address": None,
        "business_name": None,
        "individual_name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
        "email": payer["email"],
        "name": payer["name"],
    }


def pay(world: World, account: str, session: Object, payer: dict[str, Any]) -> None:
    """Somebody pays by card, and the bank agrees."""
    if session["mode"] == "subscription":
        begin_subscription(world, account, session, payer)
    else:
        intent, charge = attempt(world, account, session, "card", payer)
        succeed(world, account, intent, charge)
        session["payment_status"] = "paid"
    complete(world, account, session, payer)
    world.tell(account, "checkout.session.completed", session)


def pay_later(world: World, account: str, session: Object, payer: dict[str, Any]) -> None:
    """Somebody pays in a way that a bank decides upon days later."""
    intent, charge = attempt(world, account, session, "sepa_debit", payer)
    intent["status"] = "processing"
    complete(world, account, session, payer)
    world.tell(account, "charge.pending", charge)
    world.tell(account, "payment_intent.processing", intent)
    world.tell(account, "checkout.session.completed", session)


def decide(world: World, account: str, session: Object, *, is_paid: bool) -> None:
    """The bank has decided upon what was paid later. Raises ValueError where nothing waits."""
    intent = world.the(account, "payment_intent", session["payment_intent"] or "")
    charge = world.the(account, "charge", intent["latest_charge"])
    if intent["status"] != "processing":
        raise ValueError("no payment of this checkout waits")
    if is_paid:
        succeed(world, account, intent, charge)
        session["payment_status"] = "paid"
        world.tell(account, "checkout.session.async_payment_succeeded", session)
    else:
        fail(world, account, intent, charge, "insufficient_funds")
        world.tell(account, "checkout.session.async_payment_failed", session)


def decline(world: World, account: str, session: Object, code: str, payer: dict[str, Any]) -> None:
    """Somebody tries to pay, and the bank says no; the page stays open."""
    intent, charge = attempt(world, account, session, "card", payer)
    fail(world, account, intent, charge, code)
