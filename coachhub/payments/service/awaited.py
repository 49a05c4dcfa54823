"""Holds that are not let go although their time is over: somebody may have paid for them."""

from uuid import UUID

from sqlalchemy import select

from coachhub.payments.models import Purchase, PurchaseStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

_UNDECIDED = (PurchaseStatus.OPEN.value, PurchaseStatus.WAITING.value, PurchaseStatus.PAID.value)


def keep_awaited(ids: set[UUID]) -> None:
    """Take out of `ids` the bookings that are being paid, or are: their time goes free only after Stripe was asked."""
    awaited = select(Purchase.booking_id).where(
        Purchase.practice_id == current_practice(), Purchase.booking_id.in_(ids), Purchase.status.in_(_UNDECIDED)
    )
    ids.difference_update(booking_id for booking_id in db.session.scalars(awaited) if booking_id)
