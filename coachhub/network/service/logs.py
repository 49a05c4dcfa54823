"""What the client writes after a meetup: one log a meetup."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Date, case, cast, func, insert, null, or_, update

from coachhub.network.models import Friend, Log, Meetup, MeetupStatus
from coachhub.network.service.changes import changed
from coachhub.network.service.contacts import recount_last_contact
from coachhub.network.service.friend_rows import friend_of
from coachhub.network.service.meetup_rows import hold_meetup, record_move, same_meetup
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class LogEntry:
    """What the client writes. `held_at` is a UTC instant; `feeling` runs from 1 (heavy) to 3 (lovely)."""

    held_at: datetime
    minutes: int
    feeling: int
    learned: str = ""
    help_given: str = ""
    help_received: str = ""
    follow_up: str = ""
    follow_up_on: date | None = None
    shared: bool = False


def log_meetup(owner: Owner, meetup_id: UUID, entry: LogEntry) -> None:
    """Write down how a meetup was: it is held then, and the friend's last contact is that day.

    Held at another time than agreed, the meetup moves there and keeps its history. A second click changes nothing:
    later changes are `edit_log`. Raises NotFound, and Refused (409) while it is still ahead or when it was called
    off.
    """
    meetup = hold_meetup(owner, meetup_id)
    if meetup.status is MeetupStatus.HELD:
        return
    if meetup.status is MeetupStatus.CANCELLED:
        raise Refused(409, _("This meetup was called off. If you met all the same, write it down as a new one."))
    _refuse_ahead(entry)
    now = clock.now()
    if entry.held_at != meetup.starts_at:
        record_move(owner, meetup, entry.held_at, meetup.place, now)
    held = update(Meetup).where(owned_by(owner, Meetup), Meetup.id == meetup_id)
    db.session.execute(held.values(status=MeetupStatus.HELD.value, ended_at=now))
    _insert(owner, meetup.id, meetup.friend_id, entry)
    _note_contact(owner, meetup.friend_id, local_day(entry.held_at, owner.zone))
    changed(owner, [meetup.agreed_at, meetup.starts_at, entry.held_at])


def note_meetup(owner: Owner, friend_id: UUID, entry: LogEntry, place: str = "") -> UUID:
    """Write down a meetup that nobody had planned; returns its id. The same time again is a second click.

    Raises NotFound, and Refused (409) for a time still ahead.
    """
    _refuse_ahead(entry)
    one_at_a_time(owner)
    shared = friend_of(owner, friend_id).shared
    noted = same_meetup(owner, friend_id, entry.held_at, MeetupStatus.HELD)
    if noted is not None:
        return noted
    meetup_id = _insert_held(owner, friend_id, entry, place, shared)
    _insert(owner, meetup_id, friend_id, entry)
    _note_contact(owner, friend_id, local_day(entry.held_at, owner.zone))
    changed(owner, [entry.held_at])
    return meetup_id


def _insert_held(owner: Owner, friend_id: UUID, entry: LogEntry, place: str, shared: bool) -> UUID:
    query = insert(Meetup).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        shared=shared,
        friend_id=friend_id,
        starts_at=entry.held_at,
        minutes=entry.minutes,
        place=place.strip(),
        status=MeetupStatus.HELD.value,
        # They agreed on it when they met, whenever it is written down.
        agreed_at=entry.held_at,
        ended_at=clock.now(),
    )
    return db.session.execute(query.returning(Meetup.id)).scalar_one()


def edit_log(owner: Owner, meetup_id: UUID, entry: LogEntry) -> None:
    """Change what was written. Raises NotFound when nothing was, and Refused (409) for a time still ahead."""
    _refuse_ahead(entry)
    meetup = hold_meetup(owner, meetup_id)
    query = update(Log).where(owned_by(owner, Log), Log.meetup_id == meetup_id)
    written = query.values(**_columns(entry), **_promised_anew(entry))
    if db.session.execute(written.returning(Log.id)).scalar_one_or_none() is None:
        raise NotFound
    if entry.held_at != meetup.starts_at:
        record_move(owner, meetup, entry.held_at, meetup.place, clock.now())
        recount_last_contact(owner, meetup.friend_id)
    changed(owner, [meetup.agreed_at, meetup.starts_at, entry.held_at])


def _refuse_ahead(entry: LogEntry) -> None:
    if entry.held_at > clock.now():
        raise Refused(409, _("This meetup is still ahead. Come back when you have met, and say how it was."))


def _insert(owner: Owner, meetup_id: UUID, friend_id: UUID, entry: LogEntry) -> None:
    query = insert(Log).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        meetup_id=meetup_id,
        friend_id=friend_id,
        created_at=clock.now(),
        follow_up_set_at=clock.now(),
        **_columns(entry),
    )
    db.session.execute(query)


def _promised_anew(entry: LogEntry) -> dict[str, object]:
    """Other words or another day make it a new promise: open, and told of on its new day."""
    is_new = or_(
        Log.follow_up != entry.follow_up.strip(), Log.follow_up_on.is_distinct_from(cast(entry.follow_up_on, Date))
    )
    return {
        "follow_up_done_at": case((is_new, null()), else_=Log.follow_up_done_at),
        "follow_up_set_at": case((is_new, clock.now()), else_=Log.follow_up_set_at),
    }


def _columns(entry: LogEntry) -> dict[str, object]:
    return {
        "held_at": entry.held_at,
        "minutes": entry.minutes,
        "feeling": entry.feeling,
        "learned": entry.learned.strip(),
        "help_given": entry.help_given.strip(),
        "help_received": entry.help_received.strip(),
        "follow_up": entry.follow_up.strip(),
        "follow_up_on": entry.follow_up_on,
        "shared": entry.shared,
    }


def _note_contact(owner: Owner, friend_id: UUID, day: date) -> None:
    query = update(Friend).where(owned_by(owner, Friend), Friend.id == friend_id)
    db.session.execute(query.values(last_contact_on=func.greatest(Friend.last_contact_on, day)))
