"""A month that is over, or the running one, read from what the client can see of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from coachhub.habits.rules import Month
from coachhub.habits.service.progress import MonthProgress, months_of
from coachhub.habits.service.steps import PlanRow, choices_of, plan_of
from coachhub.network.models import Friend, Invitation, Meetup, MeetupMove
from coachhub.network.service.meetups import MeetupRow, meetup_of
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound


@dataclass(frozen=True, slots=True)
class PastMonth:
    """What happened in a month: whom the client chose, to whom they wrote, whom they met or were to meet."""

    month: Month
    result: MonthProgress | None
    plan: PlanRow | None
    chosen: tuple[str, ...]
    written: tuple[tuple[str, datetime], ...]
    meetups: tuple[MeetupRow, ...]
    has_next: bool
    has_previous: bool


def past_month(owner: Owner, month: Month, now: datetime) -> PastMonth:
    """A month of the owner's up to the running one. Raises NotFound for one that has not begun."""
    if month > Month.local(now, owner.zone):
        raise NotFound
    results = months_of(owner.client_id, now)
    begin, end = month.starts_at(owner.zone), month.ends_at(owner.zone)
    return PastMonth(
        month=month,
        result=next((each for each in results if each.month == month), None),
        plan=plan_of(owner, month),
        chosen=_names(owner, [choice.friend_id for choice in choices_of(owner, month)]),
        written=_written(owner, begin, end),
        meetups=tuple(meetup_of(owner, id).meetup for id in _meetups(owner, begin, end)),
        has_next=month.next().starts_at(owner.zone) <= now,
        has_previous=any(each.month < month for each in results),
    )


def _names(owner: Owner, friend_ids: list[UUID]) -> tuple[str, ...]:
    chosen = select(Friend.name).where(owned_by(owner, Friend), Friend.id.in_(friend_ids)).order_by(Friend.name)
    return tuple(db.session.scalars(chosen))


def _written(owner: Owner, begin: datetime, end: datetime) -> tuple[tuple[str, datetime], ...]:
    is_friend = (Friend.practice_id == Invitation.practice_id) & (Friend.id == Invitation.friend_id)
    chosen = (
        select(Friend.name, Invitation.sent_at)
        .join(Friend, is_friend)
        .where(owned_by(owner, Invitation), Invitation.sent_at >= begin, Invitation.sent_at < end)
        .order_by(Invitation.sent_at)
    )
    return tuple((name, at) for name, at in db.session.execute(chosen) if at is not None)


def _meetups(owner: Owner, begin: datetime, end: datetime) -> list[UUID]:
    """Meetups that stood in the month, those that left it included."""
    left = (
        select(MeetupMove.meetup_id)
        .where(owned_by(owner, MeetupMove))
        .where(MeetupMove.from_starts_at >= begin, MeetupMove.from_starts_at < end)
    )
    stood = (Meetup.starts_at >= begin) & (Meetup.starts_at < end)
    chosen = select(Meetup.id).where(owned_by(owner, Meetup), or_(stood, Meetup.id.in_(left)))
    return list(db.session.scalars(chosen.order_by(Meetup.starts_at)))
