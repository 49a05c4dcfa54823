"""Clients by months: how each month of each client went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import Date, Integer, Row, Select, Uuid, bindparam, case, exists, func, select

from coachhub.habits.models import Assignment
from coachhub.habits.rules import Lived, Month, MonthKind
from coachhub.habits.service.histories import History, histories_in, months_among, number_of
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import ClientStanding
from coachhub.reports.rules import Standing
from coachhub.reports.service.cohort.choices import Choices
from coachhub.reports.service.cohort.group import Group
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

    @property
    def months(self) -> tuple[Month, ...]:
        """The twelve months, oldest first."""
        return tuple(self.until.plus(back - A_YEAR + 1) for back in range(A_YEAR))

    @property
    def begun(self) -> tuple[date, date]:
        """The first and the last month in which who is shown began: after those shown nobody is on the page yet."""
        begun, last = self.group.begun, self.until.first_day()
        if begun is None:
            return date.min, last
        return date(begun.year, begun.month or 1, 1), min(last, date(begun.year, begun.month or A_YEAR, 1))


class HeatRow(NamedTuple):
    """A client's twelve months at a glance, oldest first; None where they had no habit. `strength` is that of now.

    `cells` are the same months in numbers, for the table; a page of strips does without.
    """

    client_id: UUID | str
    name: str
    began: Month
    strength: int
    kinds: tuple[MonthKind | None, ...]
    cells: tuple[Lived | None, ...] = ()


@lru_cache(maxsize=16_384)
def done_of(kinds: tuple[MonthKind | None, ...]) -> tuple[int, int]:
    """How many of these months are done, and of how many that are done or missed."""
    done = kinds.count(MonthKind.DONE) + kinds.count(MonthKind.TWICE)
    return done, done + kinds.count(MonthKind.MISSED) + kinds.count(MonthKind.PART)


@dataclass(frozen=True)
class HeatPage:
    """Two hundred clients at most, of `found`. `beginnings` are those of all of them, whenever they began.

    `choices` are there where they came along with the rows.
    """

    months: tuple[Month, ...]
    rows: tuple[HeatRow, ...]
    found: int
    has_more: bool
    has_earlier: bool
    beginnings: Mapping[Month, int]
    choices: Choices | None = None


def heat_page(query: HeatQuery, now: datetime, most: int | None = A_PAGE) -> HeatPage:
    """The page asked for; None as `most` asks for everybody.

    One statement, three where somebody's standing is good no longer, and one more where nobody is on the page.
    """
    read = _read(query, now, most)
    rows = [_row(row, cells_of(history, query)) for row, history in histories_in(read, now, query.months[0])]
    beginnings = in_months(read[0].beginnings) if read else _beginnings(query, now)
    return page_of(query, rows, read[0].found if read else 0, beginnings, most)


def page_of(
    query: HeatQuery,
    rows: Iterable[HeatRow],
    found: int,
    beginnings: Mapping[Month, int],
    most: int | None = A_PAGE,
    choices: Choices | None = None,
) -> HeatPage:
    """The page of these rows, which are the ones asked for."""
    return HeatPage(
        months=query.months,
        rows=tuple(rows),
        found=found,
        has_more=most is not None and query.page * most < found,
        has_earlier=any(began < query.months[0] for began in beginnings),
        beginnings=beginnings,
        choices=choices,
    )


def cells_of(history: History, query: HeatQuery) -> tuple[Lived | None, ...]:
    """The twelve months that the page shows of a client."""
    last = number_of(query.until)
    return tuple(map(history.months.get, range(last - A_YEAR + 1, last + 1)))


def kinds_of(cells: Iterable[Lived | None]) -> tuple[MonthKind | None, ...]:
    """Each month at a glance."""
    return tuple([cell.kind if cell else None for cell in cells])


def _row(row: Row[Any], cells: tuple[Lived | None, ...]) -> HeatRow:
    return HeatRow(row.client_id, row.name, _month(row.began), row.strength, kinds_of(cells), cells)


def _read(query: HeatQuery, now: datetime, most: int | None) -> Sequence[Row[Any]]:
    """The rows of the page. Where a standing is good no longer, they are made good and the page is read again."""
    asked = _asked(query, now, most)
    rows = db.session.execute(_page(_Shape.of(query)), asked).all()
    if (not rows or rows[0].is_stale) and refresh_standings(now):
        rows = db.session.execute(_page(_Shape.of(query)), asked).all()
    return rows


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


def _asked(query: HeatQuery, now: datetime, most: int | None) -> dict[str, Any]:
    """The parameters of a statement."""
    begun_since, begun_until = query.begun
    return {
        "practice": current_practice(),
        "coach": query.group.coach_id,
        "habit": query.group.habit_id,
        "now": now,
        "this": query.this.first_day(),
        "since": query.until.plus(1 - A_YEAR).first_day(),
        "begun_since": begun_since,
        "begun_until": begun_until,
        "most": most,
        "skipped": (query.page - 1) * most if most else 0,
    }


_PRACTICE, _HABIT, _COACH = (bindparam(name, type_=Uuid()) for name in ("practice", "habit", "coach"))
_THIS, _SINCE, _BEGUN_SINCE, _BEGUN_UNTIL = (
    bindparam(name, type_=Date()) for name in ("this", "since", "begun_since", "begun_until")
)
_MOST, _SKIPPED = (bindparam(name, type_=Integer()) for name in ("most", "skipped"))


@lru_cache(maxsize=64)
def _page(shape: _Shape) -> Select[*tuple[Any, ...]]:
    """The clients of a page with their months. Putting it together takes a third as long as running it: so once.

    The first row has `beginnings`, of everybody whenever they began, and every row whether a standing `is_stale`.
    """
    everybody = _everybody(shape).cte("everybody")
    order = (*_order(shape.sort, everybody.c), everybody.c.client_id)
    clients = (
        select(everybody, func.count().over().label("found"), func.row_number().over(order_by=order).label("place"))
        .where(everybody.c.began.between(_BEGUN_SINCE, _BEGUN_UNTIL))
        .order_by(*order)
        .limit(_MOST)
        .offset(_SKIPPED)
        .cte("page")
    )
    here = (ClientStanding.practice_id == _PRACTICE, ClientStanding.fresh_until <= bindparam("now"))
    return months_among(clients, _PRACTICE, _HABIT if shape.of_habit else None, _SINCE).add_columns(
        case((clients.c.place == _SKIPPED + 1, _counted(everybody))).label("beginnings"),
        exists(select(ClientStanding.client_id).where(*here)).label("is_stale"),
    )


def _everybody(shape: _Shape) -> Select[*tuple[Any, ...]]:
    """All who have begun, with when they did: the first month with the habit, or with the one that is asked for."""
    began = func.min(Assignment.from_month).label("began")
    chosen = (
        select(Assignment.client_id, began)
        .where(Assignment.practice_id == _PRACTICE, Assignment.from_month <= _THIS)
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Assignment.from_month))
        .group_by(Assignment.client_id)
    )
    begun = (chosen.where(Assignment.habit_id == _HABIT) if shape.of_habit else chosen).subquery("begun")
    columns = (ClientStanding.name, ClientStanding.words, ClientStanding.strength, ClientStanding.time_zone)
    return (
        select(ClientStanding.client_id, *columns, begun.c.began)
        .join(begun, begun.c.client_id == ClientStanding.client_id)
        .where(*_of(shape))
    )


def _counted(everybody: Any) -> Any:
    by_month = select(everybody.c.began, func.count().label("clients")).group_by(everybody.c.began).subquery()
    return select(func.json_object_agg(by_month.c.began, by_month.c.clients)).scalar_subquery()


@lru_cache(maxsize=64)
def _all_beginnings(shape: _Shape) -> Select[*tuple[Any, ...]]:
    return select(_counted(_everybody(shape).cte("everybody")))


def _beginnings(query: HeatQuery, now: datetime) -> dict[Month, int]:
    return in_months(db.session.scalar(_all_beginnings(_Shape.of(query)), _asked(query, now, None)))


def in_months(counted: Mapping[str, int] | None) -> dict[Month, int]:
    """How many began in each month, newest first."""
    found = {Month.of(date.fromisoformat(day)): count for day, count in (counted or {}).items()}
    return dict(sorted(found.items(), reverse=True))


def _of(shape: _Shape) -> tuple[Any, ...]:
    """By what the standings say."""
    gone = [Standing.INVITED] if shape.archived else [Standing.INVITED, Standing.ARCHIVED]
    of_coach = (ClientStanding.coach_id == _COACH,) if shape.of_coach else ()
    is_there = (ClientStanding.standing != standing for standing in gone)
    return (ClientStanding.practice_id == _PRACTICE, *is_there, *of_coach)


def _order(sort: str, columns: Any) -> tuple[Any, ...]:
    heading = {"begun": columns.began, "strength": columns.strength}.get(sort.removeprefix("-"), columns.words)
    return (heading.desc() if sort.startswith("-") else heading, columns.words)
