"""Tables of times that are taken, or waited for."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId

_OF_COACH = (["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"])
_OF_OFFERING = (["practice_id", "offering_id"], ["offerings.practice_id", "offerings.id"])
_OF_BOOKING = (["practice_id", "booking_id"], ["bookings.practice_id", "bookings.id"])


class BookingStatus(StrEnum):
    """Where a booking stands. Held and confirmed ones keep their time from everybody else."""

    HELD = "held"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class PaidWith(StrEnum):
    """What a booking is settled with. `coach`: the coach put it into the calendar, and asks for money elsewhere."""

    NOTHING = "nothing"
    MONEY = "money"
    CREDIT = "credit"
    COACH = "coach"


class Side(StrEnum):
    """Who did something to a booking. `system`: nobody; it came about by itself."""

    CLIENT = "client"
    COACH = "coach"
    SYSTEM = "system"


class Booking(Base):
    """A slot of a coach, taken. From `busy_from` to `busy_until`, buffers included, nobody else gets the coach.

    Of a visitor only name and address are known until the booking is confirmed; then it is a client's. `sequence` rises
    with each change, for calendar files. `price` is what the offering cost when it was booked. The rule by which it is
    moved and cancelled is the offering's of that day, too: who books is not bound by what is changed later.
    `series_id` binds the bookings that were made in one go.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint(
            "status in ('held', 'confirmed', 'completed', 'no_show', 'expired', 'cancelled')", name="status"
        ),
        CheckConstraint("paid_with in ('nothing', 'money', 'credit', 'coach')", name="paid_with"),
        CheckConstraint("cancelled_by in ('client', 'coach', 'system')", name="cancelled_by"),
        CheckConstraint("busy_from <= starts_at and starts_at < ends_at and ends_at <= busy_until", name="range"),
        CheckConstraint("status <> 'held' or held_until is not null", name="held_until"),
        CheckConstraint("status not in ('confirmed', 'completed', 'no_show') or client_id is not null", name="client"),
        CheckConstraint("price >= 0", name="price"),
        ForeignKeyConstraint(*_OF_COACH),
        ForeignKeyConstraint(*_OF_OFFERING),
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"]),
        ExcludeConstraint(
            ("practice_id", "="),
            ("coach_id", "="),
            (func.tstzrange(text("busy_from"), text("busy_until")), "&&"),
            where=text("status in ('held', 'confirmed')"),
            using="gist",
            name="ex_bookings_coach",
        ),
        Index(
            "ix_bookings_practice_id_busy",
            "practice_id",
            "coach_id",
            "busy_until",
            postgresql_where=text("status in ('held', 'confirmed')"),
        ),
        Index(
            "ix_bookings_practice_id_held_until",
            "practice_id",
            "held_until",
            postgresql_where=text("status = 'held'"),
        ),
        Index("ix_bookings_ends_at", "ends_at", "practice_id", postgresql_where=text("status = 'confirmed'")),
        Index("ix_bookings_practice_id_client_id", "practice_id", "client_id", "starts_at"),
        Index("ix_bookings_practice_id_coach_id", "practice_id", "coach_id", "starts_at"),
        Index("ix_bookings_practice_id_email", "practice_id", "email"),
        Index("ix_bookings_practice_id_series_id", "practice_id", "series_id"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    offering_id: Mapped[UUID | None]
    coach_id: Mapped[UUID]
    client_id: Mapped[UUID | None]
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    busy_from: Mapped[datetime]
    busy_until: Mapped[datetime]
    held_until: Mapped[datetime | None]
    title: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(server_default="")
    time_zone: Mapped[str]
    locale: Mapped[str]
    place_kind: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="")
    price: Mapped[int]
    currency: Mapped[str]
    paid_with: Mapped[str]
    is_intro: Mapped[bool] = mapped_column(server_default=text("false"))
    free_until_minutes: Mapped[int]
    late_percent: Mapped[int]
    move_until_minutes: Mapped[int]
    series_id: Mapped[UUID | None]
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    moved_from: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancel_reason: Mapped[str] = mapped_column(server_default="")


class BookingAnswer(Base):
    """An answer given at booking, with the question as it was asked."""

    __tablename__ = "booking_answers"
    __table_args__ = (ForeignKeyConstraint(*_OF_BOOKING, ondelete="CASCADE"),)

    practice_id: Mapped[TenantId]
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    answer: Mapped[str]


class Wait(Base):
    """Somebody wants to be told when a time opens on one of these days. `found_at`: when one did, and a mail is due."""

    __tablename__ = "waits"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        ForeignKeyConstraint(*_OF_OFFERING, ondelete="CASCADE"),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        Index("ix_waits_practice_id_offering_id", "practice_id", "offering_id", "last_day"),
        Index("ix_waits_practice_id_email", "practice_id", "email"),
        Index(
            "ix_waits_practice_id_waiting",
            "practice_id",
            "created_at",
            postgresql_where=text("found_at is null and ended_at is null"),
        ),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    offering_id: Mapped[UUID]
    coach_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    name: Mapped[str]
    email: Mapped[str]
    time_zone: Mapped[str]
    locale: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime]
    found_at: Mapped[datetime | None]
    found_starts_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
