"""The port to whoever moves the money: what we need of it, in our words. Amounts are in ISO 4217's minor units.

No method is called inside a transaction. Each that makes something takes a key made from our row's id: called again
with the same key and the same words it answers as the first time, and makes nothing twice. An event is a hint and no
more: what it names is asked for, and what the answer says counts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import Flask, current_app

_NAME = "coachhub.gateway"


class GatewayAway(Exception):
    """No answer, or one that says "later": nobody knows what came of it. Ask again, with the same key."""


class GatewayRefused(Exception):
    """A clear no, which asking again does not change. `code` is Stripe's word, such as `charge_already_refunded`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class BadEvent(Exception):
    """Not an event of Stripe's: the signature is wrong, too old, from the future, or the body is none."""


@dataclass(frozen=True)
class AccountState:
    """A practice's account. It takes money where `card_payments` is `active`; `wants`: what Stripe still asks for."""

    id: str
    card_payments: str
    country: str
    wants: tuple[str, ...]


@dataclass(frozen=True)
class CheckoutAsked:
    """A page on which one purchase is paid for. It ends at `expires_at`, unpaid; `fee` is the platform's part."""

    key: str
    account_id: str
    practice_id: UUID
    purchase_id: UUID
    title: str
    amount: int
    currency: str
    fee: int
    email: str
    locale: str
    expires_at: datetime
    success_url: str
    cancel_url: str


@dataclass(frozen=True)
class CheckoutState:
    """How a checkout stands: `open`, `complete` or `expired`. Complete and not `is_paid`: the bank has not decided yet.

    `url` is where it is paid, while it is open. `purchase_id` is None where it is not one of ours.
    """

    id: str
    status: str
    is_paid: bool
    url: str | None
    purchase_id: UUID | None
    payment_id: str | None
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundState:
    """Money given back: `pending`, `succeeded`, `failed` or `canceled`, as Stripe says. `refund_id` is our row's."""

    id: str
    status: str
    amount: int
    currency: str
    created_at: datetime
    refund_id: UUID | None
    trouble: str


@dataclass(frozen=True)
class DisputeState:
    """A payment that a bank questions. `withdrawn` is what it took from the practice, `reinstated` what came back."""

    id: str
    status: str
    reason: str
    amount: int
    currency: str
    withdrawn: int
    reinstated: int
    opened_at: datetime
    answer_by: datetime | None


@dataclass(frozen=True)
class PaymentState:
    """A payment, with all that was given back or is questioned. `status` is the payment intent's, as Stripe says."""

    id: str
    status: str
    received: int
    currency: str
    paid_at: datetime | None
    purchase_id: UUID | None
    refunds: tuple[RefundState, ...]
    disputes: tuple[DisputeState, ...]


@dataclass(frozen=True)
class PlanAsked:
    """A page on which a practice takes the platform's monthly plan. `customer_id` where it is one already."""

    key: str
    practice_id: UUID
    email: str
    customer_id: str | None
    price_id: str
    trial_days: int
    locale: str
    success_url: str
    cancel_url: str


@dataclass(frozen=True)
class PlanCheckoutState:
    """How the page of a plan stands."""

    id: str
    status: str
    url: str | None
    practice_id: UUID | None
    customer_id: str | None
    subscription_id: str | None


@dataclass(frozen=True)
class SubscriptionState:
    """How a plan stands: `status` as Stripe says. `ends_at`: it was given up, and ends then."""

    id: str
    status: str
    customer_id: str
    practice_id: UUID | None
    trial_ends_at: datetime | None
    period_ends_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class PriceState:
    """What the plan costs each time: `amount` in minor units, each `every` of `interval` (day, week, month, year)."""

    amount: int
    currency: str
    interval: str
    every: int = 1


@dataclass(frozen=True)
class Told:
    """An event: what kind, about which object of which account ("" is the platform's own), and when it came about.

    Of a charge, a refund or a dispute the object is the payment; of an invoice it is the plan.
    """

    event_id: str
    kind: str
    account_id: str
    object_id: str
    customer_id: str
    practice_id: UUID | None
    happened_at: datetime


class Gateway(Protocol):
    """Stripe, or what stands in for it. Each method raises GatewayAway, and GatewayRefused."""

    is_pretend: bool

    def open_account(self, key: str, name: str, email: str, country: str) -> AccountState:
        """Make an account for a practice, which it fills in at Stripe's."""

    def onboarding_link(self, account_id: str, return_url: str, refresh_url: str) -> str:
        """Where the practice fills it in; good once, for some minutes."""

    def account(self, account_id: str) -> AccountState:
        """How the account stands."""

    def open_checkout(self, asked: CheckoutAsked) -> CheckoutState:
        """Make the page on which a purchase is paid for."""

    def checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        """How a checkout stands."""

    def end_checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        """End it, so that nobody can pay any more; where somebody has, it stands as it stands."""

    def payment(self, account_id: str, payment_id: str) -> PaymentState:
        """How a payment stands."""

    def payment_of_charge(self, account_id: str, charge_id: str) -> str | None:
        """Which payment a charge belongs to."""

    def refund(
        self, key: str, account_id: str, payment_id: str, amount: int, currency: str, refund_id: UUID
    ) -> RefundState:
        """Give back part of a payment, or all, with the platform's part of it."""

    def payments_since(self, account_id: str, since: datetime) -> Iterator[PaymentState]:
        """The payments begun since then, newest first."""

    def checkouts_since(self, account_id: str, since: datetime) -> Iterator[CheckoutState]:
        """The checkouts made since then, newest first."""

    def open_plan_checkout(self, asked: PlanAsked) -> PlanCheckoutState:
        """Make the page on which a practice takes the monthly plan."""

    def plan_checkout(self, checkout_id: str) -> PlanCheckoutState:
        """How the page of a plan stands."""

    def subscription(self, subscription_id: str) -> SubscriptionState:
        """How a plan stands."""

    def portal_link(self, key: str, customer_id: str, return_url: str) -> str:
        """Where a practice changes its card, reads its invoices and gives the plan up."""

    def price(self, price_id: str) -> PriceState:
        """What a plan costs."""

    def read_event(self, body: bytes, signature: str, now: datetime) -> Told:
        """The event in the body of a webhook. Raises BadEvent."""


@dataclass(frozen=True)
class _Later:
    make: Callable[[], Gateway]


def plug_gateway(app: Flask, gateway: Gateway) -> None:
    """Give the application its gateway."""
    app.extensions[_NAME] = gateway


def plug_gateway_later(app: Flask, make: Callable[[], Gateway]) -> None:
    """Give the application what makes its gateway: libraries are heavy, and most processes move no money."""
    app.extensions[_NAME] = _Later(make)


def gateway() -> Gateway:
    """The gateway of the running application; needs an application context."""
    wired: Gateway | _Later = current_app.extensions[_NAME]
    if isinstance(wired, _Later):
        wired = current_app.extensions[_NAME] = wired.make()
    return wired
