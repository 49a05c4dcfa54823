"""Friends who may be one person twice, found in one reading of the owner's friends."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from coachhub.network.models import Friend
from coachhub.network.rules.doubles import Double, Known, Same, possible_doubles
from coachhub.network.service.friend_rows import FriendRow, friend_row, select_friends
from coachhub.network.service.owner import Owner, owned_by
from coachhub.platform.db import db

PAGE = 50

__all__ = ["PAGE", "Pair", "Pairs", "Same", "doubles_of"]


@dataclass(frozen=True)
class Pair:
    """Two friends who may be one, the first who came before the second, and what they have in common."""

    first: FriendRow
    second: FriendRow
    same: Same


@dataclass(frozen=True)
class Pairs:
    """A page of pairs, and how many there are in all."""

    pairs: tuple[Pair, ...]
    total: int
    has_more: bool


def doubles_of(owner: Owner, page: int = 1) -> Pairs:
    """A page of the owner's possible doubles, the surest first; `page` counts from 1."""
    columns = (Friend.id, Friend.name, Friend.email, Friend.profile)
    query = select(*columns).where(owned_by(owner, Friend)).order_by(Friend.number, Friend.id)
    found = possible_doubles(Known(*row) for row in db.session.execute(query))
    shown = found[PAGE * (page - 1) : PAGE * page]
    friends = _friends(owner, {each for double in shown for each in (double.first_id, double.second_id)})
    pairs = tuple(_pair(double, friends) for double in shown)
    return Pairs(pairs, len(found), len(found) > PAGE * page)


def _friends(owner: Owner, ids: set[UUID]) -> dict[UUID, FriendRow]:
    if not ids:
        return {}
    today = owner.today()
    rows = db.session.execute(select_friends(owner).where(Friend.id.in_(ids)))
    return {row.id: friend_row(row, owner, today) for row in rows}


def _pair(double: Double, friends: dict[UUID, FriendRow]) -> Pair:
    return Pair(friends[double.first_id], friends[double.second_id], double.same)
