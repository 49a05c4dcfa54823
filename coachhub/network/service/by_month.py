"""The networks of many clients by month, in numbers without names: for those who work in the practice.

They ask the narrow functions of the schema `lookup`, which count and tell no row of anybody's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date, Double, Integer, Uuid, column, func, literal, select

from coachhub.accounts.models import Practice
from coachhub.network.rules import UNKNOWN_WARMTH
from coachhub.platform.db import Ids, db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class NetworkMonth:
    """A client's network at the end of a month (its first day), or now in the running one: as `rules.strengths`."""

    client_id: UUID
    month: date
    strength: float
    friends: int


@dataclass(frozen=True, slots=True)
class ReplyMonth:
    """The friends to whom a client wrote in a month (its first day): so many of them answered, were met after that."""

    client_id: UUID
    month: date
    written: int
    answered: int
    met_again: int


def networks_by_month(client_ids: Collection[UUID], firsts: Sequence[date], now: datetime) -> list[NetworkMonth]:
    """Each client's network at the end of each of these months, in order, without a gap; by the facts of that day.

    A month without a friend is left out. Answers nothing to those who do not work in the practice. One statement.
    """
    half_life = select(Practice.half_life_days).where(Practice.id == current_practice()).scalar_subquery()
    found = func.lookup.network_by_month(
        literal(list(client_ids), Ids()), literal(list(firsts), ARRAY(Date)), now, half_life, UNKNOWN_WARMTH
    ).table_valued(
        column("client_id", Uuid), column("month", Date), column("strength", Double), column("friends", Integer)
    )
    return [NetworkMonth(*row) for row in db.session.execute(select(*found.c))]


def replies_by_month(client_ids: Collection[UUID], since: date, now: datetime) -> list[ReplyMonth]:
    """What became of the messages of each month from `since` on, its first day. One statement; else as above."""
    found = func.lookup.replies_by_month(literal(list(client_ids), Ids()), since, now).table_valued(
        column("client_id", Uuid),
        column("month", Date),
        *(column(name, Integer) for name in ("written", "answered", "met_again")),
    )
    return [ReplyMonth(*row) for row in db.session.execute(select(*found.c))]
