"""Tables of the network domain: they belong to the client, and the database shows them to nobody else.

Every table carries `user_id`, the person whose network it is, and `shared`, that person's switch: row-level
security shows a row to its person, and to the practice only where it is shared. Writing is the person's alone.
"""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from coachhub.network.models.imports import Import, ImportChunk, ImportRow
from coachhub.network.models.of_person import OfPerson, friend_key, person_key
from coachhub.platform.db import Base

__all__ = [
    "Contact",
    "FreeHour",
    "Friend",
    "Import",
    "ImportChunk",
    "ImportRow",
    "Invitation",
    "Log",
    "Meetup",
    "MeetupMove",
    "MeetupStatus",
    "OfPerson",
    "friend_key",
    "person_key",
]


class MeetupStatus(StrEnum):
    """Where a meetup stands."""

    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


class Friend(OfPerson, Base):
    """A professional friend of one client.

    `known_until` ends the time they worked together; `last_contact_on` is the last real contact;
    `not_before` is the client's "not now until"; `never_suggest` their "never". `number` counts the client's friends
    as they come and stays theirs: it gives them their place in the rings. `profile` is the normalised address of a
    public profile, without scheme: `linkedin.com/in/dan`. `import_id` is the import that brought them.
    """

    __tablename__ = "friends"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("liking between 1 and 5", name="liking"),
            UniqueConstraint("practice_id", "client_id", "id"),
            person_key(),
            ForeignKeyConstraint(
                ["practice_id", "import_id"], ["imports.practice_id", "imports.id"], ondelete="SET NULL (import_id)"
            ),
            Index("ix_friends_practice_id_client_id", "practice_id", "client_id", "last_contact_on"),
            Index(
                "ix_friends_practice_id_import_id",
                "practice_id",
                "import_id",
                postgresql_where=text("import_id is not null"),
            ),
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
    number: Mapped[int] = mapped_column(server_default=text("0"))
    title: Mapped[str] = mapped_column(server_default="")
    profile: Mapped[str] = mapped_column(server_default="")
    time_zone: Mapped[str | None]
    import_id: Mapped[UUID | None]


class Invitation(OfPerson, Base):
    """The message to a friend. `sent_at` is when the client said "I sent it"; the draft is kept as edited.

    Its id is what the reply link is made of. `ask` is the client's own line about what they would like. The friend
    (or, for them, the client: `answered_by`) answers yes, no, later, or `other`: they offer `counter_times` (UTC
    instants) instead, also to move what is agreed. `version` rises with each answer and each change of the meetup
    that came of it, so that an old page of the friend's is noticed. After `withdrawn_at` the link opens nothing.
    """

    __tablename__ = "invitations"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("tone in ('warm', 'light', 'plain')", name="tone"),
            CheckConstraint("answer in ('yes', 'no', 'later', 'other')", name="answer"),
            CheckConstraint("answered_by in ('client', 'friend')", name="answered_by"),
            person_key(),
            friend_key(),
            Index("ix_invitations_practice_id_client_id", "practice_id", "client_id", "sent_at"),
            Index("ix_invitations_practice_id_friend_id", "practice_id", "friend_id", "created_at"),
            Index(
                "ix_invitations_practice_id_answered",
                "practice_id",
                "answered_at",
                postgresql_where=text("answered_by = 'friend'"),
            ),
            Index(
                "ix_invitations_practice_id_waiting",
                "practice_id",
                "sent_at",
                postgresql_where=text("answer is null and withdrawn_at is null and followed_up_at is null"),
            ),
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
    answered_by: Mapped[str | None]
    ask: Mapped[str] = mapped_column(server_default="")
    counter_times: Mapped[list[datetime]] = mapped_column(ARRAY(TIMESTAMP(timezone=True)), server_default="{}")
    reply_note: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default=text("0"))
    followed_up_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Meetup(OfPerson, Base):
    """An agreed time and place with a friend. Moving it keeps it the same meetup; `sequence` counts the changes.

    `invitation_id` is the message that it came of: its reply link shows, moves and cancels the meetup. `cancelled_by`
    is the client or the friend.
    """

    __tablename__ = "meetups"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("status in ('scheduled', 'held', 'cancelled')", name="status"),
            CheckConstraint("minutes between 1 and 1440", name="minutes"),
            CheckConstraint("cancelled_by in ('client', 'friend')", name="cancelled_by"),
            person_key(),
            friend_key(),
            ForeignKeyConstraint(
                ["practice_id", "invitation_id"],
                ["invitations.practice_id", "invitations.id"],
                ondelete="SET NULL (invitation_id)",
            ),
            Index("ix_meetups_practice_id_client_id", "practice_id", "client_id", "starts_at"),
            Index("ix_meetups_practice_id_status", "practice_id", "status", "starts_at"),
            Index("ix_meetups_practice_id_friend_id", "practice_id", "friend_id"),
            Index(
                "ix_meetups_practice_id_invitation_id",
                "practice_id",
                "invitation_id",
                postgresql_where=text("invitation_id is not null"),
            ),
            Index(
                "uq_meetups_practice_id_invitation_id",
                "practice_id",
                "invitation_id",
                unique=True,
                postgresql_where=text("invitation_id is not null and status <> 'cancelled'"),
            ),
        )

    friend_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(server_default=text("60"))
    place: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="scheduled")
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    agreed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    invitation_id: Mapped[UUID | None]
    cancelled_by: Mapped[str | None]


class MeetupMove(OfPerson, Base):
    """One move of a meetup: from when and where, to when and where, and by whom: the client or the friend."""

    __tablename__ = "meetup_moves"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("moved_by in ('client', 'friend')", name="moved_by"),
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
    moved_by: Mapped[str] = mapped_column(server_default="client")


class Log(OfPerson, Base):
    """What the client writes after a meetup; one a meetup. `feeling` runs from 1 (heavy) to 3 (lovely).

    `follow_up_on` is the local day on which a promise comes back as a reminder, until `follow_up_done_at`;
    `follow_up_set_at` is when the promise got that day;
    `thanked_at` is when the client said that a thank-you is on its way.
    """

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
            Index(
                "ix_logs_practice_id_promised",
                "practice_id",
                "follow_up_on",
                postgresql_where=text("follow_up_on is not null and follow_up_done_at is null"),
            ),
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
    follow_up_done_at: Mapped[datetime | None]
    follow_up_set_at: Mapped[datetime | None]
    thanked_at: Mapped[datetime | None]


class Contact(OfPerson, Base):
    """A contact with a friend that was no meetup, on a local day.

    `remembered` is what the client knew when the friend was added; a `warm_up` is a note that was sent, and is no real
    contact until something comes back. The last real contact also stands on the friend, for lists.
    """

    __tablename__ = "contacts"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("how in ('call', 'message', 'in_person', 'other', 'remembered', 'warm_up')", name="how"),
            person_key(),
            friend_key(),
            Index("ix_contacts_practice_id_friend_id", "practice_id", "friend_id", "happened_on"),
            Index("ix_contacts_practice_id_client_id", "practice_id", "client_id", "happened_on"),
        )

    friend_id: Mapped[UUID]
    happened_on: Mapped[date]
    how: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]


class FreeHour(OfPerson, Base):
    """A time of the week at which the client is free for a coffee: local time of the client, Monday is 0."""

    __tablename__ = "free_hours"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (
            CheckConstraint("weekday between 0 and 6", name="weekday"),
            person_key(),
            UniqueConstraint("practice_id", "client_id", "weekday", "at"),
        )

    weekday: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[time]
