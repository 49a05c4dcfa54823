"""Erasing a friend: what would be lost, and losing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute

from coachhub.network.models import Contact, Friend, Invitation, Log, Meetup
from coachhub.network.service.changes import ERASING, changed
from coachhub.network.service.contacts import How
from coachhub.network.service.drafts import was_written
from coachhub.network.service.friend_rows import friend_of
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import start_of_day

Instant = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

TAKEN_BACK_WITHIN = timedelta(hours=1)
"""How long a friend who was just added can be taken back without a question."""


@dataclass(frozen=True)
class Losses:
    """What goes with a friend who is erased; `contacts` only those that the client wrote down."""

    messages: int
    meetups: int
    logs: int
    contacts: int = 0


def losses_of(owner: Owner, friend_id: UUID) -> Losses:
    """What erasing a friend would lose: messages sent or drafted, meetups, logs, contacts."""

    def count(table: type[Invitation | Meetup | Log | Contact], *conditions: ColumnElement[bool]) -> int:
        query = (
            select(func.count())
            .select_from(table)
            .where(owned_by(owner, table), table.friend_id == friend_id, *conditions)
        )
        return db.session.execute(query).scalar_one()

    return Losses(
        messages=count(Invitation, was_written()),
        meetups=count(Meetup),
        logs=count(Log),
        contacts=count(Contact, Contact.how != How.REMEMBERED),
    )


def erase_friend(owner: Owner, friend_id: UUID) -> None:
    """Erase a friend with every message, meetup, move, log and contact: nothing is kept. Raises NotFound.

    Months that are over keep what was done in them, which names nobody; the running month counts anew.
    """
    one_at_a_time(owner)
    touched = [
        *_instants(owner, Invitation, friend_id, Invitation.sent_at),
        *_instants(owner, Meetup, friend_id, Meetup.agreed_at),
        *_instants(owner, Meetup, friend_id, Meetup.starts_at),
        *_instants(owner, Log, friend_id, Log.held_at),
    ]
    ERASING.tell(owner, friend_id)
    query = delete(Friend).where(owned_by(owner, Friend), Friend.id == friend_id)
    if db.session.execute(query.returning(Friend.id)).scalar_one_or_none() is None:
        raise NotFound
    month_began = start_of_day(owner.today().replace(day=1), owner.zone)
    changed(owner, [instant for instant in touched if instant is not None and instant >= month_began])


def _instants(
    owner: Owner, table: type[Invitation | Meetup | Log], friend_id: UUID, column: Instant
) -> Sequence[datetime | None]:
    query = select(column).where(owned_by(owner, table), table.friend_id == friend_id)
    return db.session.execute(query).scalars().all()


def take_back(owner: Owner, friend_id: UUID) -> bool:
    """Forget a friend who was added by mistake within the last hour; returns whether it was so. Raises NotFound.

    With messages, meetups, logs or contacts it is no mistake any more: that is `erase_friend`, which asks first.
    """
    one_at_a_time(owner)
    is_new = friend_of(owner, friend_id).created_at > clock.now() - TAKEN_BACK_WITHIN
    if not is_new or losses_of(owner, friend_id) != Losses(0, 0, 0):
        return False
    erase_friend(owner, friend_id)
    return True
