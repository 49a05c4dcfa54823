"""The outbox, the truth about every mail; and what clients do not want to be reminded of."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class MessageState(StrEnum):
    """Where a message stands. `unknown`: the provider did not answer; it is never written again blindly."""

    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"
    DROPPED = "dropped"
    FAILED = "failed"


class Message(Base):
    """One e-mail to one person. `key` is made of ids and ISO dates: the same reason never plans a second one.

    `subject_id` is the row it is about; `fields` holds ids and dates only, never names or text of a person.
    A claim holds until `leased_until`; `handed_at` is set just before the provider is called, so a claim that
    ended without it has certainly not been sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state in ('due', 'claimed', 'sent', 'unknown', 'dropped', 'failed')", name="state"),
        UniqueConstraint("practice_id", "key"),
        Index(
            "ix_outbox_practice_id_open",
            "practice_id",
            "due_at",
            postgresql_where=text("state in ('due', 'claimed')"),
        ),
        Index("ix_outbox_practice_id_client_id", "practice_id", "client_id", "due_at"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    kind: Mapped[str]
    key: Mapped[str]
    user_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="due")
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    leased_until: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    provider_id: Mapped[str | None]
    reason: Mapped[str | None]
    planned_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class ReminderSwitch(Base):
    """A kind of reminder that a client has switched off, or on again; without a row it was always on."""

    __tablename__ = "reminder_switches"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
    )

    practice_id: Mapped[TenantId]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    is_off: Mapped[bool]
    changed_at: Mapped[datetime]
