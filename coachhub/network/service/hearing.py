"""What a friend said last under their link, for the client's next look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from coachhub.network.models import Friend, Invitation
from coachhub.network.rules import FriendDid, friend_did
from coachhub.network.service.meetup_rows import MeetupRow, live_meetup, moves_of
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db


@dataclass(frozen=True)
class Heard:
    """What a friend said, with their note. `meetup` is what it is about, where there is one."""

    friend_id: UUID
    friend_name: str
    did: FriendDid
    note: str
    said_at: datetime
    meetup: MeetupRow | None

    @property
    def first_name(self) -> str:
        return first_name(self.friend_name)


def last_heard(owner: Owner, since: datetime) -> Heard | None:
    """The last yes or no that a friend has said themselves, not before an instant."""
    friend = (Friend.practice_id == Invitation.practice_id) & (Friend.id == Invitation.friend_id)
    columns = (Invitation.id, Invitation.friend_id, Friend.name, Invitation.answer, Invitation.reply_note)
    query: Select[*tuple[Any, ...]] = (
        select(*columns, Invitation.answered_at)
        .join(Friend, friend)
        .where(owned_by(owner, Invitation), Invitation.answered_by == "friend", Invitation.answered_at >= since)
        .where(Invitation.answer.in_(("yes", "no")))
    )
    row = db.session.execute(query.order_by(Invitation.answered_at.desc(), Invitation.id).limit(1)).one_or_none()
    if row is None:
        return None
    meetup = live_meetup(owner, row.id)
    moves = moves_of(owner, meetup.id) if meetup else ()
    did = friend_did(row.answer, meetup.cancelled_by if meetup else None, moves[-1].moved_by if moves else None)
    return Heard(row.friend_id, row.name, did, row.reply_note, row.answered_at, meetup)
