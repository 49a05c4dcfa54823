"""Whom to see next, with the reason: one statement for all friends of as many clients as are asked about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Row, case, exists, func, select, union_all
from sqlalchemy.sql import Select

from coachhub.network import rules
from coachhub.network.models import Friend, Invitation, Meetup, MeetupStatus
from coachhub.network.rules import DECLINED_LATELY, MEETUPS_REMEMBERED, Candidate, Kind, Parts, Role, Why
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
    return [_candidate(owner, network.companies, let_go, *facts) for facts in _picked(network.rows, _FACTS)]


def _candidate(owner: Owner, companies: Collection[str], let_go: Collection[UUID], *facts: Any) -> Candidate:
    friend_id, liking, kind, last, known_from, known_until, not_before, never, asked, declined_at, met, *more = facts
    company, email, phone, zone = more
    return Candidate(
        id=friend_id,
        liking=liking,
        kind=_KINDS[kind],
        last_contact=last,
        known_from=known_from,
        known_until=known_until,
        not_now_until=not_before,
        never_suggest=never,
        has_open_invitation=asked,
        declined_on=local_day(declined_at, owner.zone) if declined_at else None,
        met_lately=met,
        company_lately=company.casefold() in companies,
        is_reachable=bool(email or phone),
        is_in_same_zone=zone == owner.zone.key,
        was_let_go=friend_id in let_go,
    )


_FACTS = (
    *("id", "liking", "kind", "last_contact_on", "known_from", "known_until", "not_before", "never_suggest"),
    *("is_asked", "declined_at", "was_met_lately", "company", "email", "phone", "time_zone"),
)


def _picked(rows: Sequence[Row[Any]], names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Some columns of each row, by place: asking thousands of rows by name takes as long as reading them."""
    if not rows:
        return ()
    columns = list(rows[0]._fields)
    return map(itemgetter(*map(columns.index, names)), rows)


_KINDS = {kind.value: kind for kind in Kind}


def _networks(owners: Sequence[Owner], now: datetime) -> dict[UUID, _Network]:
    networks = {owner.client_id: _Network() for owner in owners}
    if not owners:
        return networks
    rows = db.session.execute(_friends(owners, now)).all()
    picked = _picked(rows, ("client_id", "was_met_lately", "company"))
    for row, (client_id, was_met_lately, company) in zip(rows, picked, strict=True):
        network = networks[client_id]
        network.rows.append(row)
        if was_met_lately and company:
            network.companies.add(company.casefold())
    return networks


def _friends(owners: Sequence[Owner], now: datetime) -> Select[*tuple[Any, ...]]:
    """Every friend with what was asked and agreed: each other table is read once.

    Sets of ids instead of joins: they are hashed whatever the planner believes, which knows nothing yet of the
    thousands that were imported a minute ago.
    """
    clients = [owner.client_id for owner in owners]
    refusals = _of(clients, Invitation, func.max(Invitation.answered_at), *_refused(now))
    refused = _of(clients, Invitation, Invitation.friend_id, *_refused(now))
    last_refusal = refusals.where(Invitation.friend_id == Friend.id).correlate(Friend).scalar_subquery()
    return select_friends(*owners).add_columns(
        Friend.client_id,
        Friend.id.in_(_asked(clients, now)).label("is_asked"),
        case((Friend.id.in_(refused), last_refusal)).label("declined_at"),
        Friend.id.in_(_met_lately(clients)).label("was_met_lately"),
    )


def _of(
    clients: Sequence[UUID], table: type[Invitation | Meetup], column: Any, *where: ColumnElement[bool]
) -> Select[Any]:
    return select(column).where(table.practice_id == current_practice(), table.client_id.in_(clients), *where)


def _refused(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """A no or a later that may count on the client's local day."""
    return Invitation.answer.in_(("no", "later")), Invitation.answered_at > now - DECLINED_LATELY - timedelta(days=2)


def _asked(clients: Sequence[UUID], now: datetime) -> CompoundSelect[Any]:
    """The friends asked lately whose answer, or the client's to it, is still to come; and those with a meetup ahead."""
    lately = Invitation.sent_at > now - INVITED_LATELY
    agreed = exists().where(
        Meetup.practice_id == Invitation.practice_id,
        Meetup.friend_id == Invitation.friend_id,
        Meetup.agreed_at >= Invitation.sent_at,
    )
    waits = Invitation.answer.is_(None) | (Invitation.answer == "other") | ((Invitation.answer == "yes") & ~agreed)
    return union_all(
        _of(clients, Invitation, Invitation.friend_id, lately, waits),
        _of(clients, Meetup, Meetup.friend_id, Meetup.status == MeetupStatus.SCHEDULED),
    )


def _met_lately(clients: Sequence[UUID]) -> Select[UUID]:
    """The friends of each client's last three meetups."""
    newest = func.row_number().over(partition_by=Meetup.client_id, order_by=(Meetup.starts_at.desc(), Meetup.id))
    held = _of(clients, Meetup, Meetup.friend_id, Meetup.status == MeetupStatus.HELD).add_columns(newest.label("place"))
    ranked = held.subquery()
    return select(ranked.c.friend_id).where(ranked.c.place <= MEETUPS_REMEMBERED)
