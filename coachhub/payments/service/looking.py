"""Asking the gateway how a purchase stands. Never inside a transaction."""

from dataclasses import dataclass
from datetime import timedelta

from coachhub.payments.gateway import CheckoutState, PaymentState, gateway
from coachhub.payments.service.purchases import PurchaseRow

_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Found:
    """What the gateway says of a purchase: None where it knows of no checkout, or no payment."""

    checkout: CheckoutState | None = None
    payment: PaymentState | None = None


def how_it_stands(purchase: PurchaseRow, *, end: bool = False) -> Found:
    """How its checkout and payment stand now; `end` has the page ended first. Raises GatewayAway, GatewayRefused."""
    checkout = _checkout(purchase, end)
    payment_id = (checkout.payment_id if checkout else None) or purchase.payment_id
    return Found(checkout, gateway().payment(purchase.account_id, payment_id) if payment_id else None)


def _checkout(purchase: PurchaseRow, end: bool) -> CheckoutState | None:
    checkout_id = purchase.checkout_id
    if checkout_id is None:
        made = lost_checkout(purchase)
        if made is None or not end:
            return made
        checkout_id = made.id
    ask = gateway().end_checkout if end else gateway().checkout
    return ask(purchase.account_id, checkout_id)


def lost_checkout(purchase: PurchaseRow) -> CheckoutState | None:
    """The page that was made for it when nobody lived to write that down. Raises GatewayAway, GatewayRefused."""
    if purchase.asked_at is None:
        return None
    made = gateway().checkouts_since(purchase.account_id, purchase.created_at - _CLOCKS_DIFFER)
    return next((each for each in made if each.purchase_id == purchase.id), None)
