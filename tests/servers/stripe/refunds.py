"""Money that goes back: refunds that are paid out, wait or fail, and disputes that banks open and decide."""

from typing import Any

from tests.servers.stripe.amounts import check_digits, written
from tests.servers.stripe.errors import StripeError, a_refusal, an_invalid_request
from tests.servers.stripe.payments import book
from tests.servers.stripe.state import PLATFORM, Call, Object, World, a_list, answers, blank, metadata_of

_DISPUTE_FEE = 1500
_ANSWER_WITHIN = 9 * 24 * 3600
_OVER = ("won", "lost", "warning_closed", "prevented")


@answers("post", "/v1/refunds")
def _create_refund(world: World, call: Call) -> Object:
    charge = _charge_of(world, call)
    amount = _amount_of(charge, call["amount"])
    refund = give_back(world, call.account, charge, amount, call["reason"], metadata_of(call["metadata"]))
    if call["refund_application_fee"]:
        _give_fee_back(world, charge, amount)
    return world.shown(call.account, refund, call["expand"])


def _charge_of(world: World, call: Call) -> Object:
    if call["charge"]:
        charge = world.the(call.account, "charge", call["charge"], "charge")
    elif call["payment_intent"]:
        intent = world.the(call.account, "payment_intent", call["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            said = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise a_refusal(said, "payment_intent", "payment_intent_unexpected_state")
        charge = world.the(call.account, "charge", intent["latest_charge"], "charge")
    else:
        said = "One of the following params should be provided for this request: payment_intent or charge."
        raise an_invalid_request(said, "payment_intent", "parameter_missing")
    _check_refundable(world, call, charge)
    return charge


def _check_refundable(world: World, call: Call, charge: Object) -> None:
    if charge["status"] != "succeeded":
        raise a_refusal(f"Charge {charge['id']} has not succeeded, so it cannot be refunded.", "charge")
    if charge["refunded"]:
        raise a_refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if any(_is_charged_back(each) for each in world.all(call.account, "dispute") if each["charge"] == charge["id"]):
        said = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise a_refusal(said, code="charge_disputed")
    if call["refund_application_fee"] and not charge["application_fee"]:
        said = f"Attempting to refund_application_fee on charge ({charge['id']}), but it has no application fee."
        raise a_refusal(said, "refund_application_fee")


def _is_charged_back(dispute: Object) -> bool:
    return not dispute["is_charge_refundable"] and dispute["status"] != "won"


def _amount_of(charge: Object, asked: int | None) -> int:
    left = int(charge["amount"] - charge["amount_refunded"])
    amount = left if asked is None else asked
    if amount <= 0:
        raise an_invalid_request("Invalid positive integer", "amount", "parameter_invalid_integer")
    check_digits(amount, charge["currency"], "amount")
    if amount > left:
        of = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        shown, whole = written(amount, charge["currency"]), written(left, charge["currency"])
        raise a_refusal(f"Refund amount ({shown}) is greater than {of} ({whole})", "amount", "amount_too_large")
    return amount


def give_back(
    world: World, account: str, charge: Object, amount: int, reason: str | None, metadata: dict[str, str]
) -> Object:
    """Refund part of a charge: paid out at once, unless the world's next refund is to wait or to fail later."""
    is_waiting, world.next_refund_waits = world.next_refund_waits, False
    refund = world.make(
        account,
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=metadata,
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="pending" if is_waiting else "succeeded",
        destination_details={"type": "card", "card": {"reference_status": "pending", "type": "refund"}},
    )
    if is_waiting:
        refund["pending_reason"] = "processing"
    kind = "refund" if charge["payment_method_details"]["type"] == "card" else "payment_refund"
    refund["balance_transaction"] = book(world, account, refund, kind, -amount)["id"]
    before = charge["amount_refunded"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    world.tell(account, "charge.refunded", charge, amount_refunded=before)
    world.tell(account, "refund.created", refund)
    return refund


def _give_fee_back(world: World, charge: Object, amount: int) -> None:
    fee = world.the(PLATFORM, "application_fee", charge["application_fee"])
    is_last = charge["refunded"]
    part = fee["amount"] - fee["amount_refunded"] if is_last else fee["amount"] * amount // charge["amount"]
    if part <= 0:
        return
    back = world.make(PLATFORM, "fee_refund", amount=part, currency=fee["currency"], fee=fee["id"], metadata={})
    back["balance_transaction"] = book(world, PLATFORM, back, "application_fee_refund", -part)["id"]
    fee["amount_refunded"] += part
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    fee["refunds"]["data"].insert(0, back)
    world.tell(PLATFORM, "application_fee.refunded", fee)


def settle_refund(world: World, account: str, refund: Object) -> None:
    """A refund that waited is paid out."""
    refund["status"] = "succeeded"
    refund.pop("pending_reason", None)
    _tell_refund(world, account, refund)


def fail_refund(world: World, account: str, refund: Object, reason: str, *, is_cancelled: bool = False) -> None:
    """The money comes back to the account: the bank did not take it, or the refund was given up in time."""
    charge = world.the(account, "charge", refund["charge"])
    refund |= {"status": "canceled" if is_cancelled else "failed"}
    if not is_cancelled:
        refund["failure_reason"] = reason
    refund.pop("pending_reason", None)
    back = book(world, account, refund, "refund_failure", refund["amount"])
    refund["failure_balance_transaction"] = back["id"]
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    _tell_refund(world, account, refund)
    if not is_cancelled:
        world.tell(account, "refund.failed", refund)


def _tell_refund(world: World, account: str, refund: Object) -> None:
    world.tell(account, "charge.refund.updated", refund)
    world.tell(account, "refund.updated", refund)


@answers("get", "/v1/refunds/{refund}")
def _retrieve_refund(world: World, call: Call) -> Object:
    return world.shown(call.account, world.the(call.account, "refund", call.ids["refund"], "refund"), call["expand"])


@answers("post", "/v1/refunds/{refund}")
def _update_refund(world: World, call: Call) -> Object:
    refund = world.the(call.account, "refund", call.ids["refund"], "refund")
    refund["metadata"] = metadata_of(call["metadata"], refund["metadata"])
    return world.shown(call.account, refund, call["expand"])


@answers("post", "/v1/refunds/{refund}/cancel")
def _cancel_refund(world: World, call: Call) -> Object:
    refund = world.the(call.account, "refund", call.ids["refund"], "refund")
    if refund["status"] != "requires_action":
        raise a_refusal("Only refunds that require action can be canceled.", "refund")
    fail_refund(world, call.account, refund, "", is_cancelled=True)
    return world.shown(call.account, refund, call["expand"])


@answers("get", "/v1/refunds")
def _list_refunds(world: World, call: Call) -> Object:
    asked = {name: call[name] for name in ("charge", "payment_intent") if call[name]}
    return a_list(world, call, "refund", lambda row: all(row[name] == value for name, value in asked.items()))


def open_dispute(world: World, account: str, charge: Object, amount: int, reason: str, *, is_inquiry: bool) -> Object:
    """A bank questions a charge. But for an inquiry, it takes the money at once."""
    if not 0 < amount <= charge["amount"]:
        raise ValueError("a dispute is about a part of its charge")
    dispute = world.make(
        account,
        "dispute",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="warning_needs_response" if is_inquiry else "needs_response",
        is_charge_refundable=is_inquiry,
        metadata={},
        evidence=blank("dispute_evidence") | {"enhanced_evidence": {}},
        evidence_details=_details(world),
        payment_method_details={"type": "card", "card": {"brand": "visa", "case_type": "chargeback"}},
    )
    dispute["payment_method_details"]["card"]["network_reason_code"] = "10.4"
    charge["disputed"] = True
    world.tell(account, "charge.dispute.created", dispute)
    if not is_inquiry:
        take_away(world, account, dispute)
    return dispute


def _details(world: World) -> dict[str, Any]:
    blank_details: dict[str, Any] = blank("dispute_evidence_details")
    return blank_details | {"due_by": world.now() + _ANSWER_WITHIN, "has_evidence": False, "past_due": False}


def take_away(world: World, account: str, dispute: Object) -> None:
    """The bank takes the money in question."""
    taken = book(world, account, dispute, "adjustment", -dispute["amount"])
    taken |= {"fee": _DISPUTE_FEE, "net": -dispute["amount"] - _DISPUTE_FEE, "description": "Chargeback withdrawal"}
    dispute["balance_transactions"].append(taken)
    world.tell(account, "charge.dispute.funds_withdrawn", dispute)


def close_dispute(world: World, account: str, dispute: Object, *, is_won: bool) -> None:
    """The bank decides; where the practice is right the money comes back."""
    if dispute["status"] in _OVER:
        raise ValueError("this dispute is over")
    is_inquiry = dispute["status"].startswith("warning")
    dispute["status"] = "warning_closed" if is_inquiry else ("won" if is_won else "lost")
    world.tell(account, "charge.dispute.closed", dispute)
    if is_won and not is_inquiry:
        back = book(world, account, dispute, "adjustment", dispute["amount"])
        back |= {"description": "Chargeback reversal", "reporting_category": "dispute_reversal"}
        dispute["balance_transactions"].append(back)
        world.tell(account, "charge.dispute.funds_reinstated", dispute)


@answers("get", "/v1/disputes/{dispute}")
def _retrieve_dispute(world: World, call: Call) -> Object:
    return world.shown(call.account, world.the(call.account, "dispute", call.ids["dispute"], "dispute"), call["expand"])


@answers("get", "/v1/disputes")
def _list_disputes(world: World, call: Call) -> Object:
    asked = {name: call[name] for name in ("charge", "payment_intent") if call[name]}
    return a_list(world, call, "dispute", lambda row: all(row[name] == value for name, value in asked.items()))


@answers("post", "/v1/disputes/{dispute}")
def _answer_dispute(world: World, call: Call) -> Object:
    dispute = world.the(call.account, "dispute", call.ids["dispute"], "dispute")
    if dispute["status"] not in ("needs_response", "warning_needs_response"):
        raise StripeError(400, "invalid_request_error", "This dispute can no longer be answered.", None, "dispute")
    dispute["evidence"] |= call["evidence"] or {}
    dispute["metadata"] = metadata_of(call["metadata"], dispute["metadata"])
    if call["submit"] is not False and call["evidence"]:
        dispute["status"] = "warning_under_review" if dispute["is_charge_refundable"] else "under_review"
        dispute["evidence_details"] |= {"has_evidence": True, "submission_count": 1}
    world.tell(call.account, "charge.dispute.updated", dispute)
    return world.shown(call.account, dispute, call["expand"])


@answers("post", "/v1/disputes/{dispute}/close")
def _give_in(world: World, call: Call) -> Object:
    dispute = world.the(call.account, "dispute", call.ids["dispute"], "dispute")
    close_dispute(world, call.account, dispute, is_won=False)
    return world.shown(call.account, dispute, call["expand"])
