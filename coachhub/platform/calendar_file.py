"""Calendar files: one event that a person puts into their own calendar, and the newer files that change it there.

What Google, Apple and Outlook need to take a second file for the same event: the same UID, a higher SEQUENCE, a newer
DTSTAMP; to take it out again METHOD:CANCEL with STATUS:CANCELLED, the same UID and the same ORGANIZER (RFC 5546,
3.2.1 and 3.2.5). Times are UTC: one instant that every calendar shows in its own zone. A VTIMEZONE would help only
events that repeat; Google skips it, and Outlook shows a zone whose name it does not know hours away.

The organizer is this service and never the reader: calendars take no change by file of what their reader organizes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from coachhub.platform import clock
from coachhub.platform.ports import ports
from coachhub.platform.texts import one_line

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event, vCalAddress

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNKEEPABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class CalendarEvent:
    """What stands in a calendar. `name` is the event's own for good: with the host it makes the UID.

    `sequence` rises with each change. Instants are aware. An event that does not keep others away is not `is_busy`.
    `alert` is how long before it the reader is told, where the event is there to tell them something; of an
    appointment their own calendar tells them as they have set it. `stamped_at`: when it was last changed; without it
    every file is stamped with the instant at which it is made.
    """

    name: str
    sequence: int
    starts_at: datetime
    minutes: int
    title: str
    place: str = ""
    words: str = ""
    address: str = ""
    is_cancelled: bool = False
    is_busy: bool = True
    alert: timedelta | None = None
    stamped_at: datetime | None = None


def content_type(is_cancelled: bool = False) -> str:
    """The content type of a file: Outlook wants to hear the method here, as well as in the file."""
    return f"text/calendar; charset=utf-8; method={_method(is_cancelled)}"


def calendar_file(event: CalendarEvent) -> bytes:
    """The event as an iCalendar file (RFC 5545): UTF-8, in lines of at most 75 bytes that end with CRLF."""
    calendar = _calendar(_method(event.is_cancelled))
    calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def calendar_feed(title: str, events: Iterable[CalendarEvent], look_again: timedelta) -> bytes:
    """Events as one calendar that is subscribed to; readers are asked to come back after `look_again`.

    The same events, each with its `stamped_at`, make the same bytes.
    """
    from icalendar import vDuration

    calendar = _calendar(_method(is_cancelled=False))
    for name in ("name", "x-wr-calname"):
        calendar.add(name, one_line(title))
    calendar.add("refresh-interval", vDuration(look_again), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(look_again))
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> "Calendar":
    from icalendar import Calendar  # takes longer than a page does: loaded only where it is used

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//CoachHub//One hour a month//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def uid_of(name: str) -> str:
    """The UID of the event of that name: `<name>@<host of BASE_URL>`."""
    return f"{name}@{urlsplit(ports().settings.base_url).hostname}"


def _method(is_cancelled: bool) -> str:
    return "CANCEL" if is_cancelled else "PUBLISH"


def _component(event: CalendarEvent) -> "Event":
    from icalendar import Event

    made, stamp = Event(), event.stamped_at or clock.now()
    made.add("uid", uid_of(event.name))
    made.add("sequence", event.sequence)
    # Each file is a copy of its own, made now: no calendar may take it for older than the one before.
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("dtstart", event.starts_at)
    made.add("dtend", event.starts_at + timedelta(minutes=event.minutes))
    made.add("summary", one_line(event.title))
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    made.add("class", "PRIVATE")  # colleagues who may look into the calendar see that there is something, not what
    made.add("transp", "OPAQUE" if event.is_busy and not event.is_cancelled else "TRANSPARENT")
    made.add("organizer", _organizer())
    _add_where_said(made, event)
    if event.alert is not None and not event.is_cancelled:
        made.add_component(_alarm(event.alert, event.title))
    return made


def _add_where_said(made: "Event", event: CalendarEvent) -> None:
    for name, text in (("location", one_line(event.place)), ("description", _plain(event.words))):
        if text:
            made.add(name, text)
    if event.address:
        made.add("url", event.address)


def _organizer() -> "vCalAddress":
    from icalendar import vCalAddress, vText

    name, mailbox = parseaddr(ports().settings.mail_from)
    organizer = vCalAddress(f"mailto:{mailbox}")
    shown = one_line(name).replace('"', "'")  # a parameter cannot hold the sign that ends it
    if shown:
        organizer.params["CN"] = vText(shown)
    return organizer


def _alarm(before: timedelta, title: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(title))
    alarm.add("trigger", -before)
    return alarm


def _plain(text: str) -> str:
    """Text with line ends of one kind, and without what no calendar could keep."""
    return _UNKEEPABLE.sub("", _LINE_END.sub("\n", text)).strip()
