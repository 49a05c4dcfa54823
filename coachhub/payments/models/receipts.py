"""Tables of receipts, and of who issues them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, TenantId

_OF_PURCHASE = (["practice_id", "purchase_id"], ["purchases.practice_id", "purchases.id"])


class Seller(Base):
    """Who issues the practice's receipts, and their tax. `tax_basis_points` is part of each price: 2000 is 20 %."""

    __tablename__ = "sellers"
    __table_args__ = (CheckConstraint("tax_basis_points between 0 and 10000", name="tax"),)

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    name: Mapped[str]
    address: Mapped[str] = mapped_column(server_default="")
    tax_number: Mapped[str] = mapped_column(server_default="")
    tax_name: Mapped[str] = mapped_column(server_default="")
    tax_basis_points: Mapped[int] = mapped_column(server_default=text("0"))
    footer: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime]


class Receipt(Base):
    """A receipt, numbered without gaps in each practice; what it says of the seller stays as it was on that day."""

    __tablename__ = "receipts"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_PURCHASE),
        UniqueConstraint("practice_id", "purchase_id"),
    )

    practice_id: Mapped[TenantId]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purchase_id: Mapped[UUID]
    issued_at: Mapped[datetime]
    seller_name: Mapped[str]
    seller_address: Mapped[str]
    tax_number: Mapped[str]
    tax_name: Mapped[str]
    tax_basis_points: Mapped[int]
    net: Mapped[int]
    tax: Mapped[int]
    gross: Mapped[int]
    currency: Mapped[str]
