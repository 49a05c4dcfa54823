"""Reading purchases, holding one, and writing down what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, update

from coachhub.booking.service.reading import lock_booking
from coachhub.payments.models import Purchase, PurchaseStatus
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice

UNDECIDED = (PurchaseStatus.OPEN, PurchaseStatus.WAITING)


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase as it stands; its columns are explained with its table. Amounts are in minor units."""

    id: UUID
    booking_id: UUID | None
    package_id: UUID | None
    client_id: UUID | None
    title: str
    name: str
    email: str
    locale: str
    time_zone: str
    list_amount: int
    discount: int
    amount: int
    fee: int
    currency: str
    coupon_id: UUID | None
    status: PurchaseStatus
    account_id: str
    checkout_id: str | None
    checkout_url: str | None
    payment_id: str | None
    expires_at: datetime
    created_at: datetime
    paid_at: datetime | None
    closed_at: datetime | None
    asked_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid: nothing has come of it, and no other purchase has taken its place."""
        return self.status is PurchaseStatus.OPEN and self.closed_at is None


def purchase_of(purchase_id: UUID) -> PurchaseRow:
    """One purchase of the practice. Raises NotFound."""
    return _one(_purchases(Purchase.id == purchase_id))


def lock_purchase(purchase_id: UUID) -> PurchaseRow:
    """One purchase, held until the end of the transaction: whoever changes it holds it first. Raises NotFound.

    Its booking is held before it, in this order everywhere: writing to a purchase twice holds its booking a little, so
    that two who had begun with a purchase each would wait for each other.
    """
    booking_id = purchase_of(purchase_id).booking_id
    if booking_id is not None:
        lock_booking(booking_id)
    return _one(_purchases(Purchase.id == purchase_id).with_for_update())


def find_purchase(*which: ColumnElement[bool]) -> PurchaseRow | None:
    """The newest purchase of which this is true."""
    row = db.session.execute(_purchases(*which).order_by(Purchase.created_at.desc(), Purchase.id).limit(1)).first()
    return _as_row(row) if row else None


def purchase_for(booking_id: UUID) -> PurchaseRow | None:
    """What was bought last for a booking, or is being bought."""
    return find_purchase(Purchase.booking_id == booking_id)


def change_purchase(purchase_id: UUID, **values: object) -> None:
    """Write down what became of a purchase that is held."""
    this = (Purchase.practice_id == current_practice(), Purchase.id == purchase_id)
    db.session.execute(update(Purchase).where(*this).values(**values))


def is_there_another(purchase: PurchaseRow, *statuses: PurchaseStatus) -> bool:
    """Whether another purchase of the same booking stands like this, and no other has taken its place."""
    others = (
        Purchase.practice_id == current_practice(),
        Purchase.booking_id == purchase.booking_id,
        Purchase.id != purchase.id,
        Purchase.status.in_(statuses),
    )
    taken_up = (Purchase.status == PurchaseStatus.PAID) | Purchase.closed_at.is_(None)
    return bool(db.session.scalar(select(exists().where(*others, taken_up))))


def _purchases(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    columns = [getattr(Purchase, name) for name in PurchaseRow.__dataclass_fields__]
    return select(*columns).where(Purchase.practice_id == current_practice(), *which)


def _one(query: Select[*tuple[Any, ...]]) -> PurchaseRow:
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _as_row(row)


def _as_row(row: Any) -> PurchaseRow:
    return PurchaseRow(**{**row._mapping, "status": PurchaseStatus(row.status)})
