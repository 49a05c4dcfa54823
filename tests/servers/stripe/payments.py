"""Payment intents and charges, and the money that they move on an account's balance."""

from typing import Any

from tests.servers.stripe.errors import an_invalid_request
from tests.servers.stripe.state import (
    APPLICATION,
    LISTED,
    PLATFORM,
    Call,
    Object,
    World,
    a_list,
    answers,
    blank,
    metadata_of,
    new_id,
)

_FEE_PER_MILLE, _FEE_EACH = 29, 30
_DECLINES = {
    "card_declined": ("generic_decline", "Your card was declined."),
    "insufficient_funds": ("insufficient_funds", "Your card has insufficient funds."),
    "authentication_required": ("authentication_not_handled", "We are unable to authenticate your payment method."),
}


def an_intent(world: World, account: str, amount: int, currency: str, asked: dict[str, Any]) -> Object:
    """The intent of a checkout, made when somebody first tries to pay; `asked` is its `payment_intent_data`."""
    intent = world.make(
        account,
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        currency=currency,
        capture_method=asked.get("capture_method", "automatic_async"),
        confirmation_method="automatic",
        status="requires_payment_method",
        metadata=metadata_of(asked.get("metadata")),
        description=asked.get("description"),
        receipt_email=asked.get("receipt_email"),
        statement_descriptor=asked.get("statement_descriptor"),
        application_fee_amount=asked.get("application_fee_amount"),
        application=APPLICATION if account != PLATFORM else None,
        payment_method_types=["card"],
    )
    intent["client_secret"] = f"{intent['id']}_secret_{new_id('', 25)}"
    world.tell(account, "payment_intent.created", intent)
    return intent


def a_charge(world: World, account: str, intent: Object, payer: dict[str, Any], method: str) -> Object:
    """A try to charge an intent's amount; how it went is said afterwards."""
    charge = world.make(account, "charge", **{name: intent[name] for name in _FROM_INTENT})
    charge |= {
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": {"address": _NOWHERE, "phone": None, "tax_id": None, **payer},
        "calculated_statement_descriptor": "TEST",
        "captured": False,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {
            "type": method,
            method: {**blank(f"payment_method_details_{method}"), **_VISA.get(method, {})},
        },
        "status": "pending",
    }
    intent["latest_charge"] = charge["id"]
    return charge


_VISA = {
    "card": {"brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2034, "funding": "credit", "last4": "4242"}
}
_FROM_INTENT = ("amount", "currency", "application", "application_fee_amount", "description", "metadata", "customer")
_NOWHERE = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}


def succeed(world: World, account: str, intent: Object, charge: Object) -> None:
    """The money is there."""
    fee = _part_of_platform(world, account, charge)
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": charge["amount"]}
    charge |= {"outcome": _APPROVED, "receipt_url": f"{world.url}/receipts/{charge['id']}"}
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    charge["balance_transaction"] = book(world, account, charge, kind, charge["amount"], fee)["id"]
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "processing": None, "next_action": None}
    intent["last_payment_error"] = None
    world.tell(account, "charge.succeeded", charge)
    world.tell(account, "payment_intent.succeeded", intent)


_APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def fail(world: World, account: str, intent: Object, charge: Object, code: str = "card_declined") -> None:
    """The bank says no."""
    decline, message = _DECLINES[code]
    failure = "card_declined" if code == "insufficient_funds" else code
    charge |= {"status": "failed", "failure_code": failure, "failure_message": message, "paid": False}
    charge["outcome"] = _APPROVED | {
        "network_status": "declined_by_network",
        "reason": decline,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }
    said = {"code": failure, "decline_code": decline, "message": message, "type": "card_error", "charge": charge["id"]}
    intent |= {"status": "requires_payment_method", "last_payment_error": said, "next_action": None, "processing": None}
    world.tell(account, "charge.failed", charge)
    world.tell(account, "payment_intent.payment_failed", intent)


def book(world: World, account: str, about: Object, kind: str, amount: int, part_of_platform: int = 0) -> Object:
    """Move money on the account's balance."""
    at_stripe = amount * _FEE_PER_MILLE // 1000 + _FEE_EACH if kind in ("charge", "payment") else 0
    details: list[dict[str, Any]] = [
        {"amount": fee, "application": who, "currency": about["currency"], "description": words, "type": of}
        for fee, who, words, of in (
            (at_stripe, None, "Stripe processing fees", "stripe_fee"),
            (part_of_platform, APPLICATION, "Application fee", "application_fee"),
        )
        if fee
    ]
    fee = at_stripe + part_of_platform
    return world.make(
        account,
        "balance_transaction",
        amount=amount,
        currency=about["currency"],
        fee=fee,
        fee_details=details,
        net=amount - fee,
        type=kind,
        reporting_category=_CATEGORIES.get(kind, kind),
        balance_type="payments",
        source=about["id"],
        status="pending",
        available_on=world.now() + 2 * 24 * 3600,
    )


