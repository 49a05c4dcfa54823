"""Calendar files of coaching sessions: for the client and for the coach, one event with one UID."""

from datetime import datetime

from flask_babel import gettext as _

from coachhub.coaching.models import CoachingSessionStatus
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.platform.calendar_file import CalendarEvent, calendar_file, content_type

FILE_NAME = "session.ics"
"""What the file is called, for every coaching session."""


def session_file(found: CoachingSessionRow, other: str, address: str) -> bytes:
    """The calendar file for whoever meets `other`; a newer one changes the same event, or takes it out."""
    return calendar_file(session_event(found, other, address))


def session_event(
    found: CoachingSessionRow, other: str, address: str, stamped_at: datetime | None = None
) -> CalendarEvent:
    """A coaching session as it stands in the calendar of whoever meets `other`.

    `address` is the reader's own page of the session. Words are in the reader's language.
    """
    return CalendarEvent(
        name=str(found.id),
        sequence=found.sequence,
        starts_at=found.starts_at,
        minutes=found.minutes,
        title=_("Coaching session with %(name)s", name=other) if other else _("Coaching session"),
        place=found.place,
        words="\n\n".join(text for text in (found.agenda, address) if text),
        address=address,
        is_cancelled=_is_off(found),
        stamped_at=stamped_at,
    )


def session_content_type(found: CoachingSessionRow) -> str:
    """The content type to send that file with."""
    return content_type(_is_off(found))


def _is_off(found: CoachingSessionRow) -> bool:
    return found.status is CoachingSessionStatus.CANCELLED
