"""The pretended gateway of development and tests: no money moves, and everything else goes its way.

Its objects are rows of the practice; their ids name the practice, so that any of them is found again. What a buyer or
a bank does is done on the pages under /pretend. It is never wired in production.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from coachhub.payments.gateway import (
    AccountState,
    BadEvent,
    CheckoutAsked,
    CheckoutState,
    DisputeState,
    GatewayRefused,
    PaymentState,
    PlanAsked,
    PlanCheckoutState,
    PriceState,
    RefundState,
    SubscriptionState,
    Told,
)
from coachhub.payments.models import PretendObject
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import as_practice, current_practice

ACCOUNT, CHECKOUT, PAYMENT, REFUND = "account", "checkout", "payment", "refund"
PLAN_CHECKOUT, SUBSCRIPTION = "plan_checkout", "subscription"
_PREFIXES = {
    ACCOUNT: "acct",
    CHECKOUT: "cs",
    PAYMENT: "pi",
    REFUND: "re",
    PLAN_CHECKOUT: "cs_plan",
    SUBSCRIPTION: "sub",
}
_NAMED = re.compile(r"[a-z_]+_pretend_([0-9a-f]{32})(?:_[0-9a-f]+)?")
_ANY_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class Kept:
    """One pretended object, with what is said of it."""

    id: str
    body: dict[str, Any]
    created_at: datetime


class PretendGateway:
    """The port, over rows of ours."""

    is_pretend = True

    def open_account(self, key: str, name: str, email: str, country: str) -> AccountState:
        """The account of the practice whose id stands in the key."""
        named = _ANY_UUID.search(key)
        if named is None:
            raise GatewayRefused("key", "the key of an account names its practice")
        practice_id = UUID(named[0])
        with as_practice(practice_id):
            return _account(add(ACCOUNT, key, {"country": country, "card_payments": "restricted"}))

    def onboarding_link(self, account_id: str, return_url: str, refresh_url: str) -> str:
        with in_practice_of(account_id):
            change(ACCOUNT, account_id, return_url=return_url)
        return address_of(f"/pretend/account/{account_id}")

    def account(self, account_id: str) -> AccountState:
        with in_practice_of(account_id):
            return _account(the(ACCOUNT, account_id))

    def open_checkout(self, asked: CheckoutAsked) -> CheckoutState:
        body = {
            "purchase_id": str(asked.purchase_id),
            "account_id": asked.account_id,
            "title": asked.title,
            "amount": asked.amount,
            "currency": asked.currency,
            "email": asked.email,
            "status": "open",
            "payment_id": None,
            "expires_at": asked.expires_at.isoformat(),
            "success_url": asked.success_url,
            "cancel_url": asked.cancel_url,
        }
        with as_practice(asked.practice_id):
            return _checkout(add(CHECKOUT, asked.key, body))

    def checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        with in_practice_of(checkout_id):
            return _checkout(the(CHECKOUT, checkout_id))

    def end_checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        with in_practice_of(checkout_id):
            kept = the(CHECKOUT, checkout_id, locked=True)
            if is_open(kept):
                kept = change(CHECKOUT, checkout_id, status="expired")
            return _checkout(kept)

    def payment(self, account_id: str, payment_id: str) -> PaymentState:
        with in_practice_of(payment_id):
            return _payment(the(PAYMENT, payment_id))

    def payment_of_charge(self, account_id: str, charge_id: str) -> str | None:
        return None

    def refund(
        self, key: str, account_id: str, payment_id: str, amount: int, currency: str, refund_id: UUID
    ) -> RefundState:
        """Give back at once. Raises GatewayRefused where less is left."""
        with in_practice_of(payment_id):
            payment = the(PAYMENT, payment_id, locked=True)
            known = find(REFUND, id_of(REFUND, key))
            if known is None:
                _check_left(payment, amount)
            body = {"payment_id": payment_id, "amount": amount, "currency": currency, "refund_id": str(refund_id)}
            return _refund(known or add(REFUND, key, body))

    def payments_since(self, account_id: str, since: datetime) -> Iterator[PaymentState]:
        with in_practice_of(account_id):
            found = [_payment(each) for each in every(PAYMENT, since)]
        return iter(found)

    def checkouts_since(self, account_id: str, since: datetime) -> Iterator[CheckoutState]:
        with in_practice_of(account_id):
            found = [_checkout(each) for each in every(CHECKOUT, since)]
        return iter(found)

    def open_plan_checkout(self, asked: PlanAsked) -> PlanCheckoutState:
        body = {
            "customer_id": asked.customer_id,
            "subscription_id": None,
            "trial_days": asked.trial_days,
            "status": "open",
            "success_url": asked.success_url,
            "cancel_url": asked.cancel_url,
        }
        with as_practice(asked.practice_id):
            return _plan_checkout(add(PLAN_CHECKOUT, asked.key, body))

    def plan_checkout(self, checkout_id: str) -> PlanCheckoutState:
        with in_practice_of(checkout_id):
            return _plan_checkout(the(PLAN_CHECKOUT, checkout_id))

    def subscription(self, subscription_id: str) -> SubscriptionState:
        with in_practice_of(subscription_id):
            return _subscription(the(SUBSCRIPTION, subscription_id))

    def portal_link(self, key: str, customer_id: str, return_url: str) -> str:
        with in_practice_of(customer_id):
            for each in every(SUBSCRIPTION):
                change(SUBSCRIPTION, each.id, return_url=return_url)
        return address_of(f"/pretend/plan/{customer_id}")

    def price(self, price_id: str) -> PriceState:
        return PriceState(2900, "GBP", "month")

    def read_event(self, body: bytes, signature: str, now: datetime) -> Told:
        """Nobody outside tells anything here. Raises BadEvent."""
        raise BadEvent


def in_practice_of(object_id: str) -> AbstractContextManager[None]:
    """A transaction in the practice that an id names. Raises GatewayRefused where it is no id of ours."""
    return as_practice(practice_of(object_id))


def practice_of(object_id: str) -> UUID:
    """The practice that an id names. Raises GatewayRefused."""
    named = _NAMED.fullmatch(object_id)
    if named is None:
        raise GatewayRefused("resource_missing", f"No such object: {object_id}")
    return UUID(named[1])


def id_of(kind: str, key: str) -> str:
    """The id of what is made with a key: the same key makes the same."""
    return f"{_PREFIXES[kind]}_pretend_{current_practice().hex}_{sha256(key.encode()).hexdigest()[:16]}"


def add(kind: str, key: str, body: dict[str, Any]) -> Kept:
    """Make an object, unless the key has made it already."""
    object_id = id_of(kind, key)
    row = {"practice_id": current_practice(), "id": object_id, "kind": kind, "body": body, "created_at": clock.now()}
    db.session.execute(upsert(PretendObject).values(row).on_conflict_do_nothing())
    return the(kind, object_id)


def change(kind: str, object_id: str, **said: Any) -> Kept:
    """Say something else of an object."""
    kept = the(kind, object_id, locked=True)
    this = (PretendObject.practice_id == current_practice(), PretendObject.id == object_id)
    db.session.execute(update(PretendObject).where(*this).values(body={**kept.body, **said}))
    return Kept(kept.id, {**kept.body, **said}, kept.created_at)


def the(kind: str, object_id: str, *, locked: bool = False) -> Kept:
    """The object. Raises GatewayRefused where there is none."""
    kept = find(kind, object_id, locked=locked)
    if kept is None:
        raise GatewayRefused("resource_missing", f"No such {kind}: {object_id}")
    return kept


def find(kind: str, object_id: str, *, locked: bool = False) -> Kept | None:
    """The object, or None."""
    this = (
        PretendObject.practice_id == current_practice(),
        PretendObject.id == object_id,
        PretendObject.kind == kind,
    )
    wanted = select(PretendObject.id, PretendObject.body, PretendObject.created_at).where(*this)
    row = db.session.execute(wanted.with_for_update() if locked else wanted).first()
    return Kept(row.id, row.body, row.created_at) if row else None


def every(kind: str, since: datetime | None = None) -> list[Kept]:
    """The practice's objects of a kind, newest first."""
    here = [PretendObject.practice_id == current_practice(), PretendObject.kind == kind]
    if since is not None:
        here.append(PretendObject.created_at >= since)
    wanted = select(PretendObject.id, PretendObject.body, PretendObject.created_at).where(*here)
    rows = db.session.execute(wanted.order_by(PretendObject.created_at.desc(), PretendObject.id))
    return [Kept(row.id, row.body, row.created_at) for row in rows]


