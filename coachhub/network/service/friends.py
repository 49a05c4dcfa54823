"""Friends: add, change, list, suggest, put off, share, erase."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from coachhub.network.models import Friend, Invitation, Log, Meetup
from coachhub.network.rules import (
    AWAKE_FROM,
    DROWSY_FROM,
    HIBERNATING_FROM,
    Kind,
    Warmth,
    network_strength,
    warmth,
    warmth_state,
)
from coachhub.network.service.changes import changed
from coachhub.network.service.friend_rows import (
    FriendRow,
    friend_of,
    friend_row,
    named_like,
    quiet_since,
    select_friends,
)
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.network.service.sharing import share_all, share_friend
from coachhub.network.service.suggestions import Suggestion, suggest
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import start_of_day
from coachhub.platform.tenancy import current_practice
from coachhub.platform.texts import one_line

__all__ = [
    "FriendEntry",
    "FriendRow",
    "Losses",
    "NetworkNumbers",
    "Order",
    "Suggestion",
    "add_friend",
    "add_friends",
    "edit_friend",
    "erase_friend",
    "friend_of",
    "list_friends",
    "losses_of",
    "network_numbers",
    "never_suggest",
    "note_contact",
    "put_off",
    "share_all",
    "share_friend",
    "suggest",
]
PAGE = 50
Instant = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
_SECOND_CLICK = timedelta(minutes=2)


class Order(StrEnum):
    """How a list of friends is sorted."""

    SILENCE = "silence"
    NAME = "name"
    LIKING = "liking"


@dataclass(frozen=True)
class FriendEntry:
    """What a client writes of a friend. Dates are local days; `phone` is E.164 where it could be understood."""

    name: str
    company: str = ""
    kind: Kind = Kind.COLLEAGUE
    liking: int = 4
    known_from: date | None = None
    known_until: date | None = None
    last_contact_on: date | None = None
    email: str = ""
    phone: str = ""
    city: str = ""
    notes: str = ""


@dataclass(frozen=True)
class NetworkNumbers:
    """How many friends stand in each state, what they span, and the network's strength."""

    friends: int
    by_warmth: tuple[tuple[Warmth, int], ...]
    strength: float
    companies: int
    kinds: int


@dataclass(frozen=True)
class Losses:
    """What goes with a friend who is erased."""

    messages: int
    meetups: int
    logs: int


def add_friend(owner: Owner, entry: FriendEntry) -> UUID:
    """Add a friend; returns the id. The same entry again within two minutes is a second click: nothing is added."""
    shares_all = one_at_a_time(owner)
    friend_id = _just_added(owner, entry) or _insert(owner, entry, shares_all)
    changed(owner)
    return friend_id


def add_friends(owner: Owner, entries: Sequence[FriendEntry]) -> list[UUID]:
    """Add several friends, in the order given."""
    return [add_friend(owner, entry) for entry in entries]


def _just_added(owner: Owner, entry: FriendEntry) -> UUID | None:
    query = select(Friend.id).where(
        owned_by(owner, Friend),
        Friend.name == one_line(entry.name),
        Friend.company == one_line(entry.company),
        Friend.created_at > clock.now() - _SECOND_CLICK,
    )
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def _insert(owner: Owner, entry: FriendEntry, shared: bool) -> UUID:
    query = insert(Friend).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        shared=shared,
        created_at=clock.now(),
        **_columns(entry),
    )
    return db.session.execute(query.returning(Friend.id)).scalar_one()


def _columns(entry: FriendEntry) -> dict[str, object]:
    return {
        "name": one_line(entry.name),
        "company": one_line(entry.company),
        "kind": entry.kind.value,
        "liking": entry.liking,
        "known_from": entry.known_from,
        "known_until": entry.known_until,
        "last_contact_on": entry.last_contact_on,
        "email": entry.email.strip(),
        "phone": entry.phone.strip(),
        "city": one_line(entry.city),
        "notes": entry.notes.strip(),
    }


def edit_friend(owner: Owner, friend_id: UUID, entry: FriendEntry) -> None:
    """Replace what is written of a friend. Raises NotFound."""
    _change(owner, friend_id, **_columns(entry))


def put_off(owner: Owner, friend_id: UUID, until: date | None) -> None:
    """Not now: suggest this friend again from the local day `until` on; None takes it back. Raises NotFound."""
    _change(owner, friend_id, not_before=until)


def never_suggest(owner: Owner, friend_id: UUID, flag: bool = True) -> None:
    """Never suggest this friend, or do so again. Raises NotFound."""
    _change(owner, friend_id, never_suggest=flag)


