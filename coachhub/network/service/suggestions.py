"""Whom to see next, with the reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select
from sqlalchemy.sql import Select

from coachhub.network.models import Friend, Invitation, Meetup, MeetupStatus
from coachhub.network.rules import DECLINED_LATELY, Candidate, Why, order_to_suggest
from coachhub.network.service.friend_rows import FriendRow, friend_row, select_friends
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.local_time import local_day

INVITED_LATELY = timedelta(days=60)


@dataclass(frozen=True)
class Suggestion:
    """A friend to see next and why; `wording.why_words` says it in a line."""

    friend: FriendRow
    reason: Why


def suggest(owner: Owner, today: date, limit: int = 3) -> list[Suggestion]:
    """Up to `limit` friends to see next on a local day, best first; same network, same order.

    Who is invited and has not answered for up to 60 days, or has a meetup ahead, is not suggested.
    """
    rows = db.session.execute(_candidates(owner, clock.now())).all()
    ranked = order_to_suggest([_candidate(row, owner) for row in rows], today)[:limit]
    friends = _friends(owner, [found.friend_id for found in ranked], today)
    return [Suggestion(friends[found.friend_id], found.why) for found in ranked]


def _friends(owner: Owner, ids: list[UUID], today: date) -> dict[UUID, FriendRow]:
    rows = db.session.execute(select_friends(owner).where(Friend.id.in_(ids)))
    return {row.id: friend_row(row, owner, today) for row in rows}


def _candidates(owner: Owner, now: datetime) -> Select[*tuple[Any, ...]]:
    theirs = (owned_by(owner, Invitation), Invitation.friend_id == Friend.id, Invitation.sent_at.is_not(None))
    unanswered = exists().where(*theirs, Invitation.answer.is_(None), Invitation.sent_at > now - INVITED_LATELY)
    of_friend = (owned_by(owner, Meetup), Meetup.friend_id == Friend.id)
    ahead = exists().where(*of_friend, Meetup.status == MeetupStatus.SCHEDULED)
    refusals = select(func.max(Invitation.answered_at)).where(*theirs, Invitation.answer.in_(("no", "later")))
    lately = refusals.where(Invitation.answered_at > now - DECLINED_LATELY - timedelta(days=2))
    return select(
        Friend.id,
        Friend.liking,
        Friend.last_contact_on,
        Friend.known_until,
        Friend.not_before,
        Friend.never_suggest,
        (unanswered | ahead).label("is_asked"),
        lately.scalar_subquery().label("declined_at"),
    ).where(owned_by(owner, Friend))


def _candidate(row: Row[Any], owner: Owner) -> Candidate:
    return Candidate(
        id=row.id,
        liking=row.liking,
        last_contact=row.last_contact_on,
        known_until=row.known_until,
        not_now_until=row.not_before,
        never_suggest=row.never_suggest,
        has_open_invitation=row.is_asked,
        declined_on=local_day(row.declined_at, owner.zone) if row.declined_at else None,
    )
