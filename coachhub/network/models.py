"""Tables of the network domain: they belong to the client, and the database shows them to nobody else.

Every table carries `user_id`, the person whose network it is, and `shared`, that person's switch: row-level
security shows a row to its person, and to the practice only where it is shared. Writing is the person's alone.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from coachhub.platform.db import Base, RowId, TenantId


class MeetupStatus(StrEnum):
    """Where a meetup stands."""

    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


class OfPerson:
    """The columns of each row that belongs to a client as a person."""

    practice_id: Mapped[TenantId] = mapped_column(sort_order=-10)
    id: Mapped[RowId] = mapped_column(sort_order=-9)
    client_id: Mapped[UUID] = mapped_column(sort_order=-8)
    user_id: Mapped[UUID] = mapped_column(sort_order=-7)
    shared: Mapped[bool] = mapped_column(server_default=text("false"), sort_order=-6)


def person_key() -> ForeignKeyConstraint:
    """The row's client and its person are one: nobody can add to another client's network."""
    return ForeignKeyConstraint(
        ["practice_id", "client_id", "user_id"],
        ["clients.practice_id", "clients.id", "clients.user_id"],
        ondelete="CASCADE",
    )


def friend_key() -> ForeignKeyConstraint:
    """The row's friend is one of the same client's; erasing the friend erases the row."""
    return ForeignKeyConstraint(
        ["practice_id", "client_id", "friend_id"],
        ["friends.practice_id", "friends.client_id", "friends.id"],
        ondelete="CASCADE",
    )


class Friend(OfPerson, Base):
    """A professional friend of one client.

    `known_until` ends the time they worked together; `last_contact_on` is the last real contact;
    `not_before` is the client's "not now until"; `never_suggest` their "never".
    """

    __tablename__ = "friends"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("liking between 1 and 5", name="liking"),
            UniqueConstraint("practice_id", "client_id", "id"),
            person_key(),
            Index("ix_friends_practice_id_client_id", "practice_id", "client_id", "last_contact_on"),
        )

    name: Mapped[str]
    company: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="colleague")
    liking: Mapped[int] = mapped_column(server_default=text("4"))
    known_from: Mapped[date | None]
    known_until: Mapped[date | None]
    last_contact_on: Mapped[date | None]
    email: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    city: Mapped[str] = mapped_column(server_default="")
    notes: Mapped[str] = mapped_column(server_default="")
    not_before: Mapped[date | None]
    never_suggest: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]


class Invitation(OfPerson, Base):
    """The message to a friend. `sent_at` is when the client said "I sent it"; the draft is kept as edited."""

    __tablename__ = "invitations"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("tone in ('warm', 'light', 'plain')", name="tone"),
            CheckConstraint("answer in ('yes', 'no', 'later')", name="answer"),
            person_key(),
            friend_key(),
            Index("ix_invitations_practice_id_client_id", "practice_id", "client_id", "sent_at"),
            Index("ix_invitations_practice_id_friend_id", "practice_id", "friend_id", "created_at"),
        )

    friend_id: Mapped[UUID]
    tone: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str]
    channel: Mapped[str | None]
    proposed_times: Mapped[list[datetime]] = mapped_column(ARRAY(TIMESTAMP(timezone=True)), server_default="{}")
    place: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class Meetup(OfPerson, Base):
    """An agreed time and place with a friend. Moving it keeps it the same meetup; `sequence` counts the moves."""

    __tablename__ = "meetups"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("status in ('scheduled', 'held', 'cancelled')", name="status"),
            CheckConstraint("minutes between 1 and 1440", name="minutes"),
            person_key(),
            friend_key(),
            Index("ix_meetups_practice_id_client_id", "practice_id", "client_id", "starts_at"),
            Index("ix_meetups_practice_id_status", "practice_id", "status", "starts_at"),
            Index("ix_meetups_practice_id_friend_id", "practice_id", "friend_id"),
        )

    friend_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(server_default=text("60"))
    place: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="scheduled")
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    agreed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MeetupMove(OfPerson, Base):
    """One move of a meetup: from when and where, to when and where."""

    __tablename__ = "meetup_moves"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            person_key(),
            ForeignKeyConstraint(
                ["practice_id", "meetup_id"], ["meetups.practice_id", "meetups.id"], ondelete="CASCADE"
            ),
            UniqueConstraint("practice_id", "meetup_id", "sequence"),
        )

    meetup_id: Mapped[UUID]
    sequence: Mapped[int]
    moved_at: Mapped[datetime]
    from_starts_at: Mapped[datetime]
    to_starts_at: Mapped[datetime]
    from_place: Mapped[str] = mapped_column(server_default="")
    to_place: Mapped[str] = mapped_column(server_default="")


class Log(OfPerson, Base):
    """What the client writes after a meetup; one a meetup. `feeling` runs from 1 (heavy) to 3 (lovely)."""

    __tablename__ = "logs"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("feeling between 1 and 3", name="feeling"),
            CheckConstraint("minutes between 1 and 1440", name="minutes"),
            person_key(),
            friend_key(),
            ForeignKeyConstraint(
                ["practice_id", "meetup_id"], ["meetups.practice_id", "meetups.id"], ondelete="CASCADE"
            ),
            UniqueConstraint("practice_id", "meetup_id"),
            Index("ix_logs_practice_id_client_id", "practice_id", "client_id", "held_at"),
        )

    meetup_id: Mapped[UUID]
    friend_id: Mapped[UUID]
    held_at: Mapped[datetime]
    minutes: Mapped[int]
    feeling: Mapped[int]
    learned: Mapped[str] = mapped_column(server_default="")
    help_given: Mapped[str] = mapped_column(server_default="")
    help_received: Mapped[str] = mapped_column(server_default="")
    follow_up: Mapped[str] = mapped_column(server_default="")
    follow_up_on: Mapped[date | None]
    created_at: Mapped[datetime]
