"""Counting the changes of a booking, for the calendar files of its event."""

from uuid import UUID

from sqlalchemy import update

from coachhub.booking.models import Booking
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def count_change(booking_id: UUID) -> int:
    """Count a change of what stands in the event of a booking beside its time; returns the number that it has now."""
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    counted = update(Booking).where(*this).values(sequence=Booking.sequence + 1).returning(Booking.sequence)
    return int(db.session.execute(counted).scalar_one())
