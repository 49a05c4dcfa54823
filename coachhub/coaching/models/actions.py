"""What coach and client agreed to do."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped

from coachhub.platform.db import Base, RowId, TenantId


class Party(StrEnum):
    """Which of the two: who is to do an action, or who said that it is done."""

    CLIENT = "client"
    COACH = "coach"


class Action(Base):
    """Something that coach and client agreed on: who does what, until which day (by the client's calendar).

    It is open until it is done or dropped; `done_by` is which side said so. `coach_id` is the coach in it, who does it
    where the owner is the coach. `session_id` is the coaching session in which it was agreed, where it was in one.
    `changed_at` is when its day was set, or it was taken up again: what was due before is not reminded of.
    """

    __tablename__ = "actions"
    __table_args__ = (
        CheckConstraint("owner in ('client', 'coach')", name="owner"),
        CheckConstraint("done_by in ('client', 'coach')", name="done_by"),
        CheckConstraint("(done_at is null) = (done_by is null)", name="done"),
        CheckConstraint("done_at is null or dropped_at is null", name="one_end"),
        CheckConstraint("text <> ''", name="text"),
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["practice_id", "session_id"],
            ["coaching_sessions.practice_id", "coaching_sessions.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"]),
        ForeignKeyConstraint(["practice_id", "created_by"], ["memberships.practice_id", "memberships.user_id"]),
        Index("ix_actions_practice_id_client_id", "practice_id", "client_id", "created_at"),
        Index("ix_actions_practice_id_session_id", "practice_id", "session_id"),
        Index(
            "ix_actions_practice_id_due_on",
            "practice_id",
            "due_on",
            postgresql_where=text("done_at is null and dropped_at is null and due_on is not null"),
        ),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    owner: Mapped[str]
    coach_id: Mapped[UUID]
    text: Mapped[str]
    due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    dropped_at: Mapped[datetime | None]
