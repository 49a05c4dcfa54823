"""A client's own coaching sessions: the list, one of them, its calendar file."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.coaching.service.calendars import FILE_NAME, session_content_type, session_file
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_of, coaching_sessions_of
from coachhub.coaching.views.pages import pages
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as
from coachhub.platform.links import address_of
from coachhub.platform.web import as_download, asked_page


@pages.get("/sessions")
@for_client
def my_sessions() -> ResponseReturnValue:
    """What is ahead, and what has been."""
    page = asked_page()
    return render_template("coaching/my_sessions.html", sessions=coaching_sessions_of(_own_record(), page), page=page)


@pages.get("/sessions/<uuid:coaching_session_id>")
@for_client
def my_session(coaching_session_id: UUID) -> ResponseReturnValue:
    """When, where, what about; the mails lead here."""
    return render_template("coaching/my_session.html", found=_own(coaching_session_id))


@pages.get("/sessions/<uuid:coaching_session_id>/calendar.ics")
@for_client
def my_session_calendar(coaching_session_id: UUID) -> ResponseReturnValue:
    """The event for the client's own calendar; opened again after a change, it changes the same event."""
    found = _own(coaching_session_id)
    file = session_file(found, found.coach_name, address_of(f"/sessions/{coaching_session_id}"))
    return as_download(file, FILE_NAME, session_content_type(found))


def _own(coaching_session_id: UUID) -> CoachingSessionRow:
    return coaching_session_of(_own_record(), coaching_session_id)


def _own_record() -> UUID:
    client_id = signed_in_as().client_id
    if client_id is None:
        raise NotFound
    return client_id
