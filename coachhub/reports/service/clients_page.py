"""One page of the list of clients: filtered, searched, sorted by the database, from the standings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.rules import Standing, plain
from coachhub.reports.service.standings import refresh_standings

A_PAGE = 50


@dataclass(frozen=True)
class ClientsQuery:
    """What the address of the list asks for.

    `not_chosen`: who has chosen nobody yet this month; `in_need`: who needs the coach. `sort` is a heading, with a
    minus in front for the other way.
    """

    status: Standing | None = None
    coach_id: UUID | None = None
    words: str = ""
    not_chosen: bool = False
    in_need: bool = False
    sort: str = "name"
    page: int = 1

    @property
    def heading(self) -> str:
        """The heading that is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the largest comes first."""
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in the list. Without a habit `stage` is empty and `strength` -1; `year` has a digit 0..3 a month."""

    id: str
    name: str
    standing: str
    stage: str
    strength: int
    year: str
    met_at: str | None
    time_zone: str
    session_at: str | None


@dataclass(frozen=True, slots=True)
class CoachRow:
    """Somebody who works in the practice."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A filter that the coach has kept under a name."""

    id: UUID
    name: str
    query: str


@dataclass(frozen=True)
class ClientsPage:
    """Fifty rows at most. `counts` says how many stand where, with the coach and the words but no other filter.

    `not_chosen` is how many of these have chosen nobody yet, `in_need` how many need the coach.
    """

    rows: Sequence[ClientRow]
    found: int
    has_more: bool
    counts: Mapping[Standing, int]
    not_chosen: int
    in_need: int
    is_empty_practice: bool
    team: Sequence[CoachRow]
    saved: Sequence[SavedRow]


SORTS: Mapping[str, str] = {
    "name": "words",
    "status": "standing_order",
    "stage": "stage_order",
    "strength": "strength",
    "met": "coalesce(met_at, '-infinity')",
    "session": "coalesce(session_at, 'infinity')",
}
LARGEST_FIRST = frozenset({"stage", "strength", "met"})

_MINE = (
    "select * from standings where practice_id = :practice_id and standing <> '' "
    "and (cast(:coach_id as uuid) is null or coach_id = :coach_id) and words like all (cast(:like as text[]))"
)
_STANDS_THERE = (
    "(standing = cast(:status as text) or (cast(:status as text) is null and standing <> 'archived')) "
    "and (has_not_chosen or not :not_chosen) and (need is not null or not :in_need)"
)
_PAGE = """
with mine as materialized ({mine}), found as (select * from mine where {stands_there}),
page as (select * from found order by {order} limit :most offset :skip)
select
    (select json_agg(json_build_array(client_id, name, standing, stage, strength, year, met_at, time_zone, session_at))
        from page) as rows,
    (select count(*) from found) as found,
    (select json_object_agg(standing, n) from (select standing, count(*) as n from mine group by standing) s) as counts,
    (select count(*) from mine where has_not_chosen) as not_chosen,
    (select count(*) from mine where need is not null and standing <> 'archived') as in_need,
    not exists (select from standings where practice_id = :practice_id) as is_empty_practice,
    (select json_agg(json_build_array(u.id, u.name) order by u.name, u.id) from memberships m
        join users u on u.id = m.user_id where m.practice_id = :practice_id and m.role <> 'client') as team,
    (select json_agg(json_build_array(id, name, query) order by lower(name), id) from saved_filters
        where practice_id = :practice_id and user_id = :user_id) as saved
"""
_EVERYBODY = "select client_id from ({mine}) mine where {stands_there} order by words, client_id"


def clients_page(query: ClientsQuery, user_id: UUID) -> ClientsPage:
    """The clients that the query asks for; archived ones only where it asks for them by status.

    `user_id` is who looks: their own filters come along. Two statements, where every standing is good.
    """
    refresh_standings(clock.now())
    skip = (query.page - 1) * A_PAGE
    asked = _parameters(query) | {"user_id": user_id, "most": A_PAGE, "skip": skip}
    row = db.session.execute(_statement(_PAGE, query), asked).one()
    rows = [ClientRow(*values) for values in row.rows or ()]
    counts = {Standing(standing): count for standing, count in (row.counts or {}).items()}
    return ClientsPage(
        rows=rows,
        found=row.found,
        has_more=skip + A_PAGE < row.found,
        counts=dict.fromkeys(Standing, 0) | counts,
        not_chosen=row.not_chosen,
        in_need=row.in_need,
        is_empty_practice=row.is_empty_practice,
        team=[CoachRow(UUID(user_id), name) for user_id, name in row.team or ()],
        saved=[SavedRow(UUID(saved_id), name, asked) for saved_id, name, asked in row.saved or ()],
    )


def ids_found(query: ClientsQuery) -> list[UUID]:
    """Every client that the query asks for, on all of its pages, by name."""
    refresh_standings(clock.now())
    return list(db.session.scalars(_statement(_EVERYBODY, query), _parameters(query)))


def _statement(written: str, query: ClientsQuery) -> TextClause:
    """The order is one of our own: nothing that somebody typed is in it."""
    way = "desc" if query.is_descending else "asc"
    order = f"{SORTS.get(query.heading, SORTS['name'])} {way}, words, client_id"
    return text(written.format(mine=_MINE, stands_there=_STANDS_THERE, order=order))


def _parameters(query: ClientsQuery) -> dict[str, Any]:
    return {
        "practice_id": current_practice(),
        "coach_id": query.coach_id,
        "like": [f"%{_literally(word)}%" for word in plain(query.words).split()],
        "status": query.status.value if query.status else None,
        "not_chosen": query.not_chosen,
        "in_need": query.in_need,
    }


def _literally(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def instant(written: str) -> datetime:
    """An instant as the database writes it into JSON."""
    return datetime.fromisoformat(written)
