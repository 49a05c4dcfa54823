"""Calling a booking off, or letting a hold go."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from coachhub.booking.models import Booking, BookingStatus, Side
from coachhub.booking.rules.cancellation import may_cancel
from coachhub.booking.service.changes import BOOKINGS, CANCELLED, FREED
from coachhub.booking.service.reading import BookingRow, lock_booking
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice


def cancel_booking(booking_id: UUID, by: Side, reason: str = "") -> None:
    """Call a booking off; a hold is let go. What is off already stays as it is: a second click changes nothing.

    What goes back is for those to say who hear CANCELLED. Raises NotFound, and Refused once it has taken place, or for
    a client once it has begun.
    """
    found, now = lock_booking(booking_id), clock.now()
    if found.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED):
        return
    if found.status is not BookingStatus.HELD:
        _refuse_unless_open(found, by, now)
    _call_off(found, by, reason, now)
    BOOKINGS.happened(BookingStatus.CANCELLED.value)
    if found.status is BookingStatus.CONFIRMED:
        CANCELLED.tell(booking_id, by)
    FREED.tell(booking_id)


def _refuse_unless_open(found: BookingRow, by: Side, now: datetime) -> None:
    if found.status is not BookingStatus.CONFIRMED:
        raise Refused(409, _("This booking has taken place: there is nothing to call off any more."))
    if by is Side.CLIENT and not may_cancel(found, now):
        raise Refused(409, _("This booking has begun: it cannot be called off any more."))


def _call_off(found: BookingRow, by: Side, reason: str, now: datetime) -> None:
    values = {
        "status": BookingStatus.CANCELLED.value,
        "cancelled_at": now,
        "cancelled_by": by.value,
        "cancel_reason": reason,
        "sequence": found.sequence + 1,
    }
    this = (Booking.practice_id == current_practice(), Booking.id == found.id)
    db.session.execute(update(Booking).where(*this).values(values))
