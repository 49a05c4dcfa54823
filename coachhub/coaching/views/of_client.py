"""The coach's look at the coaching sessions of a client."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.clients.service.records import client_of
from coachhub.coaching.service.calendars import FILE_NAME, session_content_type, session_file
from coachhub.coaching.service.notes import notes_with_client
from coachhub.coaching.service.reading import coaching_session_of, coaching_sessions_of
from coachhub.coaching.views.pages import pages
from coachhub.coaching.views.session_page import session_page
from coachhub.platform.guards import for_staff
from coachhub.platform.links import address_of
from coachhub.platform.web import as_download, asked_page


@pages.get("/clients/<uuid:client_id>/sessions")
@for_staff
def of_client(client_id: UUID) -> ResponseReturnValue:
    """What is planned with a client, and what has been."""
    page = asked_page()
    found = coaching_sessions_of(client_id, page)
    return render_template("coaching/of_client.html", client=client_of(client_id), sessions=found, page=page)


@pages.get("/clients/<uuid:client_id>/notes")
@for_staff
def notes_with(client_id: UUID) -> ResponseReturnValue:
    """What was written of all sessions with a client, as far as the reader may know it."""
    client, page = client_of(client_id), asked_page()
    noted = notes_with_client(client_id, page)
    return render_template("coaching/notes/of_client.html", client=client, noted=noted, page=page)


@pages.get("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>")
@for_staff
def coaching_session(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """One of them, what can be done with it, and the notes."""
    return session_page(coaching_session_of(client_id, coaching_session_id))


@pages.get("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/calendar.ics")
@for_staff
def coaching_session_calendar(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """The event for the coach's own calendar; opened again after a change, it changes the same event."""
    found = coaching_session_of(client_id, coaching_session_id)
    file = session_file(found, found.client_name, address_of(f"/clients/{client_id}/sessions/{coaching_session_id}"))
    return as_download(file, FILE_NAME, session_content_type(found))
