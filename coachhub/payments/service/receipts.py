"""Receipts: numbered without gaps in each practice, issued in the transaction that records the payment."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, text

from coachhub.booking.models import Booking
from coachhub.payments.models import Coupon, EntryKind, LedgerEntry, Purchase, Receipt
from coachhub.payments.rules.taxes import tax_in
from coachhub.payments.service.purchases import PurchaseRow
from coachhub.payments.service.sellers import seller
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice

_QUEUE = text("select pg_advisory_xact_lock(hashtextextended(:whom, 0))")
_BACK = (EntryKind.REFUND, EntryKind.REFUND_FAILED)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Money that went back, or a refund that came back again (above 0), in the minor unit."""

    amount: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt as it was issued, with what has gone back since. Amounts are in the minor unit of `currency`."""

    number: int
    issued_at: datetime
    seller_name: str
    seller_address: str
    tax_number: str
    tax_name: str
    tax_basis_points: int
    net: int
    tax: int
    gross: int
    currency: str
    title: str
    name: str
    email: str
    locale: str
    time_zone: str
    list_amount: int
    discount: int
    code: str
    starts_at: datetime | None
    footer: str
    given_back: tuple[GivenBack, ...]


def issue_receipt(purchase: PurchaseRow) -> int:
    """Issue the receipt of a purchase that is paid; returns its number. What it says of the seller stays as it is now.

    Called last in its transaction: whoever else has one to issue waits until then, so that no number is left out.
    """
    db.session.execute(_QUEUE, {"whom": f"receipts:{current_practice()}"})
    here = Receipt.practice_id == current_practice()
    last = db.session.scalar(select(func.max(Receipt.number)).where(here)) or 0
    who, tax = seller(), tax_in(purchase.amount, seller().tax_basis_points)
    receipt = insert(Receipt).values(
        practice_id=current_practice(),
        number=last + 1,
        purchase_id=purchase.id,
        issued_at=clock.now(),
        seller_name=who.name,
        seller_address=who.address,
        tax_number=who.tax_number,
        tax_name=who.tax_name,
        tax_basis_points=who.tax_basis_points,
        net=purchase.amount - tax,
        tax=tax,
        gross=purchase.amount,
        currency=purchase.currency,
    )
    db.session.execute(receipt)
    return last + 1


def receipt_of(purchase_id: UUID) -> ReceiptRow:
    """The receipt of a purchase. Raises NotFound where none was issued."""
    return _one(Receipt.purchase_id == purchase_id)


def receipt_of_client(client_id: UUID, purchase_id: UUID) -> ReceiptRow:
    """The same, where the purchase is this client's. Raises NotFound."""
    return _one(Receipt.purchase_id == purchase_id, Purchase.client_id == client_id)


def receipted_of_booking(booking_id: UUID) -> UUID | None:
    """The purchase of a booking that has a receipt, the newest; None where nothing was paid."""
    row = db.session.execute(_receipted(Purchase.booking_id == booking_id).limit(1)).first()
    return row.id if row else None


def receipted_of_client(client_id: UUID) -> dict[UUID, UUID]:
    """By booking, the purchases of a client that have a receipt."""
    bought = (Purchase.client_id == client_id, Purchase.booking_id.is_not(None))
    query = _receipted(*bought).add_columns(Purchase.booking_id)
    return {row.booking_id: row.id for row in reversed(db.session.execute(query).all())}


def _receipted(*which: ColumnElement[bool]) -> Select[Any]:
    its = and_(Receipt.practice_id == Purchase.practice_id, Receipt.purchase_id == Purchase.id)
    query = select(Purchase.id).join(Receipt, its).where(Purchase.practice_id == current_practice(), *which)
    return query.order_by(Purchase.paid_at.desc(), Receipt.number.desc())


def _one(*which: ColumnElement[bool]) -> ReceiptRow:
    of_purchase = and_(Purchase.practice_id == Receipt.practice_id, Purchase.id == Receipt.purchase_id)
    of_coupon = and_(Coupon.practice_id == Purchase.practice_id, Coupon.id == Purchase.coupon_id)
    of_booking = and_(Booking.practice_id == Purchase.practice_id, Booking.id == Purchase.booking_id)
    query = select(*_COLUMNS, Purchase.id.label("purchase_id")).select_from(Receipt).join(Purchase, of_purchase)
    joined = query.outerjoin(Coupon, of_coupon).outerjoin(Booking, of_booking)
    row = db.session.execute(joined.where(Receipt.practice_id == current_practice(), *which)).one_or_none()
    if row is None:
        raise NotFound
    return _read(row)


def _read(row: Any) -> ReceiptRow:
    values = {name: value for name, value in row._mapping.items() if name != "purchase_id"}
    return ReceiptRow(**values, footer=seller().footer, given_back=_given_back(row.purchase_id))


def _given_back(purchase_id: UUID) -> tuple[GivenBack, ...]:
    here = (LedgerEntry.practice_id == current_practice(), LedgerEntry.purchase_id == purchase_id)
    query = select(LedgerEntry.amount, LedgerEntry.happened_at).where(*here, LedgerEntry.kind.in_(_BACK))
    return tuple(GivenBack(*row) for row in db.session.execute(query.order_by(LedgerEntry.happened_at, LedgerEntry.id)))


_OF_PURCHASE = ("title", "name", "email", "locale", "time_zone", "list_amount", "discount")
_COLUMNS = (
    *(getattr(Receipt, field.name) for field in fields(ReceiptRow)[:11]),
    *(getattr(Purchase, name) for name in _OF_PURCHASE),
    func.coalesce(Coupon.code, "").label("code"),
    Booking.starts_at,
)
