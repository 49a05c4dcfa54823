"""Tables of what can be booked."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId

_OF_COACH = (["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"])
_OF_OFFERING = (["practice_id", "offering_id"], ["offerings.practice_id", "offerings.id"])


class OfferingStatus(StrEnum):
    """Whether an offering can be booked."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class PlaceKind(StrEnum):
    """Where it takes place; `client`: whoever books says where (their telephone number, or an address)."""

    VIDEO = "video"
    PHONE = "phone"
    ADDRESS = "address"
    CLIENT = "client"


class Offering(Base):
    """Something bookable. `price` is in the currency's minor unit; 0 is free. Buffers and `step` are minutes.

    Slots begin every `step` minutes, at least `notice_minutes` ahead and at most `horizon_days`. Who cancels until
    `free_until_minutes` before has all their money back, later `late_percent` of it; it can be moved until
    `move_until_minutes` before. `is_intro`: once for each person. `coach_choice`: the visitor chooses among
    the coaches; otherwise any free one takes it. A hidden one is found by its link alone.
    """

    __tablename__ = "offerings"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'open', 'closed')", name="status"),
        CheckConstraint("place_kind in ('video', 'phone', 'address', 'client')", name="place_kind"),
        CheckConstraint("minutes between 5 and 720", name="minutes"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("buffer_before between 0 and 720 and buffer_after between 0 and 720", name="buffers"),
        CheckConstraint("notice_minutes >= 0 and horizon_days between 1 and 730", name="reach"),
        CheckConstraint("step_minutes between 5 and 720", name="step"),
        CheckConstraint("daily_limit > 0", name="daily_limit"),
        CheckConstraint("free_until_minutes >= 0 and move_until_minutes >= 0", name="until"),
        CheckConstraint("late_percent between 0 and 100", name="late_percent"),
        UniqueConstraint("practice_id", "slug"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    slug: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str]
    is_hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    is_intro: Mapped[bool] = mapped_column(server_default=text("false"))
    minutes: Mapped[int]
    price: Mapped[int]
    currency: Mapped[str]
    place_kind: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="")
    buffer_before: Mapped[int] = mapped_column(server_default=text("0"))
    buffer_after: Mapped[int] = mapped_column(server_default=text("0"))
    notice_minutes: Mapped[int] = mapped_column(server_default=text("720"))
    horizon_days: Mapped[int] = mapped_column(server_default=text("60"))
    step_minutes: Mapped[int] = mapped_column(server_default=text("30"))
    daily_limit: Mapped[int | None]
    free_until_minutes: Mapped[int] = mapped_column(server_default=text("1440"))
    late_percent: Mapped[int] = mapped_column(server_default=text("0"))
    move_until_minutes: Mapped[int] = mapped_column(server_default=text("1440"))
    coach_choice: Mapped[bool] = mapped_column(server_default=text("false"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class OfferingCoach(Base):
    """Who gives an offering."""

    __tablename__ = "offering_coaches"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_OFFERING, ondelete="CASCADE"),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
    )

    practice_id: Mapped[TenantId]
    offering_id: Mapped[UUID] = mapped_column(primary_key=True)
    coach_id: Mapped[UUID] = mapped_column(primary_key=True)


class Question(Base):
    """What whoever books is asked: a `line`, a `text`, or a `choice` among `choices`."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("kind in ('line', 'text', 'choice')", name="kind"),
        ForeignKeyConstraint(*_OF_OFFERING, ondelete="CASCADE"),
        Index("ix_questions_practice_id_offering_id", "practice_id", "offering_id", "position"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    offering_id: Mapped[UUID]
    position: Mapped[int]
    label: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default="{}")
    is_required: Mapped[bool] = mapped_column(server_default=text("false"))


class Package(Base):
    """Several sessions of an offering, paid at once. Credits are good for `valid_days`; NULL: for good.

    `rolls_over`: what is left of one lives on as long as the next of its kind, when that is bought in time.
    """

    __tablename__ = "packages"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'open', 'closed')", name="status"),
        CheckConstraint("sessions between 1 and 100", name="sessions"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("valid_days > 0", name="valid_days"),
        ForeignKeyConstraint(*_OF_OFFERING),
        UniqueConstraint("practice_id", "slug"),
        Index("ix_packages_practice_id_offering_id", "practice_id", "offering_id"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    offering_id: Mapped[UUID]
    slug: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str]
    is_hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    sessions: Mapped[int]
    price: Mapped[int]
    currency: Mapped[str]
    valid_days: Mapped[int | None]
    rolls_over: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