_CATEGORIES = {"payment": "charge", "payment_refund": "refund", "adjustment": "dispute", "application_fee": "fee"}


def _part_of_platform(world: World, account: str, charge: Object) -> int:
    amount = int(charge["application_fee_amount"] or 0)
    if not amount:
        return 0
    fee = world.make(
        PLATFORM,
        "application_fee",
        account=account,
        amount=amount,
        amount_refunded=0,
        application=APPLICATION,
        charge=charge["id"],
        currency=charge["currency"],
        originating_transaction=charge["id"],
        refunded=False,
        refunds={"object": "list", "data": [], "has_more": False, "url": ""},
    )
    fee["refunds"]["url"] = f"/v1/application_fees/{fee['id']}/refunds"
    fee["balance_transaction"] = book(world, PLATFORM, fee, "application_fee", amount)["id"]
    charge["application_fee"] = fee["id"]
    world.tell(PLATFORM, "application_fee.created", fee)
    return amount


def cancel(world: World, account: str, intent: Object, reason: str) -> None:
    """Nobody can pay it any more."""
    if intent["status"] in ("succeeded", "canceled", "processing"):
        return
    intent |= {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": reason, "next_action": None}
    world.tell(account, "payment_intent.canceled", intent)


def a_method(world: World, account: str, kind: str, payer: dict[str, Any]) -> Object:
    """What somebody paid with."""
    card = blank("payment_method_card") | {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034}
    return world.make(
        account,
        "payment_method",
        type=kind,
        billing_details={"address": _NOWHERE, "phone": None, "tax_id": None, **payer},
        **({"card": card} if kind == "card" else {kind: {}}),
    )


@answers("get", "/v1/payment_intents/{intent}")
def _retrieve_intent(world: World, call: Call) -> Object:
    return world.shown(
        call.account, world.the(call.account, "payment_intent", call.ids["intent"], "intent"), call["expand"]
    )


@answers("get", "/v1/payment_intents")
def _list_intents(world: World, call: Call) -> Object:
    return a_list(
        world, call, "payment_intent", lambda intent: not call["customer"] or intent["customer"] == call["customer"]
    )


@answers("post", "/v1/payment_intents/{intent}")
def _update_intent(world: World, call: Call) -> Object:
    intent = world.the(call.account, "payment_intent", call.ids["intent"], "intent")
    beyond = sorted(call.params.keys() - {"metadata", "description", "receipt_email", "expand"})
    if beyond:
        raise an_invalid_request(f"This test server does not change {beyond[0]} of a payment intent.", beyond[0])
    if "metadata" in call.params:
        intent["metadata"] = metadata_of(call["metadata"], intent["metadata"])
    intent |= {name: call[name] for name in ("description", "receipt_email") if name in call.params}
    return world.shown(call.account, intent, call["expand"])


@answers("get", "/v1/charges/{charge}")
def _retrieve_charge(world: World, call: Call) -> Object:
    return world.shown(call.account, world.the(call.account, "charge", call.ids["charge"], "charge"), call["expand"])


@answers("get", "/v1/charges")
def _list_charges(world: World, call: Call) -> Object:
    wanted = call["payment_intent"]
    return a_list(world, call, "charge", lambda charge: not wanted or charge["payment_intent"] == wanted)


@answers("get", "/v1/balance_transactions/{id}")
def _retrieve_transaction(world: World, call: Call) -> Object:
    found = world.the(call.account, "balance_transaction", call.ids["id"])
    return world.shown(call.account, found, call["expand"])


@answers("get", "/v1/balance_transactions")
def _list_transactions(world: World, call: Call) -> Object:
    asked = {name: call[name] for name in ("type", "source", "currency") if call[name]}
    return a_list(
        world, call, "balance_transaction", lambda row: all(row[name] == value for name, value in asked.items())
    )


@answers("get", "/v1/application_fees/{id}")
def _retrieve_fee(world: World, call: Call) -> Object:
    found = world.the(call.account, "application_fee", call.ids["id"])
    return world.shown(call.account, found, call["expand"])


@answers("get", "/v1/application_fees")
def _list_fees(world: World, call: Call) -> Object:
    return a_list(world, call, "application_fee", lambda fee: not call["charge"] or fee["charge"] == call["charge"])


def _refunds_of(world: World, account: str, charge: Object) -> Object:
    rows = [each for each in reversed(world.all(account, "refund")) if each["charge"] == charge["id"]]
    return {
        "object": "list",
        "data": [world.shown(account, each) for each in rows[:10]],
        "has_more": len(rows) > 10,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }


LISTED["charge", "refunds"] = _refunds_of
