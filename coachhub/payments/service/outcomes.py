"""What the visitor's pages say of a payment: only what the database knows, never what an address claims."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from coachhub.booking.models import BookingStatus
from coachhub.booking.service.reading import BookingRow, booking_of
from coachhub.payments.models import Purchase, PurchaseStatus, Refund, RefundReason
from coachhub.payments.service.purchases import PurchaseRow, find_purchase, purchase_for, purchase_of
from coachhub.platform.db import db
from coachhub.platform.jobs import URGENT, enqueue
from coachhub.platform.tenancy import current_practice

_STANDS = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
_SENT_BACK = (RefundReason.SLOT_GONE, RefundReason.PAID_TWICE)


class Stand(StrEnum):
    """Where a payment stands for whoever pays.

    `asking`: they have been on the page of payment, and nobody has told us yet what came of it. `gone`: paid, and
    given back because somebody else had the time.
    """

    TO_PAY = "to_pay"
    ASKING = "asking"
    WAITING = "waiting"
    PAID = "paid"
    GONE = "gone"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class BookingPayment:
    """A booking, how it is paid, and the purchase that says so; None where nobody has gone to pay yet."""

    booking: BookingRow
    stand: Stand
    purchase: PurchaseRow | None


@dataclass(frozen=True)
class PackagePayment:
    """A package's purchase, and how it is paid."""

    purchase: PurchaseRow
    stand: Stand


def payment_of_booking(booking_id: UUID) -> BookingPayment:
    """How a booking is paid. Raises NotFound."""
    booking = booking_of(booking_id)
    paid = find_purchase(Purchase.booking_id == booking_id, Purchase.status == PurchaseStatus.PAID)
    purchase = paid or purchase_for(booking_id)
    if booking.status in _STANDS:
        return BookingPayment(booking, Stand.PAID, purchase)
    if paid is not None and _was_sent_back(paid.id):
        return BookingPayment(booking, Stand.GONE, paid)
    if booking.status is BookingStatus.CANCELLED:
        return BookingPayment(booking, Stand.CANCELLED, purchase)
    if purchase is None:
        is_held = booking.status is BookingStatus.HELD
        return BookingPayment(booking, Stand.TO_PAY if is_held else Stand.EXPIRED, None)
    return BookingPayment(booking, _stand_of(purchase), purchase)


def payment_of_package(purchase_id: UUID) -> PackagePayment:
    """How a package is paid. Raises NotFound."""
    purchase = purchase_of(purchase_id)
    return PackagePayment(purchase, _stand_of(purchase))


def ask_soon(purchase: PurchaseRow) -> None:
    """Somebody waits to hear what came of it: have a worker ask the gateway now."""
    if purchase.status in (PurchaseStatus.OPEN, PurchaseStatus.WAITING):
        enqueue("workers.jobs.sync_purchase", current_practice(), purchase.id, queue=URGENT)


def _stand_of(purchase: PurchaseRow) -> Stand:
    if purchase.status is PurchaseStatus.OPEN:
        return Stand.ASKING if purchase.asked_at is not None else Stand.TO_PAY
    return Stand(purchase.status.value)


def _was_sent_back(purchase_id: UUID) -> bool:
    here = (Refund.practice_id == current_practice(), Refund.purchase_id == purchase_id)
    return db.session.scalar(select(Refund.id).where(*here, Refund.reason.in_(_SENT_BACK)).limit(1)) is not None
