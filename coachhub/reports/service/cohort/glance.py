"""Clients by months at a glance: as the standings have their year, so that nobody's months are read and judged again.

The standings know the twelve months that end with the running one of each client, whatever habit they were given to.
Where the page asks for others, or somebody's year is not there, the months are read.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Uuid, any_, bindparam, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.habits.rules import Month, MonthKind
from coachhub.habits.service.histories import histories_in, months_among, number_of
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import ClientStanding
from coachhub.reports.rules.years import NO_HABIT, kinds_of_year
from coachhub.reports.service.cohort.choices import choices_told
from coachhub.reports.service.cohort.heat import (
    A_PAGE,
    A_YEAR,
    HeatPage,
    HeatQuery,
    HeatRow,
    cells_of,
    heat_page,
    in_months,
    kinds_of,
    page_of,
)
from coachhub.reports.service.standings import read_fresh

_READ = text(
    "select cohort_read(:practice_id, :now_is, cast(:made as json), :coach, :archived, :this, :begun_since, "
    ":begun_until, :heading, :way, :most, :skipped)"
)
_PRACTICE = bindparam("practice", type_=Uuid())
_FEW = (
    select(ClientStanding.client_id, ClientStanding.time_zone, literal(0).label("place"))
    .where(ClientStanding.practice_id == _PRACTICE)
    .where(ClientStanding.client_id == any_(bindparam("few", type_=ARRAY(Uuid()))))
    .subquery("few")
)
_MONTHS_OF_FEW = months_among(_FEW, _PRACTICE, None, bindparam("since", type_=Date()))

Kinds = tuple[MonthKind | None, ...]


class _Read(NamedTuple):
    """A client of the page as the database tells it: `year` has a letter a month, and none where nobody knows them."""

    client_id: str
    name: str
    began: str
    strength: int
    time_zone: str
    year: str


def glance_page(query: HeatQuery, now: datetime) -> HeatPage:
    """The page asked for, for those who look at strips. One statement, and one more where some years are not there."""
    if query.until != query.this or query.group.habit_id is not None:
        return heat_page(query, now)
    rows, found, beginnings, choices = read_fresh(_READ, _asked(query), now)
    shown = _rows([_Read(*row) for row in rows or ()], query, now)
    return page_of(query, shown, found, in_months(beginnings), choices=choices_told(*choices))


def _asked(query: HeatQuery) -> dict[str, Any]:
    begun_since, begun_until = query.begun
    return {
        "coach": query.group.coach_id,
        "archived": query.archived,
        "this": query.this.first_day(),
        "begun_since": begun_since,
        "begun_until": begun_until,
        "heading": query.sort.removeprefix("-"),
        "way": -1 if query.sort.startswith("-") else 1,
        "most": A_PAGE,
        "skipped": (query.page - 1) * A_PAGE,
    }


def _rows(read: Sequence[_Read], query: HeatQuery, now: datetime) -> Iterator[HeatRow]:
    """A row each. In the zone of some the month of the page is still to come, or over already."""
    behind = {zone: _behind(zone, query, now) for zone in {row.time_zone for row in read}}
    few = [row.client_id for row in read if not row.year or behind[row.time_zone] < 0]
    months = _months_of(few, query, now) if few else {}
    for row in read:
        kinds = months.get(row.client_id) or _year_to(row.year, behind[row.time_zone])
        yield HeatRow(row.client_id, row.name, _month(row.began), row.strength, kinds)


def _behind(zone: str, query: HeatQuery, now: datetime) -> int:
    """By how many months the running one there comes before the last one of the page."""
    return number_of(query.until) - number_of(Month.local(now, ZoneInfo(zone)))


@lru_cache(maxsize=16_384)
def _year_to(year: str, behind: int) -> Kinds:
    """The twelve months that end so many after the running one of the client."""
    return kinds_of_year((year + NO_HABIT * behind)[-A_YEAR:].rjust(A_YEAR, NO_HABIT))


def _months_of(few: Iterable[str], query: HeatQuery, now: datetime) -> dict[str, Kinds]:
    first = query.months[0]
    asked = {"practice": current_practice(), "few": list(map(UUID, few)), "since": first.first_day()}
    read = db.session.execute(_MONTHS_OF_FEW, asked).all()
    return {str(row.client_id): kinds_of(cells_of(history, query)) for row, history in histories_in(read, now, first)}


@lru_cache(maxsize=1024)
def _month(written: str) -> Month:
    return Month.parse(written[:7])
