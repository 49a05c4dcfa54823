"""The timeline of a friendship: all that happened with one friend, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from coachhub.network.models import Friend, Import, Invitation, Log, Meetup, MeetupMove, MeetupStatus
from coachhub.network.service.contacts import How, contacts_with
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db
from coachhub.platform.local_time import local_day, local_instant


class What(StrEnum):
    """What happened with a friend."""

    ADDED = "added"
    IMPORTED = "imported"
    SENT = "sent"
    FOLLOWED_UP = "followed_up"
    ANSWERED = "answered"
    AGREED = "agreed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    HELD = "held"
    PROMISED = "promised"
    THANKED = "thanked"
    PROMISE_DONE = "promise_done"
    CONTACT = "contact"


@dataclass(frozen=True)
class Happening:
    """One thing that happened.

    `at` is a UTC instant; where only a local day is known, `day` is it, and `at` its noon. `detail` says which
    answer, which way of contact or which file; `by_friend` whether the friend did it, on their own page. `meant_for`
    is the time that a meetup was agreed for or moved to.
    """

    what: What
    at: datetime
    day: date | None = None
    detail: str = ""
    text: str = ""
    minutes: int | None = None
    by_friend: bool = False
    meant_for: datetime | None = None
    meetup_id: UUID | None = None
    contact_id: UUID | None = None


def happenings_with(owner: Owner, friend_id: UUID) -> list[Happening]:
    """All that happened with a friend, newest first; what happened at one instant in the order of events."""
    found = [
        *_beginning(owner, friend_id),
        *_messages(owner, friend_id),
        *_meetups(owner, friend_id),
        *_moves(owner, friend_id),
        *_logs(owner, friend_id),
        *_contacts(owner, friend_id),
    ]
    order = list(What)
    return sorted(found, key=lambda each: (each.at, order.index(each.what)), reverse=True)


def _beginning(owner: Owner, friend_id: UUID) -> Iterator[Happening]:
    of_import = (Import.practice_id == Friend.practice_id) & (Import.id == Friend.import_id)
    query = select(Friend.created_at, Import.file_name).outerjoin(Import, of_import)
    for created_at, file_name in db.session.execute(query.where(owned_by(owner, Friend), Friend.id == friend_id)):
        what, day = What.IMPORTED if file_name else What.ADDED, local_day(created_at, owner.zone)
        yield Happening(what, created_at, day, detail=file_name or "")


def _messages(owner: Owner, friend_id: UUID) -> Iterator[Happening]:
    query = select(
        Invitation.sent_at,
        Invitation.followed_up_at,
        Invitation.answered_at,
        Invitation.answer,
        Invitation.answered_by,
        Invitation.reply_note,
    ).where(owned_by(owner, Invitation), Invitation.friend_id == friend_id, Invitation.sent_at.is_not(None))
    for sent_at, followed_up_at, answered_at, answer, answered_by, note in db.session.execute(query):
        if sent_at is not None:
            yield Happening(What.SENT, sent_at)
        if followed_up_at is not None:
            yield Happening(What.FOLLOWED_UP, followed_up_at)
        if answered_at is not None:
            by_friend = answered_by == "friend"
            yield Happening(What.ANSWERED, answered_at, detail=answer or "", text=note, by_friend=by_friend)


def _meetups(owner: Owner, friend_id: UUID) -> Iterator[Happening]:
    query = select(
        Meetup.id, Meetup.agreed_at, Meetup.starts_at, Meetup.status, Meetup.ended_at, Meetup.place, Meetup.cancelled_by
    ).where(owned_by(owner, Meetup), Meetup.friend_id == friend_id)
    first = _first_agreed(owner, friend_id)
    for meetup_id, agreed_at, starts_at, status, ended_at, place, cancelled_by in db.session.execute(query):
        if status != MeetupStatus.HELD or agreed_at < starts_at:
            meant_for, where = first.get(meetup_id, (starts_at, place))
            yield Happening(What.AGREED, agreed_at, text=where, meant_for=meant_for, meetup_id=meetup_id)
        if status == MeetupStatus.CANCELLED and ended_at is not None:
            by_friend = cancelled_by == "friend"
            yield Happening(What.CANCELLED, ended_at, by_friend=by_friend, meant_for=starts_at, meetup_id=meetup_id)


def _first_agreed(owner: Owner, friend_id: UUID) -> dict[UUID, tuple[datetime, str]]:
    """When and where each meetup that moved was to be at first."""
    query = select(MeetupMove.meetup_id, MeetupMove.from_starts_at, MeetupMove.from_place).where(_of(owner, friend_id))
    rows = db.session.execute(query.order_by(MeetupMove.sequence.desc()))
    return {meetup_id: (starts_at, place) for meetup_id, starts_at, place in rows}


def _moves(owner: Owner, friend_id: UUID) -> Iterator[Happening]:
    query = select(
        MeetupMove.meetup_id,
        MeetupMove.moved_at,
        MeetupMove.to_starts_at,
        MeetupMove.to_place,
        MeetupMove.moved_by,
        Meetup.ended_at,
    ).join(Meetup, (Meetup.practice_id == MeetupMove.practice_id) & (Meetup.id == MeetupMove.meetup_id))
    for meetup_id, moved_at, to, place, moved_by, ended_at in db.session.execute(query.where(_of(owner, friend_id))):
        if ended_at is None or moved_at < ended_at:  # written down afterwards: that is no move, but a correction
            by_friend = moved_by == "friend"
            yield Happening(What.MOVED, moved_at, text=place, by_friend=by_friend, meant_for=to, meetup_id=meetup_id)


def _of(owner: Owner, friend_id: UUID) -> ColumnElement[bool]:
    theirs = select(Meetup.id).where(owned_by(owner, Meetup), Meetup.friend_id == friend_id)
    return and_(owned_by(owner, MeetupMove), MeetupMove.meetup_id.in_(theirs))


def _logs(owner: Owner, friend_id: UUID) -> Iterator[Happening]:
    query = select(
        Log.meetup_id, Log.held_at, Log.minutes, Log.feeling, Log.learned, Log.follow_up, Log.follow_up_done_at,
        Log.thanked_at,
    ).where(owned_by(owner, Log), Log.friend_id == friend_id)  # fmt: skip
    for meetup_id, held_at, minutes, feeling, learned, follow_up, done_at, thanked_at in db.session.execute(query):
        yield Happening(What.HELD, held_at, detail=str(feeling), text=learned, minutes=minutes, meetup_id=meetup_id)
        if follow_up:
            yield Happening(What.PROMISED, held_at, text=follow_up, meetup_id=meetup_id)
        if done_at is not None:
            yield Happening(What.PROMISE_DONE, done_at, text=follow_up, meetup_id=meetup_id)
        if thanked_at is not None:
            yield Happening(What.THANKED, thanked_at, meetup_id=meetup_id)


def _contacts(owner: Owner, friend_id: UUID) -> Iterator[Happening]:
    for contact in contacts_with(owner, friend_id):
        written_that_day = local_day(contact.created_at, owner.zone) == contact.happened_on
        noon = local_instant(contact.happened_on, time(12), owner.zone)
        yield Happening(
            What.CONTACT,
            contact.created_at if written_that_day else noon,
            day=contact.happened_on,
            detail=contact.how.value,
            text=contact.note,
            contact_id=None if contact.how is How.REMEMBERED else contact.id,
        )
