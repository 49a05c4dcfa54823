"""What buyers and practices do on the pretended pages, and what the pretended gateway tells of it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from flask_babel import gettext as _

from coachhub.payments.gateway import GatewayRefused, Told
from coachhub.payments.pretend_gateway import (
    ACCOUNT,
    CHECKOUT,
    PAYMENT,
    PLAN_CHECKOUT,
    SUBSCRIPTION,
    Kept,
    add,
    change,
    every,
    in_practice_of,
    is_open,
    practice_of,
    the,
)
from coachhub.payments.service.hearing import take_event
from coachhub.platform import clock
from coachhub.platform.errors import NotFound, Refused

_PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class PretendPage:
    """What a pretended checkout shows; `amount` in the currency's minor unit, 0 for a plan."""

    id: str
    title: str
    amount: int
    currency: str
    email: str
    is_open: bool
    cancel_url: str


def checkout_page(checkout_id: str) -> PretendPage:
    """The page of a checkout. Raises NotFound."""
    with _in_practice_of(checkout_id):
        kept = _the(CHECKOUT, checkout_id)
        body = kept.body
        told = (body["title"], body["amount"], body["currency"], body["email"])
        return PretendPage(kept.id, *told, is_open(kept), body["cancel_url"])


def pay_pretended(checkout_id: str) -> str:
    """Somebody pays: the checkout is complete, and the inbox hears of it. Returns where they go on to."""
    with _in_practice_of(checkout_id):
        kept = _the(CHECKOUT, checkout_id, locked=True)
        if not is_open(kept):
            raise Refused(409, _("This pretend checkout is over. Go back and begin to pay again."))
        body = kept.body
        paid = add(PAYMENT, kept.id, {name: body[name] for name in ("purchase_id", "amount", "currency")})
        change(CHECKOUT, kept.id, status="complete", payment_id=paid.id)
    take_event(_told("checkout.session.completed", kept.id, body["account_id"]))
    return str(body["success_url"])


def set_up_account(account_id: str) -> str:
    """The practice has filled everything in. Returns where it goes on to."""
    with _in_practice_of(account_id):
        kept = change(ACCOUNT, _the(ACCOUNT, account_id).id, card_payments="active")
    take_event(_told("account.updated", account_id, account_id))
    return str(kept.body.get("return_url", "/"))


def check_account(account_id: str) -> None:
    """Raises NotFound where there is no such account."""
    with _in_practice_of(account_id):
        _the(ACCOUNT, account_id)


def plan_page(checkout_id: str) -> PretendPage:
    """The page on which a plan is taken. Raises NotFound."""
    with _in_practice_of(checkout_id):
        kept = _the(PLAN_CHECKOUT, checkout_id)
        is_waiting = kept.body["status"] == "open"
        return PretendPage(kept.id, _("The monthly plan"), 0, "", "", is_waiting, kept.body["cancel_url"])


def take_pretended_plan(checkout_id: str) -> str:
    """A practice takes the plan. Returns where it goes on to."""
    with _in_practice_of(checkout_id):
        kept = _the(PLAN_CHECKOUT, checkout_id, locked=True)
        if kept.body["status"] != "open":
            raise Refused(409, _("This pretend checkout is over. Go back and begin again."))
        customer_id = kept.body["customer_id"] or f"cus_pretend_{practice_of(checkout_id).hex}"
        made = add(SUBSCRIPTION, kept.id, _plan(kept, customer_id))
        said = {"customer_id": customer_id, "subscription_id": made.id}
        change(PLAN_CHECKOUT, kept.id, status="complete", **said)
    take_event(_told("checkout.session.completed", kept.id, customer_id=customer_id))
    return str(kept.body["success_url"])


def _plan(checkout: Kept, customer_id: str) -> dict[str, object]:
    now, days = clock.now(), checkout.body["trial_days"]
    until = now + (timedelta(days=days) if days else _PERIOD)
    trial = until.isoformat() if days else None
    return {"customer_id": customer_id, "until": until.isoformat(), "trial_until": trial, "is_given_up": False}


def change_pretended_plan(customer_id: str, *, is_given_up: bool, is_failing: bool = False) -> str:
    """A plan is given up for the period's end, or kept after all; its card fails, or pays. Returns where they go on."""
    with _in_practice_of(customer_id):
        kept = next((each for each in every(SUBSCRIPTION) if each.body["customer_id"] == customer_id), None)
        if kept is None:
            raise NotFound
        change(SUBSCRIPTION, kept.id, is_given_up=is_given_up, is_failing=is_failing)
    take_event(_told("customer.subscription.updated", kept.id, customer_id=customer_id))
    return str(kept.body.get("return_url", "/"))


def check_plan(customer_id: str) -> None:
    """Raises NotFound where nobody has a plan by this name."""
    with _in_practice_of(customer_id):
        if not any(each.body["customer_id"] == customer_id for each in every(SUBSCRIPTION)):
            raise NotFound


def _told(kind: str, object_id: str, account_id: str = "", customer_id: str = "") -> Told:
    now = clock.now()
    event_id = f"evt_pretend_{sha256(f'{kind} {object_id} {now.isoformat()}'.encode()).hexdigest()[:24]}"
    practice_id: UUID | None = None if account_id else practice_of(object_id)
    return Told(event_id, kind, account_id, object_id, customer_id, practice_id, now)


def _in_practice_of(object_id: str) -> AbstractContextManager[None]:
    try:
        return in_practice_of(object_id)
    except GatewayRefused:
        raise NotFound from None


def _the(kind: str, object_id: str, *, locked: bool = False) -> Kept:
    try:
        return the(kind, object_id, locked=locked)
    except GatewayRefused:
        raise NotFound from None