def _change(owner: Owner, friend_id: UUID, **columns: object) -> None:
    query = update(Friend).where(owned_by(owner, Friend), Friend.id == friend_id).values(**columns)
    if db.session.execute(query.returning(Friend.id)).scalar_one_or_none() is None:
        raise NotFound
    changed(owner)


def losses_of(owner: Owner, friend_id: UUID) -> Losses:
    """What erasing a friend would lose: messages sent or drafted, meetups, logs."""

    def count(table: type[Invitation | Meetup | Log]) -> int:
        query = select(func.count()).select_from(table).where(owned_by(owner, table), table.friend_id == friend_id)
        return db.session.execute(query).scalar_one()

    return Losses(messages=count(Invitation), meetups=count(Meetup), logs=count(Log))


def erase_friend(owner: Owner, friend_id: UUID) -> None:
    """Erase a friend with every message, meetup, move and log: nothing is kept. Raises NotFound.

    Months that are over keep what was done in them, which names nobody; the running month counts anew.
    """
    one_at_a_time(owner)
    touched = [
        *_instants(owner, Invitation, friend_id, Invitation.sent_at),
        *_instants(owner, Meetup, friend_id, Meetup.agreed_at),
        *_instants(owner, Meetup, friend_id, Meetup.starts_at),
        *_instants(owner, Log, friend_id, Log.held_at),
    ]
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


def list_friends(
    owner: Owner,
    search: str = "",
    warmth: Warmth | None = None,
    order: Order = Order.SILENCE,
    limit: int | None = None,
    offset: int = 0,
) -> list[FriendRow]:
    """The owner's friends, the longest silent first unless told otherwise; `limit` None lists them all."""
    today = owner.today()
    query = select_friends(owner)
    if search:
        query = query.where(named_like(search))
    if warmth is not None:
        query = query.where(_stands_at(warmth, owner, today))
    query = query.order_by(*_SORTED[order], Friend.id).limit(limit).offset(offset)
    return [friend_row(row, owner, today) for row in db.session.execute(query)]


_SORTED = {
    Order.SILENCE: (quiet_since().asc().nulls_last(), func.lower(Friend.name)),
    Order.NAME: (func.lower(Friend.name),),
    Order.LIKING: (Friend.liking.desc(), func.lower(Friend.name)),
}
_AT_LEAST = {Warmth.AWAKE: AWAKE_FROM, Warmth.DROWSY: DROWSY_FROM, Warmth.HIBERNATING: HIBERNATING_FROM}


def _stands_at(state: Warmth, owner: Owner, today: date) -> ColumnElement[bool]:
    """Whether a friend is in a state of warmth, as `rules.warmth_state` says, in SQL so that a page is a page."""
    colder, warmer = list(Warmth)[list(Warmth).index(state) + 1 :], list(Warmth)[: list(Warmth).index(state)]
    conditions = []
    if colder:
        conditions.append(quiet_since() >= _coldest_day(state, owner, today))
    if warmer:
        conditions.append(quiet_since() < _coldest_day(warmer[-1], owner, today))
    inside = and_(*conditions)
    return or_(inside, quiet_since().is_(None)) if state is Warmth.HIBERNATING else inside


def _coldest_day(state: Warmth, owner: Owner, today: date) -> date:
    return today - timedelta(days=math.floor(owner.half_life_days * -math.log2(_AT_LEAST[state])))


def network_numbers(owner: Owner, today: date) -> NetworkNumbers:
    """How the owner's network stands on a local day."""
    columns = (Friend.last_contact_on, Friend.known_until, Friend.liking, Friend.company, Friend.kind)
    rows = db.session.execute(select(*columns).where(owned_by(owner, Friend))).all()
    values = [warmth(row.last_contact_on, row.known_until, today, owner.half_life_days) for row in rows]
    states = [warmth_state(value) for value in values]
    return NetworkNumbers(
        friends=len(rows),
        by_warmth=tuple((state, states.count(state)) for state in Warmth),
        strength=network_strength(zip(values, (row.liking for row in rows), strict=True)),
        companies=len({row.company.casefold() for row in rows if row.company}),
        kinds=len({row.kind for row in rows}),
    )


def note_contact(owner: Owner, friend_id: UUID, day: date) -> None:
    """They were in touch on a local day: a real contact without a meetup. Raises NotFound."""
    _change(owner, friend_id, last_contact_on=func.greatest(Friend.last_contact_on, day))