def is_open(checkout: Kept) -> bool:
    """Whether somebody can pay there now."""
    return bool(checkout.body["status"] == "open" and datetime.fromisoformat(checkout.body["expires_at"]) > clock.now())


def _account(kept: Kept) -> AccountState:
    is_ready = kept.body["card_payments"] == "active"
    wants = () if is_ready else ("identity.individual.given_name",)
    return AccountState(kept.id, kept.body["card_payments"], kept.body["country"], wants)


def _checkout(kept: Kept) -> CheckoutState:
    body = kept.body
    status = "open" if is_open(kept) else "expired" if body["status"] == "open" else body["status"]
    return CheckoutState(
        id=kept.id,
        status=status,
        is_paid=status == "complete" and body.get("is_paid", True),
        url=address_of(f"/pretend/checkout/{kept.id}") if status == "open" else None,
        purchase_id=UUID(body["purchase_id"]),
        payment_id=body["payment_id"],
        amount=body["amount"],
        currency=body["currency"],
    )


def _payment(kept: Kept) -> PaymentState:
    """Whoever pays here pays at once; the demo alone keeps payments that wait for a bank, and others in dispute."""
    body = kept.body
    status = body.get("status", "succeeded")
    has_come = status == "succeeded"
    return PaymentState(
        id=kept.id,
        status=status,
        received=body["amount"] if has_come else 0,
        currency=body["currency"],
        paid_at=kept.created_at if has_come else None,
        purchase_id=UUID(body["purchase_id"]),
        refunds=tuple(_refund(each) for each in _refunds_of(kept)),
        disputes=tuple(_dispute(each, body["currency"]) for each in body.get("disputes", ())),
    )


