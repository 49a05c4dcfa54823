"""Calendar files of meetups: for the client, and for the friend on their page."""

from datetime import datetime

from coachhub.network.models import MeetupStatus
from coachhub.network.phrases import meeting_words, meetup_lines
from coachhub.network.service.meetup_rows import MeetupRow
from coachhub.platform.calendar_file import CalendarEvent, calendar_file, content_type

FILE_NAME = "meetup.ics"
"""What the file is called: the same for every meetup, so that a folder of downloads tells nothing of whom one meets."""


def meetup_file(meetup: MeetupRow, me: str, other: str, address: str) -> bytes:
    """The calendar file of a meetup for `me`, who meets `other`: a newer one changes the same event."""
    return calendar_file(meetup_event(meetup, me, other, address))


def meetup_event(
    meetup: MeetupRow, me: str, other: str, address: str, stamped_at: datetime | None = None
) -> CalendarEvent:
    """A meetup as it stands in the calendar of `me`, who meets `other`.

    `address` is the page on which `me` moves it or calls it off. Called off, the file takes the event out again.
    Words are in the reader's language; a name that nobody shares with the reader is empty, and left out.
    """
    return CalendarEvent(
        name=str(meetup.id),
        sequence=meetup.sequence,
        starts_at=meetup.starts_at,
        minutes=meetup.logged_minutes or meetup.minutes,
        title=meeting_words(other),
        place=meetup.place,
        words=meetup_lines(me, other, address),
        address=address,
        is_cancelled=is_off(meetup),
        stamped_at=stamped_at,
    )


def meetup_content_type(meetup: MeetupRow) -> str:
    """The content type to send the file of a meetup with."""
    return content_type(is_off(meetup))


def is_off(meetup: MeetupRow) -> bool:
    """Whether the file takes the meetup out of a calendar."""
    return meetup.status is MeetupStatus.CANCELLED
