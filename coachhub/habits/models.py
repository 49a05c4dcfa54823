"""Tables of the habits domain."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from coachhub.network.models import OfPerson, friend_key, person_key
from coachhub.platform.db import Base, RowId, TenantId

MOST_MEETUPS = 8
"""More meetups a month than this are no habit, but a campaign; tables and forms take no more."""


class Habit(Base):
    """A practice's monthly habit: its name, the five steps in the coach's words, how often and how long."""

    __tablename__ = "habits"
    __table_args__ = (
        CheckConstraint("meetups_a_month between 1 and 8", name="meetups_a_month"),
        CheckConstraint("minutes_a_meetup between 15 and 480", name="minutes_a_meetup"),
        CheckConstraint("cardinality(steps) = 5", name="five_steps"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    name: Mapped[str]
    steps: Mapped[list[str]] = mapped_column(ARRAY(Text))
    meetups_a_month: Mapped[int] = mapped_column(server_default=text("1"))
    minutes_a_meetup: Mapped[int] = mapped_column(server_default=text("60"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class HabitTemplate(Base):
    """The coach's words for a message to a friend, by its purpose and tone, with fields such as {friend}."""

    __tablename__ = "habit_templates"
    __table_args__ = (
        CheckConstraint("tone in ('warm', 'light', 'plain')", name="tone"),
        CheckConstraint("purpose in ('invite', 'follow_up', 'thanks', 'warm_up')", name="purpose"),
        ForeignKeyConstraint(["practice_id", "habit_id"], ["habits.practice_id", "habits.id"], ondelete="CASCADE"),
    )

    practice_id: Mapped[TenantId]
    habit_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True, server_default="invite")
    tone: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]


class Assignment(Base):
    """A habit given to a client from a month on; `ended_from` is the first month that no longer counts.

    Those given in one step have one `created_at`.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("extract(day from from_month) = 1", name="from_first"),
        CheckConstraint("extract(day from ended_from) = 1", name="ended_first"),
        CheckConstraint("target between 1 and 8", name="target"),
        ForeignKeyConstraint(["practice_id", "habit_id"], ["habits.practice_id", "habits.id"]),
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        Index(
            "uq_assignments_one_open_a_client",
            "practice_id",
            "client_id",
            unique=True,
            postgresql_where=text("ended_from is null"),
        ),
        Index("ix_assignments_practice_id_client_id", "practice_id", "client_id", "from_month"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    habit_id: Mapped[UUID]
    from_month: Mapped[date]
    ended_from: Mapped[date | None]
    target: Mapped[int]
    minutes: Mapped[int]
    created_at: Mapped[datetime]


class AssignmentPause(Base):
    """A month (its first day) in which an assignment rests."""

    __tablename__ = "assignment_pauses"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", name="month_first"),
        ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            ondelete="CASCADE",
        ),
    )

    practice_id: Mapped[TenantId]
    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)


class Cycle(Base):
    """One month of one assignment: when each step was first reached. The coach may read it; it has no names.

    Written only by `record_step`, in the client's transaction; a step once reached stays reached.
    `moved_out`: a meetup agreed for this month was moved into a later one. `erased_held` and `erased_minutes` are what
    was done with friends who were erased after the month was over: they count, and name nobody.
    """

    __tablename__ = "cycles"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", name="month_first"),
        ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        Index("ix_cycles_practice_id_client_id", "practice_id", "client_id", "month"),
        Index("ix_cycles_practice_id_month", "practice_id", "month"),
    )

    practice_id: Mapped[TenantId]
    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    committed_at: Mapped[datetime | None]
    chosen_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    last_held_at: Mapped[datetime | None]
    held: Mapped[int] = mapped_column(server_default=text("0"))
    minutes: Mapped[int] = mapped_column(server_default=text("0"))
    moved_out: Mapped[bool] = mapped_column(server_default=text("false"))
    erased_held: Mapped[int] = mapped_column(server_default=text("0"))
    erased_minutes: Mapped[int] = mapped_column(server_default=text("0"))


class Plan(OfPerson, Base):
    """The client's if-then commitment for a month, in the client's own words; it is the client's own.

    `changed_at` is when it was made anew, the same month's plan in other words or for another time.
    """

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", name="month_first"),
        ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            ondelete="CASCADE",
        ),
        person_key(),
        UniqueConstraint("practice_id", "assignment_id", "month"),
        Index("ix_plans_practice_id_at", "practice_id", "at"),
        Index("ix_plans_practice_id_client_id", "practice_id", "client_id", "month"),
    )

    assignment_id: Mapped[UUID]
    month: Mapped[date]
    at: Mapped[datetime]
    doing: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class Choice(OfPerson, Base):
    """A friend chosen for a month; `dropped_at` when the client chose somebody else instead."""

    __tablename__ = "choices"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", name="month_first"),
        ForeignKeyConstraint(
            ["practice_id", "assignment_id"],
            ["assignments.practice_id", "assignments.id"],
            ondelete="CASCADE",
        ),
        friend_key(),
        Index("ix_choices_practice_id_assignment_id", "practice_id", "assignment_id", "month"),
        Index("ix_choices_practice_id_friend_id", "practice_id", "friend_id"),
    )

    assignment_id: Mapped[UUID]
    month: Mapped[date]
    friend_id: Mapped[UUID]
    chosen_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
