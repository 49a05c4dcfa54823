"""Tables of the reports domain: how clients stand, ready to be listed, and the filters that a coach has kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class ClientStanding(Base):
    """How one client stands, as the rules said it: made by `refresh_standings` from the facts, and from nothing else.

    It is good before `fresh_until`, when time alone may change it; triggers set that into the past when a fact changes.
    It holds no name of a friend. A row that was never made yet has no `standing`.

    `words` is what is searched and sorted by: name and address in small letters without accents. The need is why the
    client needs the coach: its cause, since when, and which row it is about. `day` and `days_left` are of the client's
    month; `missed` counts the months missed before it. `year` has a digit, 0 to 3, for each of the last twelve months.
    `steps` are when this month's five steps were taken, `stepped_at` the latest of them. Where there is no habit the
    numbers are -1.
    """

    __tablename__ = "standings"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        Index("ix_standings_practice_id_fresh_until", "practice_id", "fresh_until"),
        Index("ix_standings_practice_id_words", "practice_id", "words", "client_id"),
        Index(
            "ix_standings_practice_id_need_order",
            *("practice_id", "need_order", text("missed desc"), text("greatest(strength, 0)"), "words", "client_id"),
            postgresql_where=text("need_order is not null"),
        ),
        Index(
            "ix_standings_practice_id_standing",
            *("practice_id", "standing", "coach_id", "has_not_chosen", "need_order", "stage"),
        ),
        Index("ix_standings_practice_id_stepped_at", "practice_id", text("stepped_at desc"), "client_id"),
    )

    practice_id: Mapped[TenantId]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    fresh_until: Mapped[datetime] = mapped_column(server_default="epoch")
    coach_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(server_default="")
    words: Mapped[str] = mapped_column(Text(collation="C"), server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    time_zone: Mapped[str] = mapped_column(server_default="")
    standing: Mapped[str] = mapped_column(server_default="")
    standing_order: Mapped[int] = mapped_column(SmallInteger(), server_default=text("0"))
    need: Mapped[str | None]
    need_order: Mapped[int | None] = mapped_column(SmallInteger())
    need_cause: Mapped[str] = mapped_column(server_default="")
    need_since: Mapped[datetime | None]
    need_about: Mapped[UUID | None]
    is_booster_due: Mapped[bool] = mapped_column(server_default=text("false"))
    has_not_chosen: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    next_step: Mapped[str] = mapped_column(server_default="")
    day: Mapped[int] = mapped_column(SmallInteger(), server_default=text("0"))
    days_left: Mapped[int] = mapped_column(SmallInteger(), server_default=text("0"))
    missed: Mapped[int] = mapped_column(SmallInteger(), server_default=text("0"))
    stage: Mapped[str] = mapped_column(server_default="")
    stage_order: Mapped[int] = mapped_column(SmallInteger(), server_default=text("-1"))
    strength: Mapped[int] = mapped_column(SmallInteger(), server_default=text("-1"))
    streak: Mapped[int] = mapped_column(SmallInteger(), server_default=text("-1"))
    year: Mapped[str] = mapped_column(server_default="")
    steps: Mapped[list[datetime | None]] = mapped_column(ARRAY(DateTime(timezone=True)), server_default="{}")
    stepped_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    session_at: Mapped[datetime | None]


class SavedFilter(Base):
    """A filter of the list of clients that a coach has kept under a name; `query` is what its address asks for."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "user_id"], ["memberships.practice_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("practice_id", "user_id", "name"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    user_id: Mapped[UUID]
    name: Mapped[str]
    query: Mapped[str]
    created_at: Mapped[datetime]


class ListChanges(Base):
    """How much the lists of a practice have changed: the sum over its rows grows with each change, and that is all.

    Triggers alone write it. Each transaction takes a row that no other one is at, so none waits.
    """

    __tablename__ = "list_changes"

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    changes: Mapped[int] = mapped_column(BigInteger())
