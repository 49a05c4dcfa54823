"""Tables of what people pay for."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId

_OF_CLIENT = (["practice_id", "client_id"], ["clients.practice_id", "clients.id"])
_OF_BOOKING = (["practice_id", "booking_id"], ["bookings.practice_id", "bookings.id"])
_OF_PACKAGE = (["practice_id", "package_id"], ["packages.practice_id", "packages.id"])


class PurchaseStatus(StrEnum):
    """Where a purchase stands. `waiting`: the buyer has done their part, the bank not. Refunds are in the ledger."""

    OPEN = "open"
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class Coupon(Base):
    """A code that makes something cheaper, by percent or by an amount; for everything, one offering or one package."""

    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("(percent is null) <> (amount is null)", name="either"),
        CheckConstraint("percent between 1 and 100", name="percent"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("most_uses > 0", name="most_uses"),
        ForeignKeyConstraint(["practice_id", "offering_id"], ["offerings.practice_id", "offerings.id"]),
        ForeignKeyConstraint(*_OF_PACKAGE),
        UniqueConstraint("practice_id", "code"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    code: Mapped[str]
    percent: Mapped[int | None]
    amount: Mapped[int | None]
    currency: Mapped[str | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    most_uses: Mapped[int | None]
    is_once_a_person: Mapped[bool] = mapped_column(server_default=text("false"))
    offering_id: Mapped[UUID | None]
    package_id: Mapped[UUID | None]
    is_off: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]


class Purchase(Base):
    """What one person pays for at once. `list_amount` less `discount` is `amount`, of which `fee` is the platform's.

    The keys of its calls to Stripe are made from its id. `checkout_id` is Stripe's session, `payment_id` its payment
    intent. A series of bookings paid with one package has none of its own.
    """

    __tablename__ = "purchases"
    __table_args__ = (
        CheckConstraint("(booking_id is null) <> (package_id is null)", name="either"),
        CheckConstraint("status in ('open', 'waiting', 'paid', 'failed', 'expired')", name="status"),
        CheckConstraint("amount > 0 and amount = list_amount - discount and discount >= 0", name="amount"),
        CheckConstraint("0 <= fee and fee <= amount", name="fee"),
        ForeignKeyConstraint(*_OF_BOOKING),
        ForeignKeyConstraint(*_OF_PACKAGE),
        ForeignKeyConstraint(*_OF_CLIENT),
        ForeignKeyConstraint(["practice_id", "coupon_id"], ["coupons.practice_id", "coupons.id"]),
        Index("ix_purchases_practice_id_booking_id", "practice_id", "booking_id"),
        Index("ix_purchases_practice_id_client_id", "practice_id", "client_id", "created_at"),
        Index("ix_purchases_practice_id_checkout_id", "practice_id", "checkout_id"),
        Index("ix_purchases_practice_id_payment_id", "practice_id", "payment_id"),
        Index("ix_purchases_practice_id_coupon_id", "practice_id", "coupon_id"),
        Index("ix_purchases_practice_id_created_at", "practice_id", "created_at"),
        Index(
            "ix_purchases_practice_id_undecided",
            "practice_id",
            "expires_at",
            postgresql_where=text("status in ('open', 'waiting')"),
        ),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    booking_id: Mapped[UUID | None]
    package_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    title: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    list_amount: Mapped[int]
    discount: Mapped[int] = mapped_column(server_default=text("0"))
    amount: Mapped[int]
    fee: Mapped[int] = mapped_column(server_default=text("0"))
    currency: Mapped[str]
    coupon_id: Mapped[UUID | None]
    status: Mapped[str]
    account_id: Mapped[str]
    checkout_id: Mapped[str | None]
    checkout_url: Mapped[str | None]
    payment_id: Mapped[str | None]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]


class CouponGift(Base):
    """A use of a coupon that left nothing to pay: there is no purchase, since no money moves. `amount` is the price.

    It is of a booking, or of a package: then of the holding that came of it.
    """

    __tablename__ = "coupon_gifts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(booking_id is null) <> (holding_id is null)", name="either"),
        ForeignKeyConstraint(["practice_id", "coupon_id"], ["coupons.practice_id", "coupons.id"]),
        ForeignKeyConstraint(*_OF_BOOKING),
        ForeignKeyConstraint(["practice_id", "holding_id"], ["holdings.practice_id", "holdings.id"]),
        ForeignKeyConstraint(*_OF_CLIENT),
        UniqueConstraint("practice_id", "booking_id"),
        UniqueConstraint("practice_id", "holding_id"),
        Index("ix_coupon_gifts_practice_id_coupon_id", "practice_id", "coupon_id"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    coupon_id: Mapped[UUID]
    booking_id: Mapped[UUID | None]
    holding_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    email: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    created_at: Mapped[datetime]
