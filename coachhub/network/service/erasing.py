"""Erasing a friend: what would be lost, and losing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from coachhub.network.models import Contact, Friend, ImportRow, Invitation, Log, Meetup
from coachhub.network.service.changes import ERASING, changed
from coachhub.network.service.contacts import How
from coachhub.network.service.drafts import was_written
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.local_time import start_of_day
from coachhub.platform.tenancy import current_practice

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
    """Erase a friend with every message, meetup, move, log and contact, and from files on their way in.

    Nothing is kept. Raises NotFound.

    Months that are over keep what was done in them, which names nobody; the running month counts anew.
    """
    one_at_a_time(owner)
    friend = friend_of(owner, friend_id)
    touched = [
        *_instants(owner, Invitation, friend_id, Invitation.sent_at),
        *_instants(owner, Meetup, friend_id, Meetup.agreed_at),
        *_instants(owner, Meetup, friend_id, Meetup.starts_at),
        *_instants(owner, Log, friend_id, Log.held_at),
    ]
    ERASING.tell(owner, friend_id)
    _erase_from_imports(owner, friend)
    db.session.execute(delete(Friend).where(owned_by(owner, Friend), Friend.id == friend_id))
    month_began = start_of_day(owner.today().replace(day=1), owner.zone)
    changed(owner, [instant for instant in touched if instant is not None and instant >= month_began])


def _erase_from_imports(owner: Owner, friend: FriendRow) -> None:
    """The lines of files that mean the friend, by what was matched, by address, profile or name."""
    mine = (ImportRow.practice_id == current_practice(), ImportRow.user_id == owner.user_id)
    meant = [ImportRow.friend_id == friend.id, ImportRow.name == friend.name]
    meant += [ImportRow.email == friend.email] if friend.email else []
    meant += [ImportRow.profile == friend.profile] if friend.profile else []
    words = [word for word in (friend.name, friend.email, friend.profile) if word]
    left_out = and_(ImportRow.kind == "left", or_(*(ImportRow.name.icontains(word, autoescape=True) for word in words)))
    lines = delete(ImportRow).where(*mine, or_(*meant, left_out))
    db.session.execute(lines, execution_options={"synchronize_session": False})


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
