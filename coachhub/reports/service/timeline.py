"""What happened with one client: steps without names, and what the client shares.

The database decides what is shared: as the coach, rows of friends, meetups and logs that are not come back empty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import case, func, select

from coachhub.clients.service.records import ClientRow
from coachhub.habits.models import Cycle
from coachhub.network.models import Friend, Log, Meetup, MeetupMove, MeetupStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

EVENTS_AT_MOST = 40


class Happened(StrEnum):
    """A kind of event."""

    ADDED = "added"
    STARTED = "started"
    COMMITTED = "committed"
    CHOSEN = "chosen"
    INVITED = "invited"
    AGREED = "agreed"
    MET = "met"
    MOVED = "moved"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Notes:
    """What the client noted after a meetup, and shares. `feeling` runs from 1 to 3."""

    minutes: int
    feeling: int
    learned: str
    help_given: str
    help_received: str
    follow_up: str


@dataclass(frozen=True)
class Event:
    """Something that happened. `friend` is empty unless the client shares that friend."""

    at: datetime
    kind: Happened
    friend: str = ""
    place: str = ""
    moved_to: datetime | None = None
    notes: Notes | None = None


def timeline(client: ClientRow) -> list[Event]:
    """The newest forty events of a client, newest first."""
    shared = [*_meetups(client.id), *_moves(client.id)]
    met = [event.at for event in shared if event.kind is Happened.MET]
    events = [*shared, *_steps(client.id, met), Event(client.created_at, Happened.ADDED)]
    if client.activated_at:
        events.append(Event(client.activated_at, Happened.STARTED))
    return sorted(events, key=lambda event: event.at, reverse=True)[:EVENTS_AT_MOST]


def _steps(client_id: UUID, told: Sequence[datetime]) -> Iterator[Event]:
    """The steps of each month. A meetup that the client shares is told there, with more.

    The day is compared: when exactly it was held stands in the log, which may not be shared.
    """
    columns = (Cycle.committed_at, Cycle.chosen_at, Cycle.invited_at, Cycle.agreed_at, Cycle.last_held_at)
    of_client = (Cycle.practice_id == current_practice(), Cycle.client_id == client_id)
    kinds = (Happened.COMMITTED, Happened.CHOSEN, Happened.INVITED, Happened.AGREED, Happened.MET)
    rows = db.session.execute(select(*columns).where(*of_client))
    # A meetup agreed in one month for another is a step of both, and is told once.
    for kind, at in dict.fromkeys(step for row in rows for step in zip(kinds, row, strict=True)):
        if at is not None and not (kind is Happened.MET and _is_near(at, told)):
            yield Event(at, kind)


def _is_near(at: datetime, others: Sequence[datetime]) -> bool:
    return any(abs(at - other) < timedelta(days=1) for other in others)


def _meetups(client_id: UUID) -> Iterator[Event]:
    kinds: dict[str, Happened] = {
        MeetupStatus.HELD: Happened.MET,
        MeetupStatus.SCHEDULED: Happened.SCHEDULED,
        MeetupStatus.CANCELLED: Happened.CANCELLED,
    }
    columns = (Log.minutes, Log.feeling, Log.learned, Log.help_given, Log.help_received, Log.follow_up)
    called_off_at = case((Meetup.status == MeetupStatus.CANCELLED, Meetup.ended_at))
    at_last = func.coalesce(called_off_at, Log.held_at, Meetup.starts_at)
    query = (
        select(Meetup.status, at_last, Friend.name, Meetup.place, *columns)
        .outerjoin(Friend, (Friend.practice_id == Meetup.practice_id) & (Friend.id == Meetup.friend_id))
        .outerjoin(Log, (Log.practice_id == Meetup.practice_id) & (Log.meetup_id == Meetup.id))
        .where(Meetup.practice_id == current_practice(), Meetup.client_id == client_id)
    )
    for status, at, friend, place, *noted in db.session.execute(query):
        notes = Notes(*noted) if noted[0] is not None else None
        yield Event(at, kinds[status], friend or "", place, notes=notes)


def _moves(client_id: UUID) -> Iterator[Event]:
    query = (
        select(MeetupMove.moved_at, MeetupMove.to_starts_at, Friend.name)
        .outerjoin(Meetup, (Meetup.practice_id == MeetupMove.practice_id) & (Meetup.id == MeetupMove.meetup_id))
        .outerjoin(Friend, (Friend.practice_id == Meetup.practice_id) & (Friend.id == Meetup.friend_id))
        .where(MeetupMove.practice_id == current_practice(), MeetupMove.client_id == client_id)
    )
    for moved_at, to_starts_at, friend in db.session.execute(query):
        yield Event(moved_at, Happened.MOVED, friend or "", moved_to=to_starts_at)
