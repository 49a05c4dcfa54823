"""Coaching sessions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class CoachingSessionStatus(StrEnum):
    """Where a coaching session stands."""

    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"
    MISSED = "missed"


class CoachingSession(Base):
    """A coach's conversation with a client.

    `sequence` rises with each change, for calendar files. `changed_at` is when its time was set: reminders that were
    due before are not sent. `moved_from` is where it stood before its last move. What the client is told by mail
    (planned, moved, another place, cancelled) is the change number `news_sequence`, made at `news_at` by `news_by`. Its
    time is taken by a booking, whose id it has and which it follows; what was written down afterwards has none.
    `is_paid` is what the coach says of it for the log of coaching hours; None: what the booking says.
    `topic`, written at `topic_at`, is what the client would like to talk about.
    """

    __tablename__ = "coaching_sessions"
    __table_args__ = (
        CheckConstraint("status in ('scheduled', 'held', 'cancelled', 'missed')", name="status"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("news_by in ('client', 'coach', 'system')", name="news_by"),
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"]),
        ForeignKeyConstraint(["practice_id", "booking_id"], ["bookings.practice_id", "bookings.id"]),
        UniqueConstraint("practice_id", "booking_id"),
        UniqueConstraint("practice_id", "id", "client_id"),  # what belongs to the conversation points at both
        Index(
            "ix_coaching_sessions_practice_id_scheduled",
            "practice_id",
            "starts_at",
            postgresql_where=text("status = 'scheduled'"),
        ),
        Index("ix_coaching_sessions_practice_id_client_id", "practice_id", "client_id", "starts_at"),
        Index("ix_coaching_sessions_practice_id_coach_id", "practice_id", "coach_id", "starts_at"),
        Index("ix_coaching_sessions_practice_id_news_at", "practice_id", "news_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    coach_id: Mapped[UUID]
    booking_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(server_default="")
    agenda: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="scheduled")
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    moved_from: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    news_sequence: Mapped[int] = mapped_column(server_default=text("0"))
    news_at: Mapped[datetime]
    news_by: Mapped[str | None]
    is_paid: Mapped[bool | None]
    topic: Mapped[str] = mapped_column(server_default="")
    topic_at: Mapped[datetime | None]
