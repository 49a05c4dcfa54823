"""Tables of who a coach is and when they work."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId

_OF_COACH = (["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"])


class PracticePage(Base):
    """What the practice says of itself on its public page. `about` is Markdown."""

    __tablename__ = "practice_pages"

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    headline: Mapped[str] = mapped_column(server_default="")
    about: Mapped[str] = mapped_column(server_default="")
    is_open: Mapped[bool] = mapped_column(server_default=text("true"))
    changed_at: Mapped[datetime]


class CoachProfile(Base):
    """A coach as visitors meet them, and how their week is counted: their zone, and how many bookings a day at most.

    `feed_number` is part of the secret address of their calendar feed: a new number makes the old address end.
    """

    __tablename__ = "coach_profiles"
    __table_args__ = (
        CheckConstraint("daily_limit > 0", name="daily_limit"),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
    )

    practice_id: Mapped[TenantId]
    coach_id: Mapped[UUID] = mapped_column(primary_key=True)
    time_zone: Mapped[str]
    daily_limit: Mapped[int | None]
    title: Mapped[str] = mapped_column(server_default="")
    about: Mapped[str] = mapped_column(server_default="")
    place: Mapped[str] = mapped_column(server_default="")
    feed_number: Mapped[int] = mapped_column(server_default=text("0"))


class WeeklyHours(Base):
    """A range in which a coach works each week: weekday 0 is Monday; minutes from local midnight, 1440 its end."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("0 <= from_minute and from_minute < until_minute and until_minute <= 1440", name="range"),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
        Index("ix_weekly_hours_practice_id_coach_id", "practice_id", "coach_id", "weekday", "from_minute"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    coach_id: Mapped[UUID]
    weekday: Mapped[int]
    from_minute: Mapped[int]
    until_minute: Mapped[int]


class DatedHours(Base):
    """An exception: on the days from `first_day` to `last_day` these hours stand in for the week's.

    Without minutes the coach is away: a holiday. Several rows of one day are several ranges.
    """

    __tablename__ = "dated_hours"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint(
            "(from_minute is null and until_minute is null) "
            "or (0 <= from_minute and from_minute < until_minute and until_minute <= 1440)",
            name="range",
        ),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
        Index("ix_dated_hours_practice_id_coach_id", "practice_id", "coach_id", "last_day"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    coach_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]
    note: Mapped[str] = mapped_column(server_default="")


class BlockedTime(Base):
    """A time that a coach keeps free of bookings; only they and their colleagues see the note."""

    __tablename__ = "blocked_times"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="range"),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
        Index("ix_blocked_times_practice_id_coach_id", "practice_id", "coach_id", "ends_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    coach_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]


class CoachMonth(Base):
    """What a coach's hours came to in a month (its first day) that is over, as they stood when it ended, in minutes."""

    __tablename__ = "coach_months"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", name="month_first"),
        CheckConstraint("minutes >= 0", name="minutes"),
        ForeignKeyConstraint(*_OF_COACH, ondelete="CASCADE"),
    )

    practice_id: Mapped[TenantId]
    coach_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int]
    noted_at: Mapped[datetime]
