"""How bookings end by themselves, and what a coach says of them afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from coachhub.booking.models import Booking, BookingStatus
from coachhub.booking.service.changes import FREED
from coachhub.booking.service.reading import lock_booking
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def expire_hold(booking_id: UUID) -> None:
    """Let the time of a hold go free. Of what is no hold any more nothing changes. Raises NotFound.

    Where somebody pays for it, only payments may ask for this, and only after they have asked Stripe.
    """
    if lock_booking(booking_id).status is not BookingStatus.HELD:
        return
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    db.session.execute(update(Booking).where(*this).values(status=BookingStatus.EXPIRED.value))
    FREED.tell(booking_id)


def keep_hold(booking_id: UUID, until: datetime) -> None:
    """Have a hold last until then at least: the page on which it is paid was opened only now. Raises NotFound."""
    if lock_booking(booking_id).status is not BookingStatus.HELD:
        return
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id, Booking.held_until < until)
    db.session.execute(update(Booking).where(*this).values(held_until=until))
