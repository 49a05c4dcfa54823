"""Asking for money to be given back: a row first, which a worker then takes to the gateway."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, func, insert, select

from coachhub.accounts.service import audit
from coachhub.booking.models import Side
from coachhub.booking.rules.cancellation import refund_percent_for
from coachhub.booking.service.reading import booking_of
from coachhub.payments.models import Purchase, PurchaseStatus, Refund, RefundReason, RefundStatus
from coachhub.payments.rules.amounts import share_given_back
from coachhub.payments.rules.currencies import step_of
from coachhub.payments.service.ledger import left_of
from coachhub.payments.service.purchases import find_purchase, lock_purchase
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now


def ask_refund(
    purchase_id: UUID,
    amount: int,
    reason: RefundReason,
    by: UUID | None = None,
    note: str = "",
    once: UUID | None = None,
) -> UUID:
    """Ask for part of a purchase's money to be given back, or all; returns the refund. `by` is a person of the staff.

    `once` is its id, where there may be a second click: asked twice with it, it is one refund. Raises NotFound; Refused
    for more than is left of it, or for nothing.
    """
    purchase, now = lock_purchase(purchase_id), clock.now()
    if once is not None and is_asked(purchase_id, once):
        return once
    if amount <= 0:
        raise Refused(422, _("Say how much is to be given back."))
    if amount > left_of(purchase_id):
        raise Refused(422, _("That is more than is left of this payment."))
    asked = insert(Refund).values(
        practice_id=current_practice(),
        id=once or func.uuidv7(),
        purchase_id=purchase_id,
        amount=amount,
        currency=purchase.currency,
        reason=reason.value,
        note=note,
        status=RefundStatus.ASKED.value,
        asked_by=by,
        asked_at=now,
        next_try_at=now,
    )
    refund_id: UUID = db.session.execute(asked.returning(Refund.id)).scalar_one()
    audit.note("refund_asked", refund_id)
    enqueue("workers.jobs.settle_payments", current_practice())
    return refund_id


def is_asked(purchase_id: UUID, refund_id: UUID) -> bool:
    """Whether this refund of a purchase is asked for already."""
    here = (Refund.practice_id == current_practice(), Refund.purchase_id == purchase_id, Refund.id == refund_id)
    return db.session.scalar(select(Refund.id).where(*here)) is not None


def give_back_all(purchase_id: UUID, reason: RefundReason) -> None:
    """Give back whatever is left, by ourselves; nothing where nothing is."""
    lock_purchase(purchase_id)
    left = left_of(purchase_id)
    if left:
        ask_refund(purchase_id, left, reason)
        mail_now(current_practice())  # nobody should set out for a time that is gone, whenever the money comes back


def refund_cancelled(booking_id: UUID, by: Side) -> None:
    """A booking is off: give back what its rule says, of what was paid for it and is still there."""
    kept = Purchase.id.not_in(_sent_back())
    paid = find_purchase(Purchase.booking_id == booking_id, Purchase.status == PurchaseStatus.PAID, kept)
    if paid is None:
        return
    lock_purchase(paid.id)
    percent = refund_percent_for(booking_of(booking_id), clock.now(), by.value)
    amount = min(share_given_back(paid.amount, percent, step_of(paid.currency)), left_of(paid.id))
    if amount:
        ask_refund(paid.id, amount, RefundReason.CANCELLED)


def _sent_back() -> Select[UUID]:
    """The purchases that went back as a whole, because another had paid or the time was gone."""
    reasons = (RefundReason.PAID_TWICE, RefundReason.SLOT_GONE)
    return select(Refund.purchase_id).where(Refund.practice_id == current_practice(), Refund.reason.in_(reasons))
