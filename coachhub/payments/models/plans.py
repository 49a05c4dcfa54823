"""Tables of what a practice has of the platform."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, TenantId


class PlanStatus(StrEnum):
    """Where the practice's plan of the platform stands."""

    FREE = "free"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDED = "ended"


class PracticePlan(Base):
    """What the practice has of the platform. Without a row it is the free plan.

    `grace_until`: a card failed, and nothing changes before then. `granted_until`: the operator gave it.
    """

    __tablename__ = "practice_plans"
    __table_args__ = (
        CheckConstraint("status in ('free', 'trialing', 'active', 'past_due', 'ended')", name="status"),
        Index("ix_practice_plans_customer_id", "customer_id"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    status: Mapped[str] = mapped_column(server_default="free")
    customer_id: Mapped[str | None]
    subscription_id: Mapped[str | None]
    checkout_id: Mapped[str | None]
    trial_ends_at: Mapped[datetime | None]
    period_ends_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    grace_until: Mapped[datetime | None]
    granted_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]
