"""What stands in the way of a coach who puts something into a calendar by hand, said in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from coachhub.booking.models import BookingStatus
from coachhub.booking.service.reading import BookingRow, bookings_between
from coachhub.booking.service.taking import TimeTaken, taking
from coachhub.platform.errors import Refused
from coachhub.platform.language import moment_words, time_words


class Overlap(Refused):
    """The coach has something else then. `booking` is what, where it is not only a buffer that is in the way."""

    def __init__(self, booking: BookingRow | None) -> None:
        super().__init__(409, _words(booking))
        self.booking = booking


def _words(booking: BookingRow | None) -> str:
    """By the clock of whoever asks."""
    if booking is None:
        return str(_("This is too close to another booking: its time before or after is kept free."))
    span = f"{moment_words(booking.starts_at)} – {time_words(booking.ends_at)}"
    said = {"name": booking.coach_name, "other": booking.name, "span": span}
    if booking.status is BookingStatus.HELD:
        return str(_("%(other)s is booking %(name)s for %(span)s at this moment. Choose another time.", **said))
    return str(_("%(name)s has a booking with %(other)s then: %(span)s. Choose another time.", **said))


@contextmanager
def refuse_overlap(
    coach_id: UUID, starts_at: datetime, ends_at: datetime, ignoring: UUID | None = None
) -> Iterator[None]:
    """Write in the block what takes the coach's time; the block is undone, and Overlap raised, where it is taken."""
    try:
        with taking(coach_id):
            yield
    except TimeTaken:
        there = bookings_between(coach_id, starts_at, ends_at)
        raise Overlap(next((each for each in there if each.is_live and each.id != ignoring), None)) from None
