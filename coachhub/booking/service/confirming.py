"""A held slot becomes a booking: it costs nothing, or it is paid."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update

from coachhub.booking.models import BlockedTime, Booking, BookingStatus, PaidWith
from coachhub.booking.service.changes import BOOKINGS, CONFIRMED
from coachhub.booking.service.reading import BookingRow, lock_booking
from coachhub.booking.service.taking import TimeTaken, taking
from coachhub.clients.service.visiting import bring_back, client_for_visitor
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


class Outcome(StrEnum):
    """What came of confirming. `gone`: somebody else has the time now, and what was paid must go back.

    `already`: it was confirmed before, whatever has become of it since.
    """

    CONFIRMED = "confirmed"
    ALREADY = "already"
    GONE = "gone"


def confirm_booking(booking_id: UUID, paid_with: PaidWith) -> Outcome:
    """Confirm a hold, once, however often it is asked; the client's record is found by the address, or made.

    A hold that has expired or was let go is taken again where its time is still free and ahead. Raises NotFound.
    """
    found, now = lock_booking(booking_id), clock.now()
    if found.confirmed_at is not None:
        return Outcome.ALREADY
    if found.status is BookingStatus.HELD:
        _confirm(found, paid_with, now)
    elif not _is_taken_again(found, paid_with, now):
        return Outcome.GONE
    BOOKINGS.happened(BookingStatus.CONFIRMED.value)
    CONFIRMED.tell(booking_id)
    return Outcome.CONFIRMED


def _is_taken_again(found: BookingRow, paid_with: PaidWith, now: datetime) -> bool:
    """Notice and hours are not looked at again: whoever has paid was in time when they chose."""
    if found.starts_at <= now:
        return False
    try:
        with taking(found.coach_id):
            if _is_blocked(found):
                return False
            _confirm(found, paid_with, now)
    except TimeTaken:
        return False
    return True


def _is_blocked(found: BookingRow) -> bool:
    overlapping = (
        BlockedTime.practice_id == current_practice(),
        BlockedTime.coach_id == found.coach_id,
        BlockedTime.ends_at > found.starts_at,
        BlockedTime.starts_at < found.ends_at,
    )
    return db.session.scalar(select(BlockedTime.id).where(*overlapping).limit(1)) is not None


def _confirm(found: BookingRow, paid_with: PaidWith, now: datetime) -> None:
    values = {
        "status": BookingStatus.CONFIRMED.value,
        "client_id": _client_of(found),
        "paid_with": paid_with.value,
        "confirmed_at": now,
        "cancelled_at": None,
        "cancelled_by": None,
        "cancel_reason": "",
    }
    this = (Booking.practice_id == current_practice(), Booking.id == found.id)
    db.session.execute(update(Booking).where(*this).values(values))


def _client_of(found: BookingRow) -> UUID:
    if found.client_id is None:
        return client_for_visitor(found.name, found.email, found.time_zone, found.coach_id)
    bring_back(found.client_id)
    return found.client_id
