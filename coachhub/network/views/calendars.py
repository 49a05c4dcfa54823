"""The calendar file of a meetup, for the client."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from coachhub.network.service.calendars import FILE_NAME, meetup_content_type, meetup_file
from coachhub.network.service.meetups import meetup_of
from coachhub.network.views.pages import owner, pages
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as
from coachhub.platform.links import address_of
from coachhub.platform.web import as_download


@pages.get("/meetups/<uuid:meetup_id>/calendar.ics")
@for_client
def meetup_calendar(meetup_id: UUID) -> ResponseReturnValue:
    """The meetup as a file; opened again after a move or a cancellation, it changes the same event."""
    meetup = meetup_of(owner(), meetup_id).meetup
    file = meetup_file(meetup, signed_in_as().name, meetup.friend_name, address_of(f"/meetups/{meetup_id}"))
    return as_download(file, FILE_NAME, meetup_content_type(meetup))
