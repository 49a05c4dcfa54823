"""Meetups: agree, move as often as needed, call off. Writing down how it was is in logs.py."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coachhub.network.models import Invitation, Meetup, MeetupStatus
from coachhub.network.rules import ANSWERED_LATELY
from coachhub.network.service.changes import changed
from coachhub.network.service.friend_rows import friend_of
from coachhub.network.service.logs import LogEntry, edit_log, log_meetup, note_meetup
from coachhub.network.service.meetup_rows import (
    By,
    LogRow,
    MeetupPage,
    MeetupRow,
    hold_meetup,
    list_meetups,
    live_meetup,
    meetup_of,
    record_change,
    record_move,
    same_meetup,
)
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

__all__ = [
    "By",
    "LogEntry",
    "LogRow",
    "MeetupPage",
    "MeetupRow",
    "MeetupStatus",
    "agree_meetup",
    "cancel_meetup",
    "edit_log",
    "list_meetups",
    "live_meetup",
    "log_meetup",
    "meetup_of",
    "move_meetup",
    "note_meetup",
]


def agree_meetup(
    owner: Owner,
    friend_id: UUID,
    starts_at: datetime,
    minutes: int = 60,
    place: str = "",
    invitation_id: UUID | None = None,
    agreed_by: By = "client",
) -> UUID:
    """A time (UTC instant) is agreed with a friend; returns the meetup's id. Agreed twice, it is one meetup.

    It comes of the invitation named, else of the newest one that is open or was answered lately; that counts as
    answered with yes, and one invitation has one meetup. Raises NotFound, and Refused (409) for a time that has
    passed: what has happened already is `note_meetup`.
    """
    now = clock.now()
    if starts_at <= now:
        raise Refused(409, _("That time has already passed. If you have met, write it down as a meetup that happened."))
    one_at_a_time(owner)
    shared = friend_of(owner, friend_id).shared
    agreed = same_meetup(owner, friend_id, starts_at, MeetupStatus.SCHEDULED)
    if agreed is not None:
        return agreed
    came_of = invitation_id or _invitation_meant(owner, friend_id, now)
    live = live_meetup(owner, came_of) if came_of else None
    if live is not None and live.status is not MeetupStatus.CANCELLED:
        came_of = None
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
        invitation_id=came_of,
    )
    meetup_id = db.session.execute(query.returning(Meetup.id)).scalar_one()
    _they_said_yes(owner, friend_id, came_of, agreed_by, now)
    changed(owner, [now, starts_at])
    return meetup_id


def _invitation_meant(owner: Owner, friend_id: UUID, now: datetime) -> UUID | None:
    """The newest message on its way to the friend, where it is open or not long ago."""
    newest = select(Invitation.id, Invitation.answer, Invitation.sent_at).where(
        owned_by(owner, Invitation),
        Invitation.friend_id == friend_id,
        Invitation.sent_at.is_not(None),
        Invitation.withdrawn_at.is_(None),
    )
    row = db.session.execute(newest.order_by(Invitation.sent_at.desc(), Invitation.id.desc()).limit(1)).one_or_none()
    if row is None or (row.answer not in (None, "other") and row.sent_at < now - ANSWERED_LATELY):
        return None
    newest_id: UUID = row.id
    return newest_id


def _they_said_yes(owner: Owner, friend_id: UUID, came_of: UUID | None, agreed_by: By, now: datetime) -> None:
    waits = Invitation.sent_at.is_not(None) & (Invitation.answer.is_(None) | (Invitation.answer == "other"))
    meant = update(Invitation).where(
        owned_by(owner, Invitation),
        Invitation.friend_id == friend_id,
        Invitation.withdrawn_at.is_(None),
        waits | (Invitation.id == came_of),
    )
    db.session.execute(meant.values(answer="yes", **_settled(agreed_by, now)))


def _settled(by: By, now: datetime) -> dict[str, object]:
    return {"answered_by": by, "answered_at": now, "counter_times": [], "version": Invitation.version + 1}


def move_meetup(
    owner: Owner,
    meetup_id: UUID,
    starts_at: datetime,
    place: str,
    minutes: int | None = None,
    moved_by: By = "client",
) -> None:
    """Move a meetup to another time (UTC instant) or place; it stays the same meetup and keeps its history.

    Other times that the friend had offered are answered with it. Where nothing changes, nothing is written. Raises
    NotFound, and Refused (409) when it was held or called off, or for a time that has passed: a meetup that took place
    is logged, with the day on which it did.
    """
    found = hold_meetup(owner, meetup_id)
    _refuse_unless_scheduled(found.status)
    now, place, minutes = clock.now(), place.strip(), minutes or found.minutes
    if (starts_at, place, minutes) == (found.starts_at, found.place, found.minutes):
        return
    if starts_at <= now and starts_at != found.starts_at:
        raise Refused(409, _("That time has already passed. If you have met, write down how it was instead."))
    if (starts_at, place) == (found.starts_at, found.place):
        record_change(owner, found, minutes=minutes)
        return
    record_move(owner, found, starts_at, place, now, minutes=minutes, moved_by=moved_by)
    _answer_offer(owner, found, "yes", now)
    changed(owner, [found.starts_at, starts_at, found.agreed_at])


def _answer_offer(owner: Owner, meetup: MeetupRow, answer: str, now: datetime) -> None:
    offered = update(Invitation).where(
        owned_by(owner, Invitation), Invitation.id == meetup.invitation_id, Invitation.answer == "other"
    )
    db.session.execute(offered.values(answer=answer, **_settled("client", now)))


def _refuse_unless_scheduled(status: MeetupStatus) -> None:
    if status is MeetupStatus.HELD:
        raise Refused(409, _("This meetup has taken place: you can change what you wrote about it."))
    if status is MeetupStatus.CANCELLED:
        raise Refused(409, _("This meetup was called off. Agree on a new time, and it begins again."))


def cancel_meetup(owner: Owner, meetup_id: UUID, cancelled_by: By = "client") -> None:
    """It is off. A second click changes nothing. Raises NotFound, and Refused (409) once it was held."""
    found = hold_meetup(owner, meetup_id)
    if found.status is MeetupStatus.CANCELLED:
        return
    _refuse_unless_scheduled(found.status)
    now, off = clock.now(), MeetupStatus.CANCELLED.value
    record_change(owner, found, status=off, ended_at=now, cancelled_by=cancelled_by)
    _answer_offer(owner, found, "no", now)
    changed(owner, [found.starts_at, found.agreed_at])
