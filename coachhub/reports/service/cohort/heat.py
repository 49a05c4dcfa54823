"""Clients by months: how each month of each client went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import Date, Integer, Select, Uuid, bindparam, func, select

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment
from coachhub.habits.rules import Lived, Month, MonthKind
from coachhub.habits.service.histories import histories_in, months_among, number_of
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import ClientStanding
from coachhub.reports.service.cohort.group import Group, newest_first
from coachhub.reports.service.standings import refresh_standings

A_PAGE = 200
A_YEAR = 12
SORTS = ("name", "begun", "strength")


@dataclass(frozen=True, slots=True)
class HeatQuery:
    """Which part of the heat-map: the twelve months up to `until`, the page from 1, and its order.

    `this` is the running month. `sort` is a heading, with a minus in front for the other way. With `archived`, those in
    the archive are shown, too.
    """

    group: Group
    until: Month
    this: Month
    sort: str = "name"
    page: int = 1
    archived: bool = False


class HeatRow(NamedTuple):
    """A client's twelve months, and each of them at a glance; None where they had no habit. `strength` is that of now.

    `done` of `counted` months were done, those that are done or missed.
    """

    client_id: UUID
    name: str
    began: Month
    strength: int
    cells: tuple[Lived | None, ...]
    kinds: tuple[MonthKind | None, ...]
    done: int
    counted: int


@dataclass(frozen=True)
class HeatPage:
    """Two hundred clients at most, of `found`. `beginnings` are those of all of them, whenever they began."""

    months: tuple[Month, ...]
    rows: tuple[HeatRow, ...]
    found: int
    has_more: bool
    has_earlier: bool
    beginnings: Mapping[Month, int]


def heat_page(query: HeatQuery, now: datetime, most: int | None = A_PAGE) -> HeatPage:
    """The page asked for; None as `most` asks for everybody. Three statements, two where the page is all there is."""
    refresh_standings(now)
    months = tuple(query.until.plus(back - A_YEAR + 1) for back in range(A_YEAR))
    found = histories_in(db.session.execute(_page(_Shape.of(query)), _asked(query, most)), now, months[0])
    numbers = range(number_of(months[0]), number_of(months[-1]) + 1)
    rows = tuple(_row(row, history.months, numbers) for row, history in found)
    total = found[0][0].found if found else 0
    is_everybody = total == len(rows) > 0 and query.group.begun is None and query.until >= query.this
    beginnings = newest_first(row.began for row in rows) if is_everybody else _beginnings(query)
    return HeatPage(
        months=months,
        rows=rows,
        found=total,
        has_more=most is not None and query.page * most < total,
        has_earlier=any(began < months[0] for began in beginnings),
        beginnings=beginnings,
    )


def _row(row: Any, lived: Mapping[int, Lived], numbers: range) -> HeatRow:
    cells = tuple(map(lived.get, numbers))
    kinds = [cell.kind if cell else None for cell in cells]
    done = kinds.count(MonthKind.DONE) + kinds.count(MonthKind.TWICE)
    counted = done + kinds.count(MonthKind.MISSED) + kinds.count(MonthKind.PART)
    return HeatRow(row.client_id, row.name, _month(row.began), row.strength, cells, tuple(kinds), done, counted)


@lru_cache(maxsize=1024)
def _month(day: date) -> Month:
    return Month.of(day)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What makes two statements different in more than their parameters."""

    of_coach: bool
    of_habit: bool
    sort: str
    archived: bool

    @classmethod
    def of(cls, query: HeatQuery) -> Self:
        group = query.group
        return cls(group.coach_id is not None, group.habit_id is not None, query.sort, query.archived)


