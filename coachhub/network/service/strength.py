"""How a network stands, from facts without names: the same for its owner and for a coach.

Both ask the narrow functions of the schema `lookup`, which answer the client as a person and whoever works in the
practice, nobody else.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnClause,
    Date,
    DateTime,
    Integer,
    Row,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from coachhub.network.models import Friend, Meetup
from coachhub.network.rules import (
    DROWSY_FROM,
    HIBERNATING_FROM,
    MOST_DOTS,
    SOON,
    Facts,
    Fall,
    Kind,
    Network,
    Place,
    days_within,
    lost_next,
    network_on,
    place_in_rings,
    since,
    warmth,
)
from coachhub.network.service.friend_rows import quiet_since
from coachhub.network.service.meetup_rows import scheduled
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db
from coachhub.platform.local_time import local_day

MOST_LOST = 10


@dataclass(frozen=True, slots=True)
class Dot:
    """A friend in the rings."""

    id: UUID
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class AboutToBeLost:
    """A friend whose warmth falls into hibernating or fading within 90 days, and the local day on which it does."""

    id: UUID
    name: str
    fall: Fall

    @property
    def first_name(self) -> str:
        return first_name(self.name)


@dataclass(frozen=True, slots=True)
class TallyRow:
    """What happened with one kind of tie since an instant, in friends and numbers.

    `written` friends were written to; of them `answered` answered and `met_again` were met after that. `met` friends
    were met at all, in so many `meetups`; `moved` counts moves of a time or place.
    """

    kind: Kind
    written: int
    answered: int
    met_again: int
    met: int
    meetups: int
    minutes: int
    moved: int
    help_given: int
    help_received: int


def network_of(owner: Owner, today: date) -> Network:
    """The owner's network on a local day, and at the end of each of the months before. One statement."""
    return networks_of([owner], {owner.client_id: today})[owner.client_id]


def networks_of(owners: Sequence[Owner], today: Mapping[UUID, date]) -> dict[UUID, Network]:
    """The networks of many by client, each on its own local day. One statement."""
    friends = friends_of(owners)
    return {
        owner.client_id: network_on(friends[owner.client_id], today[owner.client_id], owner.half_life_days)
        for owner in owners
    }


def friends_of(owners: Sequence[Owner]) -> dict[UUID, list[Facts]]:
    """What is known of each friend of many, without a name, by client. One statement."""
    by_client: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(_friends(), {"clients": [owner.client_id for owner in owners]}):
        by_client[row.client_id].append(row)
    return {owner.client_id: [_facts(row, owner) for row in by_client[owner.client_id]] for owner in owners}


@cache
def _friends() -> Select[*tuple[Any, ...]]:
    """Made once: a worker asks it for each of many reports."""
    clients = bindparam("clients", type_=ARRAY(Uuid))
    whose = func.unnest(clients).table_valued(column("client_id", Uuid), name="whose").render_derived()
    facts = func.lookup.network_facts(whose.c.client_id).table_valued(
        column("kind", Text),
        column("liking", Integer),
        column("employer", Integer),
        column("known_from", Date),
        column("known_until", Date),
        column("last_contact_on", Date),
        column("added_at", DateTime(timezone=True)),
        column("contacts", ARRAY(Date)),
        column("held", ARRAY(DateTime(timezone=True))),
    )
    return select(whose.c.client_id, *facts.c).join_from(whose, facts, true())


def _facts(row: Row[Any], owner: Owner) -> Facts:
    days = {*(row.contacts or ()), *(local_day(instant, owner.zone) for instant in row.held or ())}
    if row.last_contact_on:
        days.add(row.last_contact_on)
    return Facts(
        liking=row.liking,
        kind=Kind(row.kind),
        employer=row.employer,
        known_from=row.known_from,
        known_until=row.known_until,
        added_on=local_day(row.added_at, owner.zone),
        contacts=tuple(sorted(days)),
    )


def tally_of(owner: Owner, begin: datetime) -> list[TallyRow]:
    """What happened since an instant, by kind of tie. One statement."""
    return tallies_of({owner.client_id: begin}).get(owner.client_id, [])


def tallies_of(begins: Mapping[UUID, datetime]) -> dict[UUID, list[TallyRow]]:
    """The same of many clients, each since an instant of its own. One statement; without friends one is left out."""
    whose = _each(list(begins.items()), column("client_id", Uuid), column("begin", DateTime(timezone=True)))
    names = [name for name in TallyRow.__dataclass_fields__ if name != "kind"]
    tally = func.lookup.network_tally(whose.c.client_id, whose.c.begin).table_valued(
        column("kind", Text), *(column(name, Integer) for name in names)
    )
    found: dict[UUID, list[TallyRow]] = defaultdict(list)
    for client_id, kind, *counts in db.session.execute(
        select(whose.c.client_id, *tally.c).join_from(whose, tally, true())
    ):
        found[client_id].append(TallyRow(Kind(kind), *counts))
    return found


def _each(rows: Sequence[tuple[Any, ...]], *columns: ColumnClause[Any]) -> TableValuedAlias:
    """Rows as a table to join to, made of an array a column: the statement is the same text for any number."""
    arrays = [literal([row[at] for row in rows], ARRAY(each.type)) for at, each in enumerate(columns)]
    return func.unnest(*arrays).table_valued(*columns, name="whose").render_derived()


def dots_of(owner: Owner, today: date) -> list[Dot]:
    """Each friend's place in the rings, warmest first: for networks of at most 150 friends."""
    columns = (Friend.id, Friend.name, Friend.number, Friend.last_contact_on, Friend.known_until)
    query = select(*columns).where(owned_by(owner, Friend)).order_by(Friend.number, Friend.id).limit(MOST_DOTS)
    placed = []
    for row in db.session.execute(query):
        value = warmth(row.last_contact_on, row.known_until, today, owner.half_life_days)
        is_known = since(row.last_contact_on, row.known_until) is not None
        placed.append((-value, Dot(row.id, row.name, place_in_rings(row.number, value, is_known))))
    return [dot for _, dot in sorted(placed, key=lambda each: (each[0], each[1].name, each[1].id))]


def about_to_be_lost(owner: Owner, today: date) -> list[AboutToBeLost]:
    """The friends who fall asleep or begin to fade within 90 days, the first one first; ten at most.

    Left out are those whom the owner meets anyway, or never wants to be suggested.
    """
    quiet = quiet_since()
    soon = or_(*(quiet.between(*_quiet_between(bound, owner, today)) for bound in (DROWSY_FROM, HIBERNATING_FROM)))
    is_met = exists().where(scheduled(owner), Meetup.friend_id == Friend.id)
    query = select(Friend.id, Friend.name, quiet.label("quiet")).where(owned_by(owner, Friend), soon, ~is_met)
    rows = db.session.execute(query.where(Friend.never_suggest.is_(False)))
    found = [(row, lost_next(row.quiet, today, owner.half_life_days)) for row in rows]
    lost = [AboutToBeLost(row.id, row.name, fall) for row, fall in found if fall is not None]
    return sorted(lost, key=lambda each: (each.fall.on, each.name, each.id))[:MOST_LOST]


def _quiet_between(bound: float, owner: Owner, today: date) -> tuple[date, date]:
    """Since when those are quiet who fall below a bound after today, and within 90 days."""
    within = timedelta(days=days_within(bound, owner.half_life_days))
    return today - within, today - within + SOON - timedelta(days=1)
