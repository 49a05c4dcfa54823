"""Tables of what there is at Stripe: the practice's account, what it told, and the pretended one."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, TenantId


class StripeAccount(Base):
    """The practice's own account at Stripe, into which clients pay. It takes money once `card_payments` is active."""

    __tablename__ = "stripe_accounts"
    __table_args__ = (Index("ix_stripe_accounts_account_id", "account_id"),)

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    account_id: Mapped[str]
    card_payments: Mapped[str] = mapped_column(server_default="inactive")
    country: Mapped[str] = mapped_column(server_default="")
    wants: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


class StripeEvent(Base):
    """What Stripe told: a hint that an object changed. It is handled by asking Stripe how the object stands now.

    `account_id` is empty where it is about the platform's own account. `outcome`: `handled`, `ignored` or `failed`.
    """

    __tablename__ = "stripe_events"
    __table_args__ = (
        CheckConstraint("outcome in ('handled', 'ignored', 'failed')", name="outcome"),
        Index(
            "ix_stripe_events_practice_id_open",
            "practice_id",
            "received_at",
            postgresql_where=text("handled_at is null"),
        ),
        Index("ix_stripe_events_practice_id_received_at", "practice_id", "received_at"),
        Index(
            "ix_stripe_events_practice_id_failed",
            "practice_id",
            "received_at",
            postgresql_where=text("outcome = 'failed'"),
        ),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    event_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str]
    object_id: Mapped[str]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(server_default="")


class PretendObject(Base):
    """What the pretend checkout of development keeps in place of Stripe: accounts, checkouts, payments, refunds."""

    __tablename__ = "pretend_objects"

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB())
    created_at: Mapped[datetime]