def _asked(query: HeatQuery, most: int | None) -> dict[str, Any]:
    """The parameters of `_page`."""
    begun = query.group.begun
    first, last = query.until.plus(1 - A_YEAR), query.until
    return {
        "practice": current_practice(),
        "coach": query.group.coach_id,
        "habit": query.group.habit_id,
        "since": first.first_day(),
        "begun_since": date(begun.year, begun.month or 1, 1) if begun else date.min,
        "begun_until": min(last.first_day(), date(begun.year, begun.month or A_YEAR, 1) if begun else date.max),
        "most": most,
        "skipped": (query.page - 1) * most if most else 0,
    }


_PRACTICE, _HABIT = bindparam("practice", type_=Uuid()), bindparam("habit", type_=Uuid())
_BEGUN_SINCE, _BEGUN_UNTIL = bindparam("begun_since", type_=Date()), bindparam("begun_until", type_=Date())


@lru_cache(maxsize=64)
def _page(shape: _Shape) -> Select[*tuple[Any, ...]]:
    """The clients of a page with their months. Putting it together takes a third as long as running it: so once."""
    begun = _first_months(shape)
    order = (*_order(shape.sort, begun.c.began), ClientStanding.client_id)
    standing = (ClientStanding.practice_id == Client.practice_id) & (ClientStanding.client_id == Client.id)
    clients = (
        select(ClientStanding.client_id, ClientStanding.name, ClientStanding.strength)
        .add_columns(Client.time_zone, Client.rests_since, begun.c.began)
        .add_columns(func.count().over().label("found"), func.row_number().over(order_by=order).label("place"))
        .select_from(Client)
        .join(ClientStanding, standing)
        .join(begun, begun.c.client_id == Client.id)
        .where(begun.c.began.between(_BEGUN_SINCE, _BEGUN_UNTIL), *_of(shape))
        .order_by(*order)
        .limit(bindparam("most", type_=Integer()))
        .offset(bindparam("skipped", type_=Integer()))
    )
    habit = _HABIT if shape.of_habit else None
    return months_among(clients.cte("page"), _PRACTICE, habit, bindparam("since", type_=Date()))


@lru_cache(maxsize=64)
def _all_beginnings(shape: _Shape) -> Select[*tuple[Any, ...]]:
    begun = _first_months(shape)
    chosen = select(begun.c.began, func.count()).select_from(Client).join(begun, begun.c.client_id == Client.id)
    return chosen.where(begun.c.began <= _BEGUN_UNTIL, *_of(shape)).group_by(begun.c.began)


def _beginnings(query: HeatQuery) -> dict[Month, int]:
    """How many began in each month up to the running one, whichever page is shown."""
    everybody = replace(query, until=query.this, group=replace(query.group, begun=None))
    rows = db.session.execute(_all_beginnings(_Shape.of(query)), _asked(everybody, None)).all()
    return newest_first(Month.of(began) for began, count in rows for _ in range(count))


def _first_months(shape: _Shape) -> Any:
    """When each client began: the first month with the habit, or with the one that is asked for."""
    began = func.min(Assignment.from_month).label("began")
    chosen = (
        select(Assignment.client_id, began)
        .where(Assignment.practice_id == _PRACTICE)
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Assignment.from_month))
        .group_by(Assignment.client_id)
    )
    return (chosen.where(Assignment.habit_id == _HABIT) if shape.of_habit else chosen).subquery("begun")


def _of(shape: _Shape) -> tuple[Any, ...]:
    gone = [ClientStatus.INVITED] if shape.archived else [ClientStatus.INVITED, ClientStatus.ARCHIVED]
    of_coach = (Client.coach_id == bindparam("coach", type_=Uuid()),) if shape.of_coach else ()
    return (Client.practice_id == _PRACTICE, *(Client.status != status for status in gone), *of_coach)


def _order(sort: str, began: Any) -> tuple[Any, ...]:
    columns: dict[str, Any] = {"name": ClientStanding.words, "begun": began, "strength": ClientStanding.strength}
    column = columns.get(sort.removeprefix("-"), ClientStanding.words)
    return (column.desc() if sort.startswith("-") else column, ClientStanding.words)
