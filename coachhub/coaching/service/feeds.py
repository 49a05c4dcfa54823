"""What stands in a calendar feed: for a client their sessions and meetups, for a coach sessions and blocked times."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from coachhub.booking.models import BlockedTime
from coachhub.coaching.models import CoachingSession
from coachhub.coaching.service.calendars import session_event
from coachhub.coaching.service.feed_links import FeedReader
from coachhub.coaching.service.reading import CoachingSessionRow, sessions_since
from coachhub.network.models import MeetupMove
from coachhub.network.service.calendars import meetup_event
from coachhub.network.service.meetup_rows import meetups_since
from coachhub.network.service.owner import owner_of
from coachhub.platform.calendar_file import CalendarEvent, calendar_feed
from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice

LOOKS_BACK = timedelta(days=92)
"""So far back a feed holds what has been; older things a calendar keeps or forgets as it likes."""
LOOK_AGAIN = timedelta(hours=1)


def feed_file(reader: FeedReader, now: datetime) -> bytes:
    """The whole feed, in the reader's language. As long as nothing changes it is the same to the byte.

    What is off is left out: a calendar drops what a feed does not hold any more.
    """
    since = now - LOOKS_BACK
    with as_reader(reader.locale, reader.zone.key):
        title = _("Sessions · %(practice)s", practice=reader.practice_name)
        return calendar_feed(title, sorted(_events(reader, since), key=_soonest), LOOK_AGAIN)


def _soonest(event: CalendarEvent) -> tuple[datetime, str]:
    return event.starts_at, event.name


def _events(reader: FeedReader, since: datetime) -> Iterator[CalendarEvent]:
    yield from _sessions(reader, since)
    yield from _blocked(reader.user_id, since) if reader.client_id is None else _meetups(reader, since)


def _sessions(reader: FeedReader, since: datetime) -> Iterator[CalendarEvent]:
    found = sessions_since(since, client_id=reader.client_id, coach_id=reader.user_id)
    stamps = _stamps_of_sessions([each.id for each in found])
    for each in found:
        other = each.client_name if reader.client_id is None else each.coach_name
        yield session_event(each, other, _page(each, reader), stamps[each.id])


def _page(found: CoachingSessionRow, reader: FeedReader) -> str:
    own = f"/sessions/{found.id}"
    return address_of(own if reader.client_id is not None else f"/clients/{found.client_id}{own}")


def _stamps_of_sessions(ids: list[UUID]) -> dict[UUID, datetime]:
    last = func.greatest(CoachingSession.changed_at, CoachingSession.news_at).label("at")
    these = (CoachingSession.practice_id == current_practice(), CoachingSession.id.in_(ids))
    return _by_id(select(CoachingSession.id, last).where(*these))


def _by_id(query: Any) -> dict[UUID, datetime]:
    return {row.id: row.at for row in db.session.execute(query)}


def _blocked(coach_id: UUID, since: datetime) -> Iterator[CalendarEvent]:
    here = (BlockedTime.practice_id == current_practice(), BlockedTime.coach_id == coach_id)
    query = select(BlockedTime).where(*here, BlockedTime.ends_at >= since).order_by(BlockedTime.starts_at)
    for blocked in db.session.scalars(query):
        yield CalendarEvent(
            name=str(blocked.id),
            sequence=0,
            starts_at=blocked.starts_at,
            minutes=(blocked.ends_at - blocked.starts_at) // timedelta(minutes=1),
            title=blocked.note or _("Not for booking"),
            stamped_at=blocked.created_at,
        )


def _meetups(reader: FeedReader, since: datetime) -> Iterator[CalendarEvent]:
    owner = owner_of(reader.client_id)
    found = meetups_since(owner, since)
    moved = _last_moves([each.id for each in found])
    for each in found:
        stamp = max(at for at in (each.agreed_at, each.ended_at, moved.get(each.id)) if at is not None)
        yield meetup_event(each, reader.name, each.friend_name, address_of(f"/meetups/{each.id}"), stamp)


def _last_moves(ids: list[UUID]) -> dict[UUID, datetime]:
    these = (MeetupMove.practice_id == current_practice(), MeetupMove.meetup_id.in_(ids))
    last = select(MeetupMove.meetup_id.label("id"), func.max(MeetupMove.moved_at).label("at")).where(*these)
    return _by_id(last.group_by(MeetupMove.meetup_id))
