"""Tables of packages that clients have, and of their credits."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId

_OF_PURCHASE = (["practice_id", "purchase_id"], ["purchases.practice_id", "purchases.id"])
_OF_CLIENT = (["practice_id", "client_id"], ["clients.practice_id", "clients.id"])
_OF_BOOKING = (["practice_id", "booking_id"], ["bookings.practice_id", "bookings.id"])
_OF_PACKAGE = (["practice_id", "package_id"], ["packages.practice_id", "packages.id"])
_OF_HOLDING = (["practice_id", "holding_id"], ["holdings.practice_id", "holdings.id"])


class CreditKind(StrEnum):
    """Why credits came or went."""

    BOUGHT = "bought"
    GRANTED = "granted"
    USED = "used"
    RETURNED = "returned"
    EXPIRED = "expired"
    ROLLED_OUT = "rolled_out"
    ROLLED_IN = "rolled_in"
    REVOKED = "revoked"


class Holding(Base):
    """A package that a client has: bought, or granted by the coach. What is left of it is the sum of its credits.

    `expired_at`: when what was left was written off, some time after `expires_at`.
    """

    __tablename__ = "holdings"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_CLIENT),
        ForeignKeyConstraint(*_OF_PACKAGE),
        ForeignKeyConstraint(*_OF_PURCHASE),
        ForeignKeyConstraint(["practice_id", "offering_id"], ["offerings.practice_id", "offerings.id"]),
        ForeignKeyConstraint(["practice_id", "granted_by"], ["memberships.practice_id", "memberships.user_id"]),
        UniqueConstraint("practice_id", "purchase_id"),
        Index("ix_holdings_practice_id_client_id", "practice_id", "client_id"),
        Index("ix_holdings_practice_id_expires_at", "practice_id", "expires_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    offering_id: Mapped[UUID]
    package_id: Mapped[UUID | None]
    purchase_id: Mapped[UUID | None]
    granted_by: Mapped[UUID | None]
    title: Mapped[str]
    sessions: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]


class CreditEntry(Base):
    """Credits that came (`count` above 0) or went. Never changed, never deleted.

    One booking uses one credit once; `number` tells further uses and returns of the same booking apart. `note`: why a
    coach gave or took them.
    """

    __tablename__ = "credit_entries"
    __table_args__ = (
        CheckConstraint(
            "kind in ('bought', 'granted', 'used', 'returned', 'expired', 'rolled_out', 'rolled_in', 'revoked')",
            name="kind",
        ),
        CheckConstraint(
            "(count > 0) = (kind in ('bought', 'granted', 'returned', 'rolled_in')) and count <> 0", name="sign"
        ),
        ForeignKeyConstraint(*_OF_HOLDING),
        ForeignKeyConstraint(*_OF_BOOKING),
        UniqueConstraint("practice_id", "holding_id", "kind", "booking_id", "number"),
        Index("ix_credit_entries_practice_id_holding_id", "practice_id", "holding_id"),
        Index("ix_credit_entries_practice_id_booking_id", "practice_id", "booking_id"),
        Index(
            "uq_credit_entries_booking",
            "practice_id",
            "booking_id",
            "kind",
            "number",
            unique=True,
            postgresql_where=text("booking_id is not null"),
        ),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    holding_id: Mapped[UUID]
    kind: Mapped[str]
    count: Mapped[int]
    booking_id: Mapped[UUID | None]
    number: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(server_default="")
