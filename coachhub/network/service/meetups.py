"""Meetups: agree, move as often as needed, call off. Writing down how it was is in logs.py."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, update

from coachhub.network.models import Invitation, Meetup, MeetupStatus
from coachhub.network.service.changes import changed
from coachhub.network.service.friend_rows import friend_of
from coachhub.network.service.logs import LogEntry, edit_log, log_meetup, note_meetup
from coachhub.network.service.meetup_rows import (
    LogRow,
    MeetupPage,
    MeetupRow,
    Meetups,
    MoveRow,
    hold_meetup,
    list_meetups,
    meetup_of,
    meetups_with,
    record_move,
    same_meetup,
)
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

__all__ = [
    "LogEntry",
    "LogRow",
    "MeetupPage",
    "MeetupRow",
    "MeetupStatus",
    "Meetups",
    "MoveRow",
    "agree_meetup",
    "cancel_meetup",
    "edit_log",
    "list_meetups",
    "log_meetup",
    "meetup_of",
    "meetups_with",
    "move_meetup",
    "note_meetup",
]


def agree_meetup(owner: Owner, friend_id: UUID, starts_at: datetime, minutes: int = 60, place: str = "") -> UUID:
    """A time (UTC instant) is agreed with a friend; returns the meetup's id. Agreed twice, it is one meetup.

    An open message to the friend counts as answered with yes. Raises NotFound, and Refused (409) for a time that
    has passed: what has happened already is `note_meetup`.
    """
    now = clock.now()
    if starts_at <= now:
        raise Refused(409, _("That time has already passed. If you have met, write it down as a meetup that happened."))
    one_at_a_time(owner)
    shared = friend_of(owner, friend_id).shared
    agreed = same_meetup(owner, friend_id, starts_at, MeetupStatus.SCHEDULED)
    if agreed is not None:
        return agreed
    query = insert(Meetup).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        shared=shared,
        friend_id=friend_id,
        starts_at=starts_at,
        minutes=minutes,
        place=place.strip(),
        agreed_at=now,
    )
    meetup_id = db.session.execute(query.returning(Meetup.id)).scalar_one()
    _they_said_yes(owner, friend_id, now)
    changed(owner, [now, starts_at])
    return meetup_id


def _they_said_yes(owner: Owner, friend_id: UUID, now: datetime) -> None:
    unanswered = update(Invitation).where(
        owned_by(owner, Invitation),
        Invitation.friend_id == friend_id,
        Invitation.sent_at.is_not(None),
        Invitation.answer.is_(None),
    )
    db.session.execute(unanswered.values(answer="yes", answered_at=now))


def move_meetup(owner: Owner, meetup_id: UUID, starts_at: datetime, place: str, minutes: int | None = None) -> None:
    """Move a meetup to another time (UTC instant) or place; it stays the same meetup and keeps its history.

    Where nothing changes, nothing is written. Raises NotFound, and Refused (409) when it was held or called off, or
    for a time that has passed: a meetup that took place is logged, with the day on which it did.
    """
    found = hold_meetup(owner, meetup_id)
    _refuse_unless_scheduled(found.status)
    now, place = clock.now(), place.strip()
    if minutes is not None and minutes != found.minutes:
        query = update(Meetup).where(owned_by(owner, Meetup), Meetup.id == meetup_id)
        db.session.execute(query.values(minutes=minutes))
    if (starts_at, place) == (found.starts_at, found.place):
        return
    if starts_at <= now and starts_at != found.starts_at:
        raise Refused(409, _("That time has already passed. If you have met, write down how it was instead."))
    record_move(owner, found, starts_at, place, now)
    changed(owner, [found.starts_at, starts_at, found.agreed_at])


def _refuse_unless_scheduled(status: MeetupStatus) -> None:
    if status is MeetupStatus.HELD:
        raise Refused(409, _("This meetup has taken place: you can change what you wrote about it."))
    if status is MeetupStatus.CANCELLED:
        raise Refused(409, _("This meetup was called off. Agree on a new time, and it begins again."))


def cancel_meetup(owner: Owner, meetup_id: UUID) -> None:
    """It is off. A second click changes nothing. Raises NotFound, and Refused (409) once it was held."""
    found = hold_meetup(owner, meetup_id)
    if found.status is MeetupStatus.CANCELLED:
        return
    _refuse_unless_scheduled(found.status)
    query = update(Meetup).where(owned_by(owner, Meetup), Meetup.id == meetup_id)
    db.session.execute(query.values(status=MeetupStatus.CANCELLED.value, ended_at=clock.now()))
    changed(owner, [found.starts_at, found.agreed_at])
