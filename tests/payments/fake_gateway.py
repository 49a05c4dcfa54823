"""Stripe in memory: keeps state, answers a key as the first time, and moves money as its buyers and banks do here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from coachhub.payments.gateway import (
    AccountState,
    BadEvent,
    CheckoutAsked,
    CheckoutState,
    DisputeState,
    GatewayAway,
    GatewayRefused,
    PaymentState,
    PlanAsked,
    PlanCheckoutState,
    PriceState,
    RefundState,
    SubscriptionState,
    Told,
)
from coachhub.platform.clock import FixedClock

ACCOUNT = "acct_ana"
_SOON = timedelta(minutes=30)


@dataclass
class Kept:
    """What the gateway keeps of one checkout or payment: its state, whose it is, since when."""

    account_id: str
    state: Any
    made_at: datetime
    ends_at: datetime | None = None


@dataclass
class FakeGateway:
    """Everything a test asks of Stripe. `fails` is called with the method's name before and after each call."""

    clock: FixedClock
    accounts: dict[str, AccountState] = field(default_factory=dict)
    checkouts: dict[str, Kept] = field(default_factory=dict)
    payments: dict[str, Kept] = field(default_factory=dict)
    replies: dict[str, tuple[object, object]] = field(default_factory=dict)
    asked: list[CheckoutAsked] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    trouble: list[tuple[str, str, Exception]] = field(default_factory=list)
    is_pretend: bool = False

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def forget(self) -> None:
        """As if nothing had ever been bought."""
        for kept in (self.accounts, self.checkouts, self.payments, self.replies):
            kept.clear()
        self.asked.clear()
        self.events.clear()
        self.calls.clear()
        self.trouble.clear()

    def fail(self, method: str, error: Exception | None = None, when: str = "before") -> None:
        """Fail at the next call of the method: `before` it has done anything, or `after` it has done all of it."""
        self.trouble.append((method, when, error or GatewayAway("no answer")))

    def open_account(self, key: str, name: str, email: str, country: str) -> AccountState:
        return self._once("open_account", key, (name, email, country), lambda: self.add_account(country=country))

    def add_account(self, account_id: str | None = None, country: str = "GB", status: str = "active") -> AccountState:
        """An account that takes cards, at once."""
        made = AccountState(account_id or f"acct_{next(self._numbers)}", status, country, ())
        self.accounts[made.id] = made
        return made

    def onboarding_link(self, account_id: str, return_url: str, refresh_url: str) -> str:
        return f"https://stripe.example/onboarding/{account_id}"

    def account(self, account_id: str) -> AccountState:
        return self._asked("account", lambda: self.accounts[account_id])

    def open_checkout(self, asked: CheckoutAsked) -> CheckoutState:
        self.asked.append(asked)
        return self._once("open_checkout", asked.key, asked, lambda: self._make_checkout(asked))

    def _make_checkout(self, asked: CheckoutAsked) -> CheckoutState:
        if asked.expires_at < self.clock.now() + _SOON:
            raise GatewayRefused("parameter_invalid", "expires_at must be at least 30 minutes from now")
        number = f"cs_{next(self._numbers)}"
        url = f"https://checkout.stripe.example/{number}"
        made = CheckoutState(number, "open", False, url, asked.purchase_id, None, asked.amount, asked.currency)
        self.checkouts[number] = Kept(asked.account_id, made, self.clock.now(), asked.expires_at)
        return made

    def checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        return self._asked("checkout", lambda: self._checkout(account_id, checkout_id))

    def _checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        kept = self._find(self.checkouts, account_id, checkout_id)
        if kept.state.status == "open" and kept.ends_at is not None and kept.ends_at <= self.clock.now():
            self._change(kept, "checkout.session.expired", status="expired", url=None)
        return kept.state  # type: ignore[no-any-return]

    def end_checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        return self._asked("end_checkout", lambda: self.expire(checkout_id, account_id))

    def payment(self, account_id: str, payment_id: str) -> PaymentState:
        return self._asked("payment", lambda: self._find(self.payments, account_id, payment_id).state)

    def payment_of_charge(self, account_id: str, charge_id: str) -> str | None:
        return self._asked("payment_of_charge", lambda: charge_id.replace("ch_", "pi_"))

    def refund(
        self, key: str, account_id: str, payment_id: str, amount: int, currency: str, refund_id: UUID
    ) -> RefundState:
        words = (account_id, payment_id, amount, currency, refund_id)
        return self._once("refund", key, words, lambda: self.refund_outside(payment_id, amount, refund_id))

    def payments_since(self, account_id: str, since: datetime) -> Iterator[PaymentState]:
        return self._asked("payments_since", lambda: self._since(self.payments, account_id, since))

    def checkouts_since(self, account_id: str, since: datetime) -> Iterator[CheckoutState]:
        return self._asked("checkouts_since", lambda: self._since(self.checkouts, account_id, since))

    def _since(self, among: dict[str, Kept], account_id: str, since: datetime) -> Iterator[Any]:
        own = [kept for kept in among.values() if kept.account_id == account_id and kept.made_at >= since]
        return iter([kept.state for kept in reversed(own)])

    def open_plan_checkout(self, asked: PlanAsked) -> PlanCheckoutState:
        raise NotImplementedError

    def plan_checkout(self, checkout_id: str) -> PlanCheckoutState:
        raise NotImplementedError

    def subscription(self, subscription_id: str) -> SubscriptionState:
        raise NotImplementedError

    def portal_link(self, key: str, customer_id: str, return_url: str) -> str:
        raise NotImplementedError

    def price(self, price_id: str) -> PriceState:
        return PriceState(2900, "GBP", "month")

    def read_event(self, body: bytes, signature: str, now: datetime) -> Told:
        raise BadEvent("the fake signs nothing")

    # What buyers and banks do

    def pay(self, checkout_id: str, *, slowly: bool = False) -> str:
        """The buyer pays; `slowly`: by a bank that decides later. Returns the payment's id."""
        kept = self.checkouts[checkout_id]
        if self._checkout(kept.account_id, checkout_id).status != "open":
            raise GatewayRefused("checkout_over", "the page has ended")
        state: CheckoutState = kept.state
        payment_id = f"pi_{next(self._numbers)}"
        made = PaymentState(payment_id, "processing", 0, state.currency, None, state.purchase_id, (), ())
        self.payments[payment_id] = Kept(kept.account_id, made, self.clock.now())
        if not slowly:
            self._succeed(payment_id, state.amount)
        changes = {"status": "complete", "is_paid": not slowly, "url": None, "payment_id": payment_id}
        self._change(kept, "checkout.session.completed", **changes)
        return payment_id

    def bank_decides(self, checkout_id: str, *, yes: bool) -> None:
        """The bank of a payment under way says yes or no."""
        kept = self.checkouts[checkout_id]
        if yes:
            self._succeed(kept.state.payment_id, kept.state.amount)
            self._change(kept, "checkout.session.async_payment_succeeded", is_paid=True)
        else:
            self._change_payment(
                kept.state.payment_id, "payment_intent.payment_failed", status="requires_payment_method"
            )
            self._change(kept, "checkout.session.async_payment_failed")

    def expire(self, checkout_id: str, account_id: str | None = None) -> CheckoutState:
        """The page ends, unless it is complete."""
        kept = self._find(self.checkouts, account_id or self.checkouts[checkout_id].account_id, checkout_id)
        if kept.state.status == "open":
            self._change(kept, "checkout.session.expired", status="expired", url=None)
        return kept.state  # type: ignore[no-any-return]

    def refund_outside(self, payment_id: str, amount: int, refund_id: UUID | None = None) -> RefundState:
        """Give money back: in Stripe's own dashboard, where no id of ours is named."""
        state: PaymentState = self.payments[payment_id].state
        gone = sum(each.amount for each in state.refunds if each.status not in ("failed", "canceled"))
        if gone + amount > state.received:
            raise GatewayRefused("charge_already_refunded", "more than is left of the charge")
        number = f"re_{next(self._numbers)}"
        made = RefundState(number, "succeeded", amount, state.currency, self.clock.now(), refund_id, "")
        self._change_payment(payment_id, "charge.refunded", refunds=(*state.refunds, made))
        return made

    def refund_stands(self, payment_id: str, status: str, trouble: str = "") -> None:
        """The last refund of the payment now stands like this."""
        *others, last = self.payments[payment_id].state.refunds
        changed = replace(last, status=status, trouble=trouble)
        self._change_payment(payment_id, "refund.updated", refunds=(*others, changed))

    def dispute(self, payment_id: str) -> None:
        """The buyer's bank takes the money back and asks why."""
        state: PaymentState = self.payments[payment_id].state
        now = self.clock.now()
        made = DisputeState(
            f"dp_{next(self._numbers)}",
            "needs_response",
            "fraudulent",
            state.received,
            state.currency,
            state.received,
            0,
            now,
            now + timedelta(days=7),
        )
        self._change_payment(payment_id, "charge.dispute.created", disputes=(*state.disputes, made))

    def dispute_ends(self, payment_id: str, *, won: bool) -> None:
        """The bank decides."""
        *others, last = self.payments[payment_id].state.disputes
        back = last.withdrawn if won else 0
        changed = replace(last, status="won" if won else "lost", reinstated=back)
        self._change_payment(payment_id, "charge.dispute.closed", disputes=(*others, changed))

    def balance(self, account_id: str = ACCOUNT) -> dict[str, int]:
        """What there is of each currency, before Stripe's own part."""
        found: dict[str, int] = {}
        for kept in self.payments.values():
            if kept.account_id == account_id and kept.state.purchase_id is not None:
                found[kept.state.currency] = found.get(kept.state.currency, 0) + net(kept.state)
        return {currency: amount for currency, amount in found.items() if amount}

    def the_checkout(self) -> str:
        """The id of the newest checkout."""
        return list(self.checkouts)[-1]

    # How it works inside

    def _succeed(self, payment_id: str, amount: int) -> None:
        changes = {"status": "succeeded", "received": amount, "paid_at": self.clock.now()}
        self._change_payment(payment_id, "payment_intent.succeeded", **changes)

    def _change(self, kept: Kept, kind: str, **values: object) -> None:
        kept.state = replace(kept.state, **values)
        self._tell(kind, kept)

    def _change_payment(self, payment_id: str, kind: str, **values: object) -> None:
        self._change(self.payments[payment_id], kind, **values)

    def _tell(self, kind: str, kept: Kept) -> None:
        told = Told(f"evt_{next(self._numbers)}", kind, kept.account_id, kept.state.id, "", None, self.clock.now())
        self.events.append(told)

    def _find(self, among: dict[str, Kept], account_id: str, number: str) -> Kept:
        kept = among.get(number)
        if kept is None or kept.account_id != account_id:
            raise GatewayRefused("resource_missing", f"No such object: {number}")
        return kept

    def _asked(self, method: str, answer: Callable[[], Any]) -> Any:
        self.calls.append(method)
        self._fail_where_told(method, "before")
        found = answer()
        self._fail_where_told(method, "after")
        return found

    def _once(self, method: str, key: str, words: object, make: Callable[[], Any]) -> Any:
        def answer() -> Any:
            if key not in self.replies:
                self.replies[key] = (words, make())
            said, reply = self.replies[key]
            if said != words:
                raise GatewayRefused("idempotency_error", "the same key with other words")
            return reply

        return self._asked(method, answer)

    def _fail_where_told(self, method: str, when: str) -> None:
        for told in self.trouble:
            if told[:2] == (method, when):
                self.trouble.remove(told)
                raise told[2]


def net(payment: PaymentState) -> int:
    """What is left of a payment."""
    back = sum(each.amount for each in payment.refunds if each.status not in ("failed", "canceled"))
    return payment.received - back - sum(each.withdrawn - each.reinstated for each in payment.disputes)
