"""Tables of the accounts domain. `users` and `logins` are global; everything else belongs to a practice."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class Practice(Base):
    """A tenant. `half_life_days` is the H of the warmth formula; `accent` a brand colour as #rrggbb.

    From `quiet_from` to `quiet_until`, by the reader's clock, no reminder goes out. The database draws another
    `page_stamp` whenever what its page shows is changed, but for what is taken of its coaches' time.
    """

    __tablename__ = "practices"
    __table_args__ = (CheckConstraint("half_life_days between 30 and 3650", name="half_life"),)

    id: Mapped[RowId]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str]
    accent: Mapped[str | None]
    half_life_days: Mapped[int] = mapped_column(server_default=text("270"))
    quiet_from: Mapped[time] = mapped_column(server_default="20:00")
    quiet_until: Mapped[time] = mapped_column(server_default="08:00")
    created_at: Mapped[datetime]
    page_stamp: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


class PracticeLogo(Base):
    """A practice's logo as we keep it: small, without anything but the picture. `width` and `height` are pixels."""

    __tablename__ = "practice_logos"
    __table_args__ = (
        CheckConstraint("media_type in ('image/png', 'image/jpeg')", name="media_type"),
        CheckConstraint("width > 0 and height > 0", name="size"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id", ondelete="CASCADE"))
    image: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    changed_at: Mapped[datetime]


class User(Base):
    """One person: one e-mail address (lower case), one login, whatever roles in however many practices."""

    __tablename__ = "users"

    id: Mapped[RowId]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    email_verified_at: Mapped[datetime | None]
    locale: Mapped[str]
    time_zone: Mapped[str]
    created_at: Mapped[datetime]


class Membership(Base):
    """A user's role in a practice."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'coach', 'client')", name="role"),
        Index("ix_memberships_user_id", "user_id", "practice_id"),
        Index("ix_memberships_practice_id_staff", "practice_id", postgresql_where=text("role <> 'client'")),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str]
    created_at: Mapped[datetime]


class Login(Base):
    """One browser signed in. Only the hash of its token is kept, so a copy of the table opens nothing."""

    __tablename__ = "logins"
    __table_args__ = (Index("ix_logins_user_id", "user_id"),)

    id: Mapped[RowId]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    practice_id: Mapped[UUID] = mapped_column(ForeignKey("practices.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ProofKind(StrEnum):
    """What a mail to an address proves or opens."""

    SIGN_IN = "sign_in"
    VERIFY = "verify"
    RESET = "reset"


class EmailProof(Base):
    """A proof of address under way: a six-digit code or a link, made from this row's id, good for one use."""

    __tablename__ = "email_proofs"
    __table_args__ = (
        CheckConstraint("kind in ('sign_in', 'verify', 'reset')", name="kind"),
        ForeignKeyConstraint(
            ["practice_id", "user_id"], ["memberships.practice_id", "memberships.user_id"], ondelete="CASCADE"
        ),
        Index("ix_email_proofs_practice_id_user_id", "practice_id", "user_id", "kind"),
        Index("ix_email_proofs_practice_id_created_at", "practice_id", "created_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    user_id: Mapped[UUID]
    kind: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    used_at: Mapped[datetime | None]


class TeamInvite(Base):
    """A further coach asked into the practice; the link is signed from this row's id and works once."""

    __tablename__ = "team_invites"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'coach')", name="role"),
        ForeignKeyConstraint(["practice_id", "invited_by"], ["memberships.practice_id", "memberships.user_id"]),
        Index("ix_team_invites_practice_id_created_at", "practice_id", "created_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to which row, without personal details."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_practice_id_at", "practice_id", "at"),)

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]
    subject_id: Mapped[UUID | None]
