"""A client's own coaching sessions: the list, one of them, its calendar file."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.booking.rules.cancellation import may_cancel, may_move
from coachhub.booking.service.reading import BookingRow, booking_of, bookings_of_client
from coachhub.booking.service.visitor_links import booking_token
from coachhub.coaching.service.calendars import FILE_NAME, session_content_type, session_file
from coachhub.coaching.service.notes import sessions_with_notes, shared_notes
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_of, coaching_sessions_of
from coachhub.coaching.views.pages import own_record, pages
from coachhub.platform import clock
from coachhub.platform.guards import for_client
from coachhub.platform.links import address_of
from coachhub.platform.web import as_download, asked_page


@pages.get("/sessions")
@for_client
def my_sessions() -> ResponseReturnValue:
    """What is ahead, and what has been."""
    page, client_id, now = asked_page(), own_record(), clock.now()
    mine = {booking.id: _own_booking(booking, now) for booking in bookings_of_client(client_id)}
    sessions = coaching_sessions_of(client_id, page)
    noted = sessions_with_notes(client_id)
    return render_template("coaching/my_sessions.html", sessions=sessions, bookings=mine, noted=noted, page=page)


@pages.get("/sessions/<uuid:coaching_session_id>")
@for_client
def my_session(coaching_session_id: UUID) -> ResponseReturnValue:
    """When, where, what about; the mails lead here."""
    found = _own(coaching_session_id)
    booked = _own_booking(booking_of(found.booking_id), clock.now()) if found.booking_id else None
    notes = shared_notes(coaching_session_id)
    return render_template("coaching/my_session.html", found=found, booked=booked, notes=notes)


@pages.get("/sessions/<uuid:coaching_session_id>/calendar.ics")
@for_client
def my_session_calendar(coaching_session_id: UUID) -> ResponseReturnValue:
    """The event for the client's own calendar; opened again after a change, it changes the same event."""
    found = _own(coaching_session_id)
    file = session_file(found, found.coach_name, address_of(f"/sessions/{coaching_session_id}"))
    return as_download(file, FILE_NAME, session_content_type(found))


@dataclass(frozen=True)
class OwnBooking:
    """The booking behind a session, and what its rule still lets the client do on its page."""

    booking: BookingRow
    token: str
    may_move: bool
    may_cancel: bool


def _own_booking(found: BookingRow, now: datetime) -> OwnBooking:
    """What a coach planned by hand has no free times to choose from: it is moved by asking."""
    moves = found.offering_id is not None and may_move(found, now)
    return OwnBooking(found, booking_token(found.id), moves, may_cancel(found, now))


def _own(coaching_session_id: UUID) -> CoachingSessionRow:
    return coaching_session_of(own_record(), coaching_session_id)