def _dispute(said: dict[str, Any], currency: str) -> DisputeState:
    opened_at, answer_by = (datetime.fromisoformat(said[name]) for name in ("opened_at", "answer_by"))
    moved = (said["amount"], currency, said["withdrawn"], said["reinstated"])
    return DisputeState(said["id"], said["status"], said["reason"], *moved, opened_at, answer_by)


def _refunds_of(payment: Kept) -> list[Kept]:
    return [each for each in every(REFUND) if each.body["payment_id"] == payment.id]


def _check_left(payment: Kept, amount: int) -> None:
    left = payment.body["amount"] - sum(each.body["amount"] for each in _refunds_of(payment))
    if left == 0:
        raise GatewayRefused("charge_already_refunded", "This payment was given back already.")
    if amount > left:
        raise GatewayRefused("amount_too_large", "This is more than is left of the payment.")


def _refund(kept: Kept) -> RefundState:
    body = kept.body
    refund_id = UUID(body["refund_id"])
    return RefundState(kept.id, "succeeded", body["amount"], body["currency"], kept.created_at, refund_id, "")


def _plan_checkout(kept: Kept) -> PlanCheckoutState:
    body = kept.body
    url = address_of(f"/pretend/plan-checkout/{kept.id}") if body["status"] == "open" else None
    return PlanCheckoutState(
        kept.id, body["status"], url, practice_of(kept.id), body["customer_id"], body["subscription_id"]
    )


def _subscription(kept: Kept) -> SubscriptionState:
    """A plan goes on by itself, period by period, until it is given up."""
    until = datetime.fromisoformat(kept.body["until"])
    trial = datetime.fromisoformat(kept.body["trial_until"]) if kept.body["trial_until"] else None
    is_given_up = kept.body["is_given_up"]
    while until <= clock.now() and not is_given_up:
        until += _PERIOD
    is_over = is_given_up and until <= clock.now()
    is_on_trial = trial is not None and trial > clock.now()
    goes_on = "past_due" if kept.body.get("is_failing") else "trialing" if is_on_trial else "active"
    return SubscriptionState(
        id=kept.id,
        status="canceled" if is_over else goes_on,
        customer_id=kept.body["customer_id"],
        practice_id=practice_of(kept.id),
        trial_ends_at=trial,
        period_ends_at=until,
        ends_at=until if is_given_up else None,
    )
