"""What the coach may see: one switch for all, one a friend, one a log. Messages are never shared."""

from uuid import UUID

from sqlalchemy import select, update

from coachhub.clients.models import Client
from coachhub.network.models import Contact, Friend, Log, Meetup, MeetupMove
from coachhub.network.service.changes import changed
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice


def share_all(owner: Owner, flag: bool) -> None:
    """Share friends, contacts, meetups, moves and logs with the coach, new ones too; or take it all back."""
    one_at_a_time(owner)
    record = update(Client).where(Client.practice_id == current_practice(), Client.id == owner.client_id)
    db.session.execute(record.values(shares_all=flag))
    for table in (Friend, Contact, Meetup, MeetupMove, Log):
        db.session.execute(update(table).where(owned_by(owner, table)).values(shared=flag))
    changed(owner)


def shares_all(owner: Owner) -> bool:
    """Whether the client's switch for all is on."""
    query = select(Client.shares_all).where(Client.practice_id == current_practice(), Client.id == owner.client_id)
    return bool(db.session.execute(query).scalar_one())


def share_friend(owner: Owner, friend_id: UUID, flag: bool = True) -> None:
    """Share a friend with contacts, and when and where you meet them; logs keep their own switch. Raises NotFound.

    Taking it back takes the logs about the friend back too.
    """
    one_at_a_time(owner)
    found = update(Friend).where(owned_by(owner, Friend), Friend.id == friend_id).values(shared=flag)
    if db.session.execute(found.returning(Friend.id)).scalar_one_or_none() is None:
        raise NotFound
    theirs = select(Meetup.id).where(owned_by(owner, Meetup), Meetup.friend_id == friend_id)
    moves = update(MeetupMove).where(owned_by(owner, MeetupMove), MeetupMove.meetup_id.in_(theirs))
    meetups = update(Meetup).where(owned_by(owner, Meetup), Meetup.friend_id == friend_id)
    contacts = update(Contact).where(owned_by(owner, Contact), Contact.friend_id == friend_id)
    logs = update(Log).where(owned_by(owner, Log), Log.friend_id == friend_id)
    for rows in (moves, meetups, contacts) if flag else (moves, meetups, contacts, logs):
        db.session.execute(rows.values(shared=flag), execution_options={"synchronize_session": False})
    changed(owner)
