"""Whom to see next, with the reason: one statement for all friends of as many clients as are asked about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Subquery, and_, func, or_, select
from sqlalchemy.sql import Select

from coachhub.network import rules
from coachhub.network.models import Friend, Invitation, Meetup, MeetupStatus
from coachhub.network.rules import MEETUPS_REMEMBERED, Candidate, Kind, Parts, Role, Why
from coachhub.network.service.friend_rows import FriendRow, friend_row, select_friends
from coachhub.network.service.owner import Owner
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice

INVITED_LATELY = timedelta(days=60)


@dataclass(frozen=True)
class Suggestion:
    """A friend to see next, as what among the three, why, and what speaks for them in points.

    `wording.why_words` says the reason in a line, `wording.part_words` each part.
    """

    friend: FriendRow
    role: Role
    reason: Why
    parts: Parts

    @property
    def points(self) -> int:
        """The sum of the parts."""
        return sum(points for _, points in self.parts)


@dataclass
class _Network:
    """The friends of one client as they were read."""

    rows: list[Row[Any]] = field(default_factory=list)
    companies: set[str] = field(default_factory=set)


def suggest(owner: Owner, today: date, limit: int = 3) -> list[Suggestion]:
    """Up to `limit` friends to see next on a local day, best first; same network, same order.

    Who is invited and has not answered for up to 60 days, or has a meetup ahead, is not suggested.
    """
    network = _networks([owner], clock.now())[owner.client_id]
    ranked = rules.order_to_suggest(_candidates(owner, network, ()), today, owner.half_life_days)
    return _with_friends(owner, network, ranked[:limit], today)


def three(owner: Owner, today: date, let_go: Collection[UUID] = ()) -> tuple[Suggestion, ...]:
    """Three different friends to see next on a local day: an easy one, a stretch, one long asleep.

    Fewer where there are fewer; `let_go` are the friends whom the client chose and changed their mind about, who take
    no place that somebody else could have.
    """
    return _three(owner, _networks([owner], clock.now())[owner.client_id], today, let_go)


def three_for(owners: Sequence[Owner], now: datetime) -> Mapping[UUID, tuple[Suggestion, ...]]:
    """As `three` on each owner's local day, by client, in one statement."""
    networks = _networks(owners, now)
    return {
        owner.client_id: _three(owner, networks[owner.client_id], local_day(now, owner.zone), ()) for owner in owners
    }


def _three(owner: Owner, network: _Network, today: date, let_go: Collection[UUID]) -> tuple[Suggestion, ...]:
    found = rules.three_to_suggest(_candidates(owner, network, let_go), today, owner.half_life_days)
    return tuple(_with_friends(owner, network, found, today))


def _with_friends(owner: Owner, network: _Network, found: Sequence[rules.Suggestion], today: date) -> list[Suggestion]:
    ids = {suggestion.friend_id for suggestion in found}
    friends = {row.id: friend_row(row, owner, today) for row in network.rows if row.id in ids}
    return [Suggestion(friends[each.friend_id], each.role, each.why, each.parts) for each in found]


def _candidates(owner: Owner, network: _Network, let_go: Collection[UUID]) -> list[Candidate]:
    here = owner.zone.key
    return [
        Candidate(
            id=row.id,
            liking=row.liking,
            kind=_KINDS[row.kind],
            last_contact=row.last_contact_on,
            known_from=row.known_from,
            known_until=row.known_until,
            not_now_until=row.not_before,
            never_suggest=row.never_suggest,
            has_open_invitation=row.is_asked,
            declined_on=local_day(row.declined_at, owner.zone) if row.declined_at else None,
            met_lately=row.was_met_lately,
            company_lately=row.company.casefold() in network.companies,
            is_reachable=bool(row.email or row.phone),
            is_in_same_zone=row.time_zone == here,
            was_let_go=row.id in let_go,
        )
        for row in network.rows
    ]


_KINDS = {kind.value: kind for kind in Kind}


def _networks(owners: Sequence[Owner], now: datetime) -> dict[UUID, _Network]:
    networks = {owner.client_id: _Network() for owner in owners}
    if not owners:
        return networks
    for row in db.session.execute(_friends(owners, now)):
        network = networks[row.client_id]
        network.rows.append(row)
        if row.was_met_lately and row.company:
            network.companies.add(row.company.casefold())
    return networks


def _friends(owners: Sequence[Owner], now: datetime) -> Select[*tuple[Any, ...]]:
    """Every friend with what was asked and agreed: each other table is read once and summed up by friend."""
    clients = [owner.client_id for owner in owners]
    asked, met, lately = _asked(clients), _met(clients), _met_lately(clients)
    lately_asked = now - INVITED_LATELY
    is_to_be_agreed = and_(
        asked.c.said_yes > lately_asked, or_(met.c.agreed_at.is_(None), met.c.agreed_at < asked.c.said_yes)
    )
    is_asked = or_(met.c.is_ahead, asked.c.waits_since > lately_asked, is_to_be_agreed)
    return (
        select_friends(*owners)
        .add_columns(
            Friend.client_id,
            func.coalesce(is_asked, False).label("is_asked"),
            asked.c.declined_at,
            lately.c.friend_id.is_not(None).label("was_met_lately"),
        )
        .outerjoin_from(Friend, asked, asked.c.friend_id == Friend.id)
        .outerjoin(met, met.c.friend_id == Friend.id)
        .outerjoin(lately, lately.c.friend_id == Friend.id)
    )


def _asked(clients: Sequence[UUID]) -> Subquery:
    """By friend: since when a message waits for an answer or for the client, the last yes, the last no."""
    waits = Invitation.answer.is_(None) | (Invitation.answer == "other")
    return (
        select(
            Invitation.friend_id,
            func.max(Invitation.sent_at).filter(waits).label("waits_since"),
            func.max(Invitation.sent_at).filter(Invitation.answer == "yes").label("said_yes"),
            func.max(Invitation.answered_at).filter(Invitation.answer.in_(("no", "later"))).label("declined_at"),
        )
        .where(Invitation.practice_id == current_practice(), Invitation.client_id.in_(clients))
        .where(Invitation.sent_at.is_not(None))
        .group_by(Invitation.friend_id)
        .subquery("asked")
    )


def _met(clients: Sequence[UUID]) -> Subquery:
    """By friend: whether a meetup is ahead, and when the last one was agreed."""
    return (
        select(
            Meetup.friend_id,
            func.bool_or(Meetup.status == MeetupStatus.SCHEDULED).label("is_ahead"),
            func.max(Meetup.agreed_at).label("agreed_at"),
        )
        .where(Meetup.practice_id == current_practice(), Meetup.client_id.in_(clients))
        .group_by(Meetup.friend_id)
        .subquery("met")
    )


def _met_lately(clients: Sequence[UUID]) -> Subquery:
    """The friends of each client's last three meetups."""
    newest = func.row_number().over(partition_by=Meetup.client_id, order_by=(Meetup.starts_at.desc(), Meetup.id))
    held = (
        select(Meetup.friend_id, newest.label("place"))
        .where(Meetup.practice_id == current_practice(), Meetup.client_id.in_(clients))
        .where(Meetup.status == MeetupStatus.HELD)
        .subquery()
    )
    return select(held.c.friend_id).where(held.c.place <= MEETUPS_REMEMBERED).distinct().subquery("lately")
