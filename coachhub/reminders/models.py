"""The outbox, the truth about every mail; what came of each; and who wants to be reminded of what."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class MessageState(StrEnum):
    """Where a message stands. `unknown`: the provider did not answer; it is never written again blindly."""

    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNKNOWN = "unknown"
    DROPPED = "dropped"
    FAILED = "failed"


class Message(Base):
    """One reason to write to one person. `key` is made of ids and ISO dates: the same reason never plans a second one.

    `subject_id` is the row it is about; `fields` holds ids and dates only, never names or text of a person.
    A claim holds until `leased_until`; `handed_at` is set just before the provider is called, so a claim that
    ended without it has certainly not been sent. Messages that are `together` and due at the same time for one client
    become one mail: `delivery_id` is that mail's id, one of theirs; a mail that has but one message has its id.
    `settled_at` is when it left the queue, so that indexes can tell without the state, which changes more often;
    `is_trouble`: it ended in a way somebody should see.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "state in ('due', 'claimed', 'sent', 'delivered', 'bounced', 'complained', 'unknown', 'dropped', 'failed')",
            name="state",
        ),
        UniqueConstraint("practice_id", "key"),
        Index(
            "ix_outbox_practice_id_open",
            "practice_id",
            "due_at",
            postgresql_where=text("settled_at is null and due_at > '-infinity'"),
        ),
        Index(
            "ix_outbox_practice_id_together",
            "practice_id",
            "client_id",
            "due_at",
            postgresql_where=text("settled_at is null and together"),
        ),
        Index("ix_outbox_practice_id_client_id", "practice_id", "client_id", "due_at"),
        Index(
            "ix_outbox_practice_id_delivery_id",
            "practice_id",
            "delivery_id",
            postgresql_where=text("delivery_id <> id"),
        ),
        Index("ix_outbox_practice_id_trouble", "practice_id", "id", postgresql_where=text("is_trouble")),
        Index("ix_outbox_settled_at", "settled_at", postgresql_using="brin", postgresql_with={"autosummarize": "true"}),
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
    together: Mapped[bool] = mapped_column(server_default=text("false"))
    delivery_id: Mapped[UUID | None]
    is_trouble: Mapped[bool] = mapped_column(server_default=text("false"))


class MailEvent(Base):
    """What the provider told about a mail, by its own id: told twice it stands here once.

    `address` is where the mail went, kept until the event is handled: a bounce is about an address.
    """

    __tablename__ = "mail_events"
    __table_args__ = (
        Index(
            "ix_mail_events_practice_id_unhandled",
            "practice_id",
            "received_at",
            postgresql_where=text("handled_at is null"),
        ),
        Index("ix_mail_events_practice_id_delivery_id", "practice_id", "delivery_id"),
        Index(
            "ix_mail_events_practice_id_handled_at",
            "practice_id",
            "handled_at",
            postgresql_where=text("handled_at is not null"),
        ),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[UUID]
    event: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class Suppression(Base):
    """An address (lower case) that is not written to, since its mail bounced or its owner complained.

    Lifted, it is written to again, after the provider has heard of that at `allowed_at`.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint("cause in ('bounced', 'complained')", name="cause"),
        Index(
            "ix_suppressions_practice_id_lifted",
            "practice_id",
            "lifted_at",
            postgresql_where=text("lifted_at is not null and allowed_at is null"),
        ),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    address: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    allowed_at: Mapped[datetime | None]


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


class CoachSwitch(Base):
    """A kind of mail to coaches that one of them has switched off, or on again."""

    __tablename__ = "coach_switches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "user_id"], ["memberships.practice_id", "memberships.user_id"], ondelete="CASCADE"
        ),
    )

    practice_id: Mapped[TenantId]
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    is_off: Mapped[bool]
    changed_at: Mapped[datetime]


class ReminderRule(Base):
    """What a practice says about a kind of reminder: whether it goes out at all, and its own words (None: ours)."""

    __tablename__ = "reminder_rules"

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    kind: Mapped[str] = mapped_column(primary_key=True)
    is_off: Mapped[bool] = mapped_column(server_default=text("false"))
    switched_at: Mapped[datetime | None]
    subject: Mapped[str | None]
    words: Mapped[str | None]


class Nudge(Base):
    """A coach's own short letter to a client, to be mailed. No second one begins before `until`, a day later."""

    __tablename__ = "nudges"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"]),
        ExcludeConstraint(
            (column("practice_id"), "="),
            (column("client_id"), "="),
            (text("tstzrange(created_at, until)"), "&&"),
            name="ex_nudges_one_a_day",
            using="gist",
        ),
        Index("ix_nudges_practice_id_client_id", "practice_id", "client_id", "created_at"),
        Index("ix_nudges_practice_id_created_at", "practice_id", "created_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    coach_id: Mapped[UUID]
    subject: Mapped[str]
    words: Mapped[str]
    created_at: Mapped[datetime]
    until: Mapped[datetime]


class ReportLetter(Base):
    """A report that its client is to be told of by mail, with what the mail says of it. Taken back, the row is gone."""

    __tablename__ = "report_letters"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "report_id"], ["reports.practice_id", "reports.id"], ondelete="CASCADE"),
        Index("ix_report_letters_practice_id_told_at", "practice_id", "told_at"),
        Index("ix_report_letters_practice_id_client_id", "practice_id", "client_id"),
    )

    practice_id: Mapped[TenantId]
    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    kind: Mapped[str]
    session_at: Mapped[datetime | None]
    first_month: Mapped[date | None]
    last_month: Mapped[date | None]
    told_at: Mapped[datetime]


class MailPause(Base):
    """The operator holds mail back: of one practice (None: of all), of one kind (None: every kind)."""

    __tablename__ = "mail_pauses"
    __table_args__ = (UniqueConstraint("practice_id", "kind", postgresql_nulls_not_distinct=True),)

    id: Mapped[RowId]
    practice_id: Mapped[UUID | None] = mapped_column(ForeignKey("practices.id"))
    kind: Mapped[str | None]
    since: Mapped[datetime]
