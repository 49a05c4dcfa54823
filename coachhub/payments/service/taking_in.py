"""Bringing the ledger, refunds and disputes of a purchase in line with what the gateway says of its payment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from coachhub.payments.gateway import DisputeState, PaymentState, RefundState
from coachhub.payments.models import Dispute, EntryKind, Refund, RefundReason, RefundStatus
from coachhub.payments.rules.standing import DISPUTE_IS_OVER, refund_stands_at
from coachhub.payments.rules.waiting import look_at_refund
from coachhub.payments.service.giving_credits import take_back_unused
from coachhub.payments.service.ledger import in_ledger, write_entry
from coachhub.payments.service.purchases import PurchaseRow
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import mail_now

_LOST = "lost"
_OVER = (RefundStatus.FAILED, RefundStatus.CANCELLED)


def take_in_money(purchase: PurchaseRow, payment: PaymentState) -> None:
    """Write down what came in and went out with a payment. The purchase is held; told of again, nothing changes."""
    now = clock.now()
    if payment.received:
        write_entry(purchase, EntryKind.PAYMENT, payment.received, payment.id, payment.paid_at or now)
    for refund in payment.refunds:
        take_in_refund(purchase, refund)
    for dispute in payment.disputes:
        _take_in_dispute(purchase, dispute, now)


def what_is_left(payment: PaymentState) -> int:
    """What is left of a payment, by what the gateway says: the sum that its entries must have."""
    back = sum(refund.amount for refund in payment.refunds if refund.status not in ("failed", "canceled"))
    return payment.received - back - sum(each.withdrawn - each.reinstated for each in payment.disputes)


def take_in_refund(purchase: PurchaseRow, told: RefundState) -> None:
    """Write down where a refund stands; one that nobody asked of us was made in the gateway's own pages."""
    now, known = clock.now(), _refund_of(purchase.id, told)
    is_outside = known is None
    refund_id, before = known or _add_outside(purchase, told)
    stands = RefundStatus(refund_stands_at(before, told.status))
    is_pending = stands is RefundStatus.PENDING
    _change(
        refund_id,
        reference=told.id,
        status=stands.value,
        trouble=told.trouble,
        next_try_at=look_at_refund(now) if is_pending else None,
        settled_at=None if is_pending else func.coalesce(Refund.settled_at, now),
    )
    write_entry(purchase, EntryKind.REFUND, -told.amount, told.id, told.created_at)
    if is_outside and not in_ledger(purchase.id):
        take_back_unused(purchase.id)
    if stands != before:
        mail_now(current_practice())
    if stands in _OVER:
        write_entry(purchase, EntryKind.REFUND_FAILED, told.amount, told.id, now)


def _refund_of(purchase_id: UUID, told: RefundState) -> tuple[UUID, str] | None:
    here = (Refund.practice_id == current_practice(), Refund.purchase_id == purchase_id)
    same = or_(Refund.reference == told.id, Refund.id == told.refund_id)
    row = db.session.execute(select(Refund.id, Refund.status).where(*here, same)).first()
    return (row.id, row.status) if row else None


def _add_outside(purchase: PurchaseRow, told: RefundState) -> tuple[UUID, str]:
    made = insert(Refund).values(
        practice_id=current_practice(),
        purchase_id=purchase.id,
        amount=told.amount,
        currency=told.currency,
        reason=RefundReason.OUTSIDE.value,
        status=RefundStatus.PENDING.value,
        asked_at=told.created_at,
        reference=told.id,
    )
    return db.session.execute(made.returning(Refund.id)).scalar_one(), RefundStatus.PENDING.value


def _change(refund_id: UUID, **values: object) -> None:
    this = (Refund.practice_id == current_practice(), Refund.id == refund_id)
    db.session.execute(update(Refund).where(*this).values(**values))


def _take_in_dispute(purchase: PurchaseRow, told: DisputeState, now: datetime) -> None:
    stands = {"status": told.status, "reason": told.reason, "answer_by": told.answer_by, "changed_at": now}
    row = upsert(Dispute).values(
        practice_id=current_practice(),
        purchase_id=purchase.id,
        reference=told.id,
        amount=told.amount,
        currency=told.currency,
        opened_at=told.opened_at,
        **stands,
    )
    is_open = Dispute.status.not_in(DISPUTE_IS_OVER)  # an answer that comes late does not open it again
    same = ["practice_id", "reference"]
    db.session.execute(row.on_conflict_do_update(index_elements=same, set_=stands, where=is_open))
    if told.withdrawn:
        write_entry(purchase, EntryKind.DISPUTE, -told.withdrawn, told.id, told.opened_at)
    if told.reinstated:
        write_entry(purchase, EntryKind.DISPUTE_WON, told.reinstated, told.id, now)
    if told.status == _LOST and in_ledger(purchase.id) <= 0:
        take_back_unused(purchase.id)  # who has all of the money back keeps no sessions for it
