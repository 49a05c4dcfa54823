"""How bookings end: a hold runs out, a session took place, a client did not come."""

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from coachhub.booking.models import Booking, BookingStatus
from coachhub.booking.service.changes import BOOKINGS, ENDED, FREED, RUN_OUT
from coachhub.booking.service.reading import lock_booking
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

COMPLETED_AFTER = timedelta(hours=24)
"""So long after its end a booking of which nobody has said anything took place; a coach may still say otherwise."""
_MOST_AT_ONCE = 500
_PAST = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)


def expire_hold(booking_id: UUID) -> None:
    """Let the time of a hold go free. Of what is no hold any more nothing changes. Raises NotFound.

    Where somebody pays for it, only payments may ask for this, and only after they have asked Stripe.
    """
    if lock_booking(booking_id).status is BookingStatus.HELD:
        _set(booking_id, BookingStatus.EXPIRED)
        FREED.tell(booking_id)


def keep_hold(booking_id: UUID, until: datetime) -> None:
    """Have a hold last until then at least: the page on which it is paid was opened only now. Raises NotFound."""
    if lock_booking(booking_id).status is not BookingStatus.HELD:
        return
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id, Booking.held_until < until)
    db.session.execute(update(Booking).where(*this).values(held_until=until))


def end_free_holds(now: datetime) -> int:
    """Expire the holds of the practice that have run out and that nobody pays for. Returns how many."""
    over = (Booking.status == BookingStatus.HELD, Booking.held_until <= now)
    ids = set(_some_ids(*over))
    RUN_OUT.tell(ids)
    for booking_id in sorted(ids):
        expire_hold(booking_id)
    return len(ids)


def complete_past(now: datetime) -> int:
    """Complete the bookings of the practice that ended COMPLETED_AFTER ago or earlier. Returns how many."""
    over = (Booking.status == BookingStatus.CONFIRMED, Booking.ends_at <= now - COMPLETED_AFTER)
    ids = sorted(_some_ids(*over))
    for booking_id in ids:
        complete_booking(booking_id)
    return len(ids)


def complete_booking(booking_id: UUID) -> None:
    """It took place; so also where it was said that the client had not come. A second click changes nothing.

    Raises NotFound, and Refused where it has not begun or is off.
    """
    _end(booking_id, BookingStatus.COMPLETED)


def mark_no_show(booking_id: UUID) -> None:
    """The client did not come; said while it goes on, or afterwards. A second click changes nothing.

    Raises NotFound, and Refused where it has not begun or is off.
    """
    _end(booking_id, BookingStatus.NO_SHOW)


def _end(booking_id: UUID, status: BookingStatus) -> None:
    found = lock_booking(booking_id)
    if found.status is status:
        return
    if found.status not in _PAST:
        raise Refused(409, _("This booking was called off, or never confirmed."))
    if found.starts_at > clock.now():
        raise Refused(409, _("This booking has not begun yet. If it took place earlier, move it first."))
    _set(booking_id, status)
    ENDED.tell(booking_id)


def _some_ids(*wanted: ColumnElement[bool]) -> list[UUID]:
    query = select(Booking.id).where(Booking.practice_id == current_practice(), *wanted)
    return list(db.session.scalars(query.limit(_MOST_AT_ONCE)))


def _set(booking_id: UUID, status: BookingStatus) -> None:
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    db.session.execute(update(Booking).where(*this).values(status=status.value))
    BOOKINGS.happened(status.value)
