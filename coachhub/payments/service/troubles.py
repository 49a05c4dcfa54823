"""Whose money somebody should look at: a bank that waits for an answer, a refund or a payment that failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Text, and_, exists, literal, select, union_all
from sqlalchemy.sql.selectable import LateralFromClause

from coachhub.payments.models import Dispute, Purchase, PurchaseStatus, Refund, RefundStatus
from coachhub.payments.rules.standing import DISPUTE_WAITS
from coachhub.platform.tenancy import current_practice

FAILURE_IS_NEWS = timedelta(days=14)
"""For so long a payment or refund that failed is told of; a bank's question until it is answered."""


class Trouble(StrEnum):
    """What is wrong, most urgent first."""

    DISPUTED = "disputed"
    REFUND_FAILED = "refund_failed"
    PAYMENT_FAILED = "payment_failed"


@dataclass(frozen=True, slots=True)
class Troubled:
    """A payment that somebody should look at. `until` is when it is no news any more; None: as long as it stands."""

    purchase_id: UUID
    trouble: Trouble
    since: datetime
    until: datetime | None


def trouble_of(client_id: Any, now: datetime) -> LateralFromClause:
    """The most urgent trouble of the client in another statement's column, for that statement to join to.

    Its columns: trouble, purchase_id, since. No row where there is none.
    """
    theirs = (each.where(Purchase.client_id == client_id).correlate(client_id.table) for each in _kinds(now))
    kinds = union_all(*theirs).subquery()
    return select(kinds).order_by(kinds.c.rank, kinds.c.since.desc()).limit(1).lateral("trouble")


def troubled(trouble: str | None, purchase_id: UUID | None, since: datetime | None) -> Troubled | None:
    """What such a join has found."""
    if trouble is None or purchase_id is None or since is None:
        return None
    until = None if trouble == Trouble.DISPUTED else since + FAILURE_IS_NEWS
    return Troubled(purchase_id, Trouble(trouble), since, until)


def _kinds(now: datetime) -> tuple[Select[*tuple[Any, ...]], ...]:
    return _disputed(), _refund_failed(now - FAILURE_IS_NEWS), _payment_failed(now - FAILURE_IS_NEWS)


def _disputed() -> Select[*tuple[Any, ...]]:
    its = and_(Dispute.practice_id == Purchase.practice_id, Dispute.purchase_id == Purchase.id)
    return _row(Trouble.DISPUTED, Dispute.opened_at).join(Dispute, its).where(Dispute.status.in_(DISPUTE_WAITS))


def _refund_failed(after: datetime) -> Select[*tuple[Any, ...]]:
    its = and_(Refund.practice_id == Purchase.practice_id, Refund.purchase_id == Purchase.id)
    failed = (Refund.status == RefundStatus.FAILED, Refund.asked_at > after)
    return _row(Trouble.REFUND_FAILED, Refund.asked_at).join(Refund, its).where(*failed)


def _payment_failed(after: datetime) -> Select[*tuple[Any, ...]]:
    """One that was not paid for in another way afterwards."""
    later = Purchase.__table__.alias("later")
    paid = (later.c.practice_id == Purchase.practice_id, later.c.client_id == Purchase.client_id)
    since = (later.c.status == PurchaseStatus.PAID, later.c.paid_at > Purchase.closed_at)
    failed = (Purchase.status == PurchaseStatus.FAILED, Purchase.closed_at > after)
    return _row(Trouble.PAYMENT_FAILED, Purchase.closed_at).where(*failed, ~exists().where(*paid, *since))


def _row(trouble: Trouble, since: Any) -> Select[*tuple[Any, ...]]:
    rank = literal(list(Trouble).index(trouble), Integer)
    columns = (literal(trouble.value, Text).label("trouble"), Purchase.id.label("purchase_id"), since.label("since"))
    return select(rank.label("rank"), *columns).where(Purchase.practice_id == current_practice())
