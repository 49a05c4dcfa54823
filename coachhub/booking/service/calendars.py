"""The calendar file of a booking, for whoever booked: the same event as in the mails about it."""

from flask_babel import gettext as _

from coachhub.booking.models import BookingStatus
from coachhub.booking.service.reading import BookingRow
from coachhub.booking.service.visitor_links import booking_address
from coachhub.platform.calendar_file import CalendarEvent, calendar_file, content_type

FILE_NAME = "session.ics"
"""What the file is called, for every booking."""


def booking_file(found: BookingRow) -> bytes:
    """The calendar file; a newer one changes the same event, or takes it out. Words are in the reader's language."""
    address = booking_address(found.id)
    return calendar_file(
        CalendarEvent(
            name=str(found.id),
            sequence=found.sequence,
            starts_at=found.starts_at,
            minutes=found.minutes,
            title=_("Coaching session with %(name)s", name=found.coach_name),
            place=found.place or found.phone,
            words=f"{found.title}\n\n{address}",
            address=address,
            is_cancelled=_is_off(found),
        )
    )


def booking_content_type(found: BookingRow) -> str:
    """The content type to send that file with."""
    return content_type(_is_off(found))


def _is_off(found: BookingRow) -> bool:
    return found.status in (BookingStatus.CANCELLED, BookingStatus.EXPIRED)
