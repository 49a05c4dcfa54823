"""The ledger: money that moved at the gateway, written once for each thing that moved it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from coachhub.payments.models import EntryKind, LedgerEntry, Refund, RefundStatus
from coachhub.payments.rules.amounts import left_to_give_back
from coachhub.payments.service.purchases import PurchaseRow
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def write_entry(purchase: PurchaseRow, kind: EntryKind, amount: int, reference: str, happened_at: datetime) -> None:
    """Write down that money moved; told of again, it changes nothing. `amount` is above 0 for what came in."""
    entry = insert(LedgerEntry).values(
        practice_id=current_practice(),
        purchase_id=purchase.id,
        kind=kind.value,
        amount=amount,
        currency=purchase.currency,
        reference=reference,
        happened_at=happened_at,
        created_at=clock.now(),
    )
    db.session.execute(entry.on_conflict_do_nothing())


def in_ledger(purchase_id: UUID) -> int:
    """What is left of a purchase's money, as written down."""
    here = (LedgerEntry.practice_id == current_practice(), LedgerEntry.purchase_id == purchase_id)
    return db.session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(*here)) or 0


def left_of(purchase_id: UUID) -> int:
    """What may still be given back of a purchase; whoever acts on it holds the purchase."""
    asked = (
        Refund.practice_id == current_practice(),
        Refund.purchase_id == purchase_id,
        Refund.status == RefundStatus.ASKED,
    )
    promised = db.session.scalar(select(func.coalesce(func.sum(Refund.amount), 0)).where(*asked)) or 0
    return left_to_give_back(in_ledger(purchase_id), promised)
