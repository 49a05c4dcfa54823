"""Tables of the clients domain."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class ClientStatus(StrEnum):
    """Where a client stands in the practice."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class Client(Base):
    """A client's record; it exists before the person accepts, and then `user_id` names the person.

    `shares_all` is the client's own switch: the coach may see names and notes of all friends.
    `time_zone` decides when this client's months begin and end. `rests_since` is when they were paused or put away;
    months from then on are neither done nor missed; `back_at` is when the last such rest ended. The quiet hours are the
    client's own where they have chosen some. `feed_number` is part of the secret address of their calendar feed: a new
    number makes the old address end.
    """

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint("status in ('invited', 'active', 'paused', 'archived')", name="status"),
        ForeignKeyConstraint(["practice_id", "coach_id"], ["memberships.practice_id", "memberships.user_id"]),
        ForeignKeyConstraint(["practice_id", "user_id"], ["memberships.practice_id", "memberships.user_id"]),
        UniqueConstraint("practice_id", "email"),
        UniqueConstraint("practice_id", "user_id"),
        UniqueConstraint("practice_id", "id", "user_id"),  # what belongs to the person points at both
        Index("ix_clients_practice_id_status", "practice_id", "status", "name"),
        Index("ix_clients_practice_id_coach_id", "practice_id", "coach_id"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    user_id: Mapped[UUID | None]
    coach_id: Mapped[UUID]
    name: Mapped[str]
    email: Mapped[str]
    time_zone: Mapped[str]
    status: Mapped[str]
    status_before: Mapped[str | None]
    rests_since: Mapped[datetime | None]
    back_at: Mapped[datetime | None]
    shares_all: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    feed_number: Mapped[int] = mapped_column(server_default=text("0"))


class ClientInvite(Base):
    """A link into the portal, signed from this row's id and good once. `by_mail`: it goes out by mail."""

    __tablename__ = "client_invites"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["practice_id", "created_by"], ["memberships.practice_id", "memberships.user_id"]),
        Index("ix_client_invites_practice_id_client_id", "practice_id", "client_id"),
        Index("ix_client_invites_practice_id_created_at", "practice_id", "created_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    created_by: Mapped[UUID]
    by_mail: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
