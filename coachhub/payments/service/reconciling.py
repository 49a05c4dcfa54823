"""Comparing our purchases with the gateway's payments and pages, both ways: what differs is listed, and mended."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy import select, text

from coachhub.accounts.service import audit
from coachhub.payments.gateway import CheckoutState, GatewayRefused, PaymentState, gateway
from coachhub.payments.models import Purchase, StripeAccount
from coachhub.payments.rules.standing import Verdict, may_become, verdict_on
from coachhub.payments.service.connecting import NO_ACCESS, sync_account
from coachhub.payments.service.ledger import in_ledger
from coachhub.payments.service.purchases import find_purchase, purchase_of
from coachhub.payments.service.settling import sync_purchase
from coachhub.payments.service.syncing_plan import ring_for_plans
from coachhub.payments.service.taking_in import what_is_left
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice

log = structlog.get_logger(__name__)

DAYS = 180
"""A card is questioned within 120 days as a rule, and a bank takes two months to decide; the rest is for on demand."""
_ACCOUNTS = text("select lookup.practices_with_account()")


class Difference(StrEnum):
    """How the gateway and we differ on something."""

    UNKNOWN_HERE = "unknown_here"
    OTHER_AMOUNT = "other_amount"
    OTHER_STATE = "other_state"
    UNKNOWN_THERE = "unknown_there"


@dataclass(frozen=True)
class Finding:
    """One difference: about which object of the gateway's, which purchase, how much there and here (minor units)."""

    difference: Difference
    reference: str
    purchase_id: UUID
    there: int
    here: int
    currency: str
    is_mended: bool


@dataclass(frozen=True)
class Report:
    """What one look at a practice found: how many purchases the gateway has and we have, and what differs.

    `money` is what is left of all payments, by currency, as the gateway says. `closed`: accounts that were
    disconnected, of which it tells us nothing any more; what was paid into them is not compared.
    """

    practice_id: UUID
    days: int
    there: int
    here: int
    money: dict[str, int]
    findings: tuple[Finding, ...]
    closed: tuple[str, ...] = ()

    @property
    def is_fine(self) -> bool:
        """Whether everything agrees now."""
        return all(finding.is_mended for finding in self.findings)


def ring_for_all() -> None:
    """Ring for each practice that has an account, and for each that has a plan."""
    ring_for_plans()
    with as_visitor():
        for practice_id in _with_account():
            enqueue("workers.jobs.reconcile_practice", practice_id)


def practices_with_account() -> list[UUID]:
    """The practices that have an account. No transaction is open."""
    with as_visitor():
        return _with_account()


def _with_account() -> list[UUID]:
    return list(db.session.scalars(_ACCOUNTS))


def reconcile(practice_id: UUID, days: int = DAYS) -> Report:
    """Compare the last `days` days. Runs outside of any transaction. Raises GatewayAway, GatewayRefused."""
    sync_account(practice_id)
    since = clock.now() - timedelta(days=days)
    with as_practice(practice_id):
        accounts, made = _accounts(), _ours(since)
    there, closed = _seen(accounts, since)
    ours = [each for each, account_id in made.items() if account_id not in closed]
    findings = [found for each in there.values() if (found := _compared(practice_id, each)) is not None]
    findings += [found for each in ours if each not in there and (found := _missed(practice_id, each)) is not None]
    report = Report(practice_id, days, len(there), len(ours), _money(there.values()), tuple(findings), closed)
    with as_practice(practice_id):
        audit.note("payments_reconciled" if report.is_fine else "payments_differ")
    if findings:
        log.warning("payments_differed", practice_id=str(practice_id), findings=len(findings), is_fine=report.is_fine)
    return report


@dataclass
class _There:
    """What the gateway has of one purchase."""

    purchase_id: UUID
    checkouts: list[CheckoutState] = field(default_factory=list)
    payments: list[PaymentState] = field(default_factory=list)

    @property
    def money(self) -> int:
        return sum(what_is_left(payment) for payment in self.payments)

    @property
    def currency(self) -> str:
        return self._first.currency

    @property
    def reference(self) -> str:
        return self._first.id

    @property
    def _first(self) -> PaymentState | CheckoutState:
        return self.payments[0] if self.payments else self.checkouts[0]

    def verdict(self) -> Verdict:
        """How the purchase stands by this."""
        status = self.payments[0].status if self.payments else None
        checkout = self.checkouts[0] if self.checkouts else None
        is_paid = checkout is not None and checkout.is_paid
        return verdict_on(checkout.status if checkout else "open", is_paid=is_paid, payment=status)


