"""Contacts that were no meetup, and the last contact with a friend, which is counted from all that is written."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from coachhub.network.models import Contact, Friend, Log
from coachhub.network.service.changes import changed
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice


class How(StrEnum):
    """How a client was in touch. `remembered` was only stated; a `warm_up` is no real contact."""

    CALL = "call"
    MESSAGE = "message"
    IN_PERSON = "in_person"
    OTHER = "other"
    REMEMBERED = "remembered"
    WARM_UP = "warm_up"


WAYS = (How.CALL, How.MESSAGE, How.IN_PERSON, How.OTHER)
"""What a client may choose when they write a contact down."""


@dataclass(frozen=True)
class ContactRow:
    """A contact on a local day of the client's."""

    id: UUID
    friend_id: UUID
    happened_on: date
    how: How
    note: str
    created_at: datetime


_COLUMNS = (Contact.id, Contact.friend_id, Contact.happened_on, Contact.how, Contact.note, Contact.created_at)


def note_contact(owner: Owner, friend_id: UUID, day: date, how: How = How.OTHER, note: str = "") -> UUID:
    """They were in touch on a local day, without a meetup; returns the contact's id.

    The same again on the same day is a second click. Raises NotFound, and Refused (409) for a day still to come.
    """
    if day > owner.today():
        raise Refused(409, _("That day is still to come. Write it down when you have been in touch."))
    one_at_a_time(owner)
    shared = _is_shared(owner, friend_id)
    contact_id = _same(owner, friend_id, day, how, note.strip()) or _insert(owner, friend_id, day, how, note, shared)
    recount_last_contact(owner, friend_id)
    changed(owner)
    return contact_id


def remember_contact(owner: Owner, friend_id: UUID, day: date | None) -> None:
    """What the client says of the last contact takes the place of what they said before; None: nobody knows.

    What is written in logs and contacts counts all the same. Raises NotFound.
    """
    one_at_a_time(owner)
    shared = _is_shared(owner, friend_id)
    said = (owned_by(owner, Contact), Contact.friend_id == friend_id, Contact.how == How.REMEMBERED)
    db.session.execute(delete(Contact).where(*said))
    if day is not None:
        _insert(owner, friend_id, day, How.REMEMBERED, "", shared)
    recount_last_contact(owner, friend_id)
    changed(owner)


def forget_contact(owner: Owner, contact_id: UUID) -> UUID | None:
    """That was a mistake: the contact is deleted and the last contact counted anew. Returns the friend's id.

    None where it is not there (any more): a second click has nothing to do.
    """
    one_at_a_time(owner)
    query = delete(Contact).where(owned_by(owner, Contact), Contact.id == contact_id)
    friend_id = db.session.execute(query.returning(Contact.friend_id)).scalar_one_or_none()
    if friend_id is not None:
        recount_last_contact(owner, friend_id)
        changed(owner)
    return friend_id


def contacts_with(owner: Owner, friend_id: UUID) -> list[ContactRow]:
    """Every contact with a friend that was no meetup, newest first."""
    query = select(*_COLUMNS).where(owned_by(owner, Contact), Contact.friend_id == friend_id)
    newest_first = query.order_by(Contact.happened_on.desc(), Contact.created_at.desc(), Contact.id.desc())
    return [_row(*row) for row in db.session.execute(newest_first)]


def recount_last_contact(owner: Owner, friend_id: UUID) -> None:
    """Set the friend's last contact to the latest of logs and contacts; a warm-up note is none.

    The caller holds the network (`one_at_a_time`) and says `changed`.
    """
    real = (owned_by(owner, Contact), Contact.friend_id == friend_id, Contact.how != How.WARM_UP)
    noted = select(Contact.happened_on).where(*real).order_by(Contact.happened_on.desc()).limit(1)
    logs = select(Log.held_at).where(owned_by(owner, Log), Log.friend_id == friend_id).order_by(Log.held_at.desc())
    days = [
        *db.session.scalars(noted),
        *(local_day(held_at, owner.zone) for held_at in db.session.scalars(logs.limit(1))),
    ]
    found = update(Friend).where(owned_by(owner, Friend), Friend.id == friend_id)
    db.session.execute(found.values(last_contact_on=max(days, default=None)))


def insert_remembered(owner: Owner, friend_id: UUID, day: date, shared: bool) -> None:
    """Keep what the client said of the last contact when the friend was added; the caller has set the friend's."""
    _insert(owner, friend_id, day, How.REMEMBERED, "", shared)


def _is_shared(owner: Owner, friend_id: UUID) -> bool:
    query = select(Friend.shared).where(owned_by(owner, Friend), Friend.id == friend_id)
    shared = db.session.execute(query).scalar_one_or_none()
    if shared is None:
        raise NotFound
    return shared


def _same(owner: Owner, friend_id: UUID, day: date, how: How, note: str) -> UUID | None:
    same = (Contact.friend_id == friend_id, Contact.happened_on == day, Contact.how == how, Contact.note == note)
    query = select(Contact.id).where(owned_by(owner, Contact), *same)
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def _insert(owner: Owner, friend_id: UUID, day: date, how: How, note: str, shared: bool) -> UUID:
    query = insert(Contact).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        shared=shared,
        friend_id=friend_id,
        happened_on=day,
        how=how.value,
        note=note.strip(),
        created_at=clock.now(),
    )
    return db.session.execute(query.returning(Contact.id)).scalar_one()


def _row(contact_id: UUID, friend_id: UUID, happened_on: date, how: str, note: str, created_at: datetime) -> ContactRow:
    return ContactRow(contact_id, friend_id, happened_on, How(how), note, created_at)
