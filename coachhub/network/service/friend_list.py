"""The list of friends: searched, filtered, sorted, a page at a time; with how many stand where, counted in SQL."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, literal, select, union_all

from coachhub.network.models import Friend
from coachhub.network.rules import AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM, Kind, Warmth, days_within
from coachhub.network.service.friend_rows import FriendRow, friend_row, named_like, quiet_since, select_friends
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db, telling
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice

PAGE = 50
MOST_COMPANIES = 40
_VERSION = telling("select version, zone from friends_version(:practice, :client)", "version", "zone")


class Order(StrEnum):
    """How a list of friends is sorted."""

    SILENCE = "silence"
    NAME = "name"
    LIKING = "liking"
    NEWEST = "newest"


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. `company` in any case of letters; nothing named is everybody."""

    search: str = ""
    warmth: Warmth | None = None
    company: str = ""
    kind: Kind | None = None


@dataclass(frozen=True)
class Counts:
    """How many friends each filter would show beside the other ones: companies by size, the largest only.

    A company is written as one of its friends writes it. `friends` is everybody, whatever the filters say.
    """

    friends: int
    found: int
    by_warmth: tuple[tuple[Warmth, int], ...]
    by_kind: tuple[tuple[Kind, int], ...]
    by_company: tuple[tuple[str, int], ...]

    @property
    def any_warmth(self) -> int:
        """How many there are of any warmth."""
        return sum(count for _, count in self.by_warmth)


def list_friends(
    owner: Owner,
    search: str = "",
    warmth: Warmth | None = None,
    order: Order = Order.SILENCE,
    limit: int | None = None,
    offset: int = 0,
    company: str = "",
    kind: Kind | None = None,
) -> list[FriendRow]:
    """The owner's friends, the longest silent first unless told otherwise; `limit` None lists them all."""
    today = owner.today()
    fits = _fits(Wanted(search, warmth, company, kind), owner, today)
    query = select_friends(owner).where(*fits).order_by(*_SORTED[order], Friend.id).limit(limit).offset(offset)
    return [friend_row(row, owner, today) for row in db.session.execute(query)]


_SORTED = {
    Order.SILENCE: (quiet_since().asc().nulls_last(), func.lower(Friend.name)),
    Order.NAME: (func.lower(Friend.name),),
    Order.LIKING: (Friend.liking.desc(), func.lower(Friend.name)),
    Order.NEWEST: (Friend.created_at.desc(), Friend.number.desc()),
}


def _fits(wanted: Wanted, owner: Owner, today: date) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.search:
        conditions.append(named_like(wanted.search))
    if wanted.warmth is not None:
        conditions.append(_state(owner, today) == wanted.warmth.value)
    if wanted.company:
        conditions.append(func.lower(Friend.company) == func.lower(wanted.company))
    if wanted.kind is not None:
        conditions.append(Friend.kind == wanted.kind.value)
    return conditions


def _state(owner: Owner, today: date) -> ColumnElement[str]:
    """A friend's state of warmth, as `rules.warmth_state` says, in SQL so that a page is a page."""
    states = [(quiet_since() >= _coldest_day(state, owner, today), state.value) for state in _AT_LEAST]
    return case((quiet_since().is_(None), Warmth.HIBERNATING.value), *states, else_=Warmth.FADING.value)


_AT_LEAST = {Warmth.AWAKE: AWAKE_FROM, Warmth.DROWSY: DROWSY_FROM, Warmth.HIBERNATING: HIBERNATING_FROM}


def _coldest_day(state: Warmth, owner: Owner, today: date) -> date:
    return today - timedelta(days=days_within(_AT_LEAST[state], owner.half_life_days))


def count_friends(owner: Owner, wanted: Wanted) -> Counts:
    """How many friends each filter would show, the other filters kept: one statement."""
    today = owner.today()

    def counted(of: str, value: Any, key: Any, without: Wanted) -> Select[str, str, int]:
        named = select(literal(of).label("of"), value.label("value"), func.count().label("friends"))
        return named.where(owned_by(owner, Friend), *_fits(without, owner, today)).group_by(key)

    state, company = _state(owner, today), func.lower(Friend.company)
    largest = counted("company", func.min(Friend.company), company, replace(wanted, company=""))
    largest = largest.where(Friend.company != "").order_by(func.count().desc(), company).limit(MOST_COMPANIES)
    query = union_all(
        counted("warmth", state, state, replace(wanted, warmth=None)),
        counted("kind", Friend.kind, Friend.kind, replace(wanted, kind=None)),
        select(largest.subquery()),
        select(literal("all"), literal(""), func.count()).where(owned_by(owner, Friend)),
    )
    rows = db.session.execute(query).all()
    counts: dict[str, dict[str, int]] = {"warmth": {}, "kind": {}, "company": {}, "all": {}}
    for of, value, count in rows:
        counts[of][value] = count
    return _counts(wanted, counts)


def _counts(wanted: Wanted, counts: dict[str, dict[str, int]]) -> Counts:
    by_warmth = tuple((state, counts["warmth"].get(state.value, 0)) for state in Warmth)
    found = sum(count for state, count in by_warmth if wanted.warmth in (None, state))
    by_kind = tuple((kind, counts["kind"][kind.value]) for kind in Kind if kind.value in counts["kind"])
    return Counts(counts["all"][""], found, by_warmth, by_kind, tuple(counts["company"].items()))


def friends_version(client_id: UUID | None) -> str | None:
    """All that the list of a client's friends is made of, as one word that changes with it, and on their next day."""
    asked = {"practice": current_practice(), "client": client_id}
    version, zone = db.session.execute(_VERSION, asked).one()
    return f"{version} {local_day(clock.now(), ZoneInfo(zone))}" if zone else None