def _accounts() -> list[str]:
    """The account of today, and those into which was paid before."""
    now = select(StripeAccount.account_id).where(StripeAccount.practice_id == current_practice())
    before = select(Purchase.account_id).where(Purchase.practice_id == current_practice())
    return sorted(db.session.scalars(now.union(before)))


def _ours(since: datetime) -> dict[UUID, str]:
    """The purchases made since then of which the gateway has heard, and their accounts."""
    here = (Purchase.practice_id == current_practice(), Purchase.created_at >= since)
    heard = Purchase.checkout_id.is_not(None) | Purchase.payment_id.is_not(None)
    query = select(Purchase.id, Purchase.account_id).where(*here, heard).order_by(Purchase.created_at)
    return {row.id: row.account_id for row in db.session.execute(query)}


def _seen(accounts: Iterable[str], since: datetime) -> tuple[dict[UUID, _There], tuple[str, ...]]:
    """What the gateway has in these accounts, and which of them are closed to us."""
    found: dict[UUID, _There] = {}
    closed = []
    for account_id in accounts:
        try:
            found |= _in_account(account_id, since)
        except GatewayRefused as error:
            if error.code not in NO_ACCESS:
                raise
            log.warning("account_closed_to_us", account_id=account_id, code=error.code)
            closed.append(account_id)
    return found, tuple(closed)


def _in_account(account_id: str, since: datetime) -> dict[UUID, _There]:
    """What was sold elsewhere into the same account names no purchase, and is none of our business."""
    found: dict[UUID, _There] = {}
    for payment in gateway().payments_since(account_id, since):
        if payment.purchase_id is not None:
            found.setdefault(payment.purchase_id, _There(payment.purchase_id)).payments.append(payment)
    for checkout in gateway().checkouts_since(account_id, since):
        if checkout.purchase_id is not None:
            found.setdefault(checkout.purchase_id, _There(checkout.purchase_id)).checkouts.append(checkout)
    return found


def _compared(practice_id: UUID, there: _There) -> Finding | None:
    """What differs on a purchase that the gateway has, mended where that is possible."""
    with as_practice(practice_id):
        purchase, here = find_purchase(Purchase.id == there.purchase_id), in_ledger(there.purchase_id)
    if purchase is None:
        return _finding(Difference.UNKNOWN_HERE, there, 0, is_mended=False) if there.money else None
    if there.money == here and not may_become(purchase.status, there.verdict()):
        return None
    difference = Difference.OTHER_STATE if there.money == here else Difference.OTHER_AMOUNT
    sync_purchase(practice_id, purchase.id)
    with as_practice(practice_id):
        return _finding(difference, there, here, is_mended=in_ledger(purchase.id) == there.money)


def _missed(practice_id: UUID, purchase_id: UUID) -> Finding | None:
    """What we say was paid, and the gateway's lists do not have."""
    with as_practice(practice_id):
        purchase, here = purchase_of(purchase_id), in_ledger(purchase_id)
    try:
        sync_purchase(practice_id, purchase_id)
    except GatewayRefused as error:
        reference = purchase.payment_id or purchase.checkout_id or ""
        log.error("purchase_unknown", purchase_id=str(purchase_id), code=error.code)
        return Finding(Difference.UNKNOWN_THERE, reference, purchase_id, 0, here, purchase.currency, is_mended=False)
    return None


def _finding(difference: Difference, there: _There, here: int, *, is_mended: bool) -> Finding:
    return Finding(difference, there.reference, there.purchase_id, there.money, here, there.currency, is_mended)


def _money(found: Iterable[_There]) -> dict[str, int]:
    money: dict[str, int] = defaultdict(int)
    for each in found:
        for payment in each.payments:
            money[payment.currency] += what_is_left(payment)
    return dict(money)
