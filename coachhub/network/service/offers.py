"""Other times that a friend has offered: the client takes one, says that none suits, or offers others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select, update

from coachhub.network.models import Friend, Invitation, Meetup, MeetupStatus
from coachhub.network.rules import ANSWERED_LATELY, Standing, clashes
from coachhub.network.service.changes import DECLINED, changed
from coachhub.network.service.meetup_rows import scheduled
from coachhub.network.service.meetups import MeetupRow, agree_meetup, live_meetup, move_meetup
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.network.service.replies import Outcome
from coachhub.network.service.reply_pages import reply_page
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused


@dataclass(frozen=True)
class OfferedTime:
    """A time that the friend offers (UTC instant), and whom the client meets within the hour around it."""

    at: datetime
    clash: str


@dataclass(frozen=True)
class CounterOffer:
    """Other times of a friend's that wait for the client. `times` are ahead; none where all have passed.

    `meetup` is what is agreed and would move.
    """

    invitation_id: UUID
    friend_id: UUID
    friend_name: str
    version: int
    times: tuple[OfferedTime, ...]
    note: str
    answered_at: datetime
    meetup: MeetupRow | None

    @property
    def first_name(self) -> str:
        return first_name(self.friend_name)


def offers(owner: Owner, friend_id: UUID | None = None) -> tuple[CounterOffer, ...]:
    """What waits for the owner's word, of one friend or of all, the longest waiting first."""
    since = clock.now() - ANSWERED_LATELY
    query = _select(owner).where(Invitation.answered_at >= since)
    if friend_id is not None:
        query = query.where(Invitation.friend_id == friend_id)
    rows = db.session.execute(query.order_by(Invitation.answered_at, Invitation.id)).all()
    agreed = _agreed(owner) if rows else []
    found = (_offer(owner, row, agreed) for row in rows)
    return tuple(offer for offer in found if offer is not None)


def offer_of(owner: Owner, invitation_id: UUID) -> CounterOffer | None:
    """What a friend offers under one invitation; None where nothing waits for the owner any more."""
    row = db.session.execute(_select(owner).where(Invitation.id == invitation_id)).one_or_none()
    return _offer(owner, row, _agreed(owner)) if row else None


def accept_offer(owner: Owner, invitation_id: UUID, version: int, at: datetime) -> Outcome:
    """The owner takes one of the times (UTC instant): it is agreed, or what was agreed moves there.

    The same time again is a second click. Raises NotFound.
    """
    one_at_a_time(owner)
    page = reply_page(owner, invitation_id)
    if page.standing is Standing.AGREED and page.starts_at == at:
        return Outcome.DONE
    if page.version != version or not page.standing.may_change or not page.offered:
        return Outcome.STALE
    if at not in page.offered:
        return Outcome.TAKEN
    if page.standing is Standing.AGREED and page.meetup is not None:
        move_meetup(owner, page.meetup.id, at, page.meetup.place, moved_by="friend")
    else:
        agree_meetup(owner, page.friend_id, at, place=page.place, invitation_id=invitation_id)
    return Outcome.DONE


def turn_down_offer(owner: Owner, invitation_id: UUID, version: int, times: Sequence[datetime] = ()) -> Outcome:
    """None of the offered times suits; the owner proposes up to three others (UTC), or none. What is agreed stands.

    Raises NotFound.
    """
    one_at_a_time(owner)
    if reply_page(owner, invitation_id).version != version:
        return Outcome.STALE
    offered = update(Invitation).where(
        owned_by(owner, Invitation), Invitation.id == invitation_id, Invitation.answer == "other"
    )
    values = {"answer": None, "answered_by": None, "answered_at": None, "version": Invitation.version + 1}
    if (
        db.session.execute(offered.values(**values, proposed_times=list(times)).returning(Invitation.id)).first()
        is None
    ):
        return Outcome.STALE
    return Outcome.DONE


def withdraw_invitation(owner: Owner, invitation_id: UUID) -> UUID:
    """Take an invitation back: its link opens nothing any more, and what is agreed stays. Returns whose it was.

    A second click changes nothing. Raises NotFound, and Refused (409) for a message that is not sent.
    """
    one_at_a_time(owner)
    now = clock.now()
    mine = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == invitation_id)
    withdrawn = mine.values(withdrawn_at=func.coalesce(Invitation.withdrawn_at, now))
    row = db.session.execute(withdrawn.returning(Invitation.sent_at, Invitation.friend_id)).one_or_none()
    if row is None:
        raise NotFound
    if row.sent_at is None:
        raise Refused(409, _("This message is not sent yet: there is nothing to take back."))
    unanswered = mine.where(Invitation.answer.is_(None) | (Invitation.answer == "other"))
    values = {"answer": "no", "answered_by": "client", "answered_at": now, "version": Invitation.version + 1}
    if db.session.execute(unanswered.values(**values).returning(Invitation.id)).first() is not None:
        DECLINED.tell(owner, row.friend_id)
    changed(owner, [row.sent_at])
    friend_id: UUID = row.friend_id
    return friend_id


def _select(owner: Owner) -> Select[*tuple[Any, ...]]:
    friend = (Friend.practice_id == Invitation.practice_id) & (Friend.id == Invitation.friend_id)
    columns = (Invitation.id, Invitation.friend_id, Friend.name, Invitation.version, Invitation.counter_times)
    return (
        select(*columns, Invitation.reply_note, Invitation.answered_at)
        .join(Friend, friend)
        .where(owned_by(owner, Invitation), Invitation.answer == "other", Invitation.withdrawn_at.is_(None))
    )


def _agreed(owner: Owner) -> list[Row[Any]]:
    friend = (Friend.practice_id == Meetup.practice_id) & (Friend.id == Meetup.friend_id)
    query: Select[*tuple[Any, ...]] = (
        select(Meetup.starts_at, Meetup.invitation_id, Friend.name).join(Friend, friend).where(scheduled(owner))
    )
    return list(db.session.execute(query).all())


def _offer(owner: Owner, row: Row[Any], agreed: Sequence[Row[Any]]) -> CounterOffer | None:
    meetup, now = live_meetup(owner, row.id), clock.now()
    if meetup is not None and (meetup.status == MeetupStatus.HELD or _has_begun(meetup, now)):
        return None
    others = [other for other in agreed if other.invitation_id != row.id]
    times = (OfferedTime(at, _clash(at, others)) for at in row.counter_times if at > now)
    return CounterOffer(
        invitation_id=row.id,
        friend_id=row.friend_id,
        friend_name=row.name,
        version=row.version,
        times=tuple(times),
        note=row.reply_note,
        answered_at=row.answered_at,
        meetup=meetup if meetup and meetup.status == MeetupStatus.SCHEDULED else None,
    )


def _has_begun(meetup: MeetupRow, now: datetime) -> bool:
    return meetup.status == MeetupStatus.SCHEDULED and meetup.starts_at <= now


def _clash(at: datetime, others: Sequence[Row[Any]]) -> str:
    return next((other.name for other in others if clashes(at, [other.starts_at])), "")
