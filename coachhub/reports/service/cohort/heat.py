"""Clients by months: how each month of each client went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment
from coachhub.habits.rules import CycleResult, Lived, Month
from coachhub.habits.service.histories import Whose, histories, number_of
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

    `sort` is a heading, with a minus in front for the other way. With `archived`, those in the archive are shown, too.
    """

    group: Group
    until: Month
    sort: str = "name"
    page: int = 1
    archived: bool = False


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A client's twelve months, oldest first; None where they had no habit. `strength` is that of now.

    `done` of `counted` months were done, those that are done or missed.
    """

    client_id: UUID
    name: str
    began: Month
    strength: int
    cells: tuple[Lived | None, ...]
    done: int
    counted: int


@dataclass(frozen=True)
class HeatPage:
    """Two hundred clients at most, of `found`; `met` counts, month by month, how many of those shown were done."""

    months: tuple[Month, ...]
    rows: tuple[HeatRow, ...]
    found: int
    has_more: bool
    has_earlier: bool
    beginnings: Mapping[Month, int]


def heat_page(query: HeatQuery, now: datetime, most: int | None = A_PAGE) -> HeatPage:
    """The page asked for; None as `most` asks for everybody. Four statements."""
    refresh_standings(now)
    months = tuple(query.until.plus(back - A_YEAR + 1) for back in range(A_YEAR))
    beginnings = _beginnings(query)
    chosen = _clients(query, until=months[-1])
    if most is not None:
        chosen = chosen.limit(most).offset((query.page - 1) * most)
    found = db.session.execute(chosen).all()
    rows = _rows(query.group, found, months, now)
    total = found[0].found if found else 0
    return HeatPage(
        months=months,
        rows=rows,
        found=total,
        has_more=most is not None and query.page * most < total,
        has_earlier=any(began < months[0] for began in beginnings),
        beginnings=beginnings,
    )


def _rows(group: Group, found: Any, months: tuple[Month, ...], now: datetime) -> tuple[HeatRow, ...]:
    whose = Whose(habit_id=group.habit_id, client_ids=[row.client_id for row in found])
    lived = {each.client_id: each.months for each in histories(whose, now, since=months[0])}
    numbers = range(number_of(months[0]), number_of(months[-1]) + 1)
    return tuple(_row(row, lived.get(row.client_id, {}), numbers) for row in found)


def _row(row: Any, lived: Mapping[int, Lived], numbers: range) -> HeatRow:
    cells = tuple(map(lived.get, numbers))
    results = [cell.result for cell in cells if cell is not None]
    done = results.count(CycleResult.DONE)
    counted = done + results.count(CycleResult.MISSED)
    return HeatRow(row.client_id, row.name, Month.of(row.began), row.strength, cells, done, counted)


def _first_months(query: HeatQuery) -> Any:
    """When each client began: the first month with the habit, or with the one that is asked for."""
    began = func.min(Assignment.from_month).label("began")
    chosen = (
        select(Assignment.client_id, began)
        .where(Assignment.practice_id == current_practice())
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Assignment.from_month))
        .group_by(Assignment.client_id)
    )
    if query.group.habit_id is not None:
        chosen = chosen.where(Assignment.habit_id == query.group.habit_id)
    return chosen.subquery("begun")


def _of(chosen: Select[*tuple[Any, ...]], query: HeatQuery) -> Select[*tuple[Any, ...]]:
    chosen = chosen.where(Client.practice_id == current_practice(), Client.status != ClientStatus.INVITED)
    if not query.archived:
        chosen = chosen.where(Client.status != ClientStatus.ARCHIVED)
    if query.group.coach_id is not None:
        chosen = chosen.where(Client.coach_id == query.group.coach_id)
    return chosen


def _beginnings(query: HeatQuery) -> dict[Month, int]:
    begun = _first_months(query)
    chosen = select(begun.c.began, func.count()).select_from(Client).join(begun, begun.c.client_id == Client.id)
    rows = db.session.execute(_of(chosen, query).group_by(begun.c.began)).all()
    return newest_first(Month.of(began) for began, count in rows for _ in range(count))


def _clients(query: HeatQuery, until: Month) -> Select[*tuple[Any, ...]]:
    """Who had begun at the end of the months shown, with how many they are."""
    begun = _first_months(query)
    standing = (ClientStanding.practice_id == Client.practice_id) & (ClientStanding.client_id == Client.id)
    chosen = (
        select(
            ClientStanding.client_id,
            ClientStanding.name,
            ClientStanding.strength,
            begun.c.began,
            func.count().over().label("found"),
        )
        .select_from(Client)
        .join(ClientStanding, standing)
        .join(begun, begun.c.client_id == Client.id)
        .where(begun.c.began <= until.first_day())
    )
    if query.group.begun is not None:
        chosen = chosen.where(begun.c.began.between(*_days(query.group.begun.year, query.group.begun.month)))
    return _of(chosen, query).order_by(*_order(query.sort, begun.c.began), ClientStanding.client_id)


def _days(year: int, month: int | None) -> tuple[date, date]:
    return date(year, month or 1, 1), date(year, month or A_YEAR, 1)


def _order(sort: str, began: Any) -> tuple[Any, ...]:
    columns: dict[str, Any] = {"name": ClientStanding.words, "begun": began, "strength": ClientStanding.strength}
    column = columns.get(sort.removeprefix("-"), ClientStanding.words)
    return (column.desc() if sort.startswith("-") else column, ClientStanding.words)
