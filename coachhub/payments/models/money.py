"""Tables of money that moved."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId

_OF_PURCHASE = (["practice_id", "purchase_id"], ["purchases.practice_id", "purchases.id"])


class EntryKind(StrEnum):
    """Why money moved. Payments and won disputes come in; refunds and disputes go out."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"


class RefundStatus(StrEnum):
    """Where a refund stands: asked of us, with Stripe, paid out; failed and cancelled ones gave no money back."""

    ASKED = "asked"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundReason(StrEnum):
    """Why money is given back."""

    CANCELLED = "cancelled"
    SLOT_GONE = "slot_gone"
    PAID_TWICE = "paid_twice"
    ASKED_FOR = "asked_for"
    OUTSIDE = "outside"


class LedgerEntry(Base):
    """Money that moved at Stripe: `amount` is above 0 for what came in. Never changed, never deleted."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("kind in ('payment', 'refund', 'refund_failed', 'dispute', 'dispute_won')", name="kind"),
        CheckConstraint("(amount > 0) = (kind in ('payment', 'refund_failed', 'dispute_won'))", name="sign"),
        ForeignKeyConstraint(*_OF_PURCHASE),
        UniqueConstraint("practice_id", "kind", "reference"),
        Index("ix_ledger_entries_practice_id_purchase_id", "practice_id", "purchase_id"),
        Index("ix_ledger_entries_practice_id_happened_at", "practice_id", "happened_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    purchase_id: Mapped[UUID]
    kind: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    reference: Mapped[str]
    happened_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Refund(Base):
    """Money to be given back: a worker asks it of Stripe, with a key made from its id. `trouble` is Stripe's word."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("status in ('asked', 'pending', 'succeeded', 'failed', 'cancelled')", name="status"),
        CheckConstraint("reason in ('cancelled', 'slot_gone', 'paid_twice', 'asked_for', 'outside')", name="reason"),
        ForeignKeyConstraint(*_OF_PURCHASE),
        ForeignKeyConstraint(["practice_id", "asked_by"], ["memberships.practice_id", "memberships.user_id"]),
        UniqueConstraint("practice_id", "reference"),
        Index("ix_refunds_practice_id_purchase_id", "practice_id", "purchase_id"),
        Index(
            "ix_refunds_practice_id_undecided",
            "practice_id",
            "next_try_at",
            postgresql_where=text("status in ('asked', 'pending')"),
        ),
        Index(
            "ix_refunds_practice_id_failed",
            "practice_id",
            "asked_at",
            postgresql_where=text("status = 'failed'"),
        ),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    purchase_id: Mapped[UUID]
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    reference: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(server_default="")


class Dispute(Base):
    """A payment that its buyer's bank questions. `status` is Stripe's word."""

    __tablename__ = "disputes"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_PURCHASE),
        UniqueConstraint("practice_id", "reference"),
        Index("ix_disputes_practice_id_purchase_id", "practice_id", "purchase_id"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    purchase_id: Mapped[UUID]
    reference: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime | None]
    changed_at: Mapped[datetime]
