"""How long clients take from one step of a month to the next."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Date, DateTime, Double, Text, and_, any_, case, cast, column, func, literal, select

from coachhub.clients.models import Client
from coachhub.habits.models import Assignment, Cycle
from coachhub.habits.rules import Month
from coachhub.platform.db import Ids, db
from coachhub.platform.tenancy import current_practice

_A_DAY = 86400
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Pace:
    """The median of days until a step was taken, and of how many months; None where it was taken in none."""

    days: float | None
    months: int


def paces(
    client_ids: Collection[UUID], months_in: Callable[[ZoneInfo], Sequence[Month]], habit_id: UUID | None = None
) -> tuple[Pace, Pace, Pace, Pace, Pace]:
    """For each of the five steps, from the step before it; for the first one, from the beginning of the month.

    `months_in` says which months are meant where clients live. Of those with a habit in which both steps were taken, in
    this order. To the meetup, of months with one: of several only the last is known. A plan made before its month took
    no time. Two statements.
    """
    zones = list(db.session.scalars(select(Client.time_zone).distinct().where(*_these(client_ids))))
    begins = _beginnings(zones, months_in)
    columns = [column for pair in _steps(begins.c.starts_at) for column in _median(*pair)]
    is_cycles = and_(Assignment.practice_id == Cycle.practice_id, Assignment.id == Cycle.assignment_id)
    query = (
        select(*columns)
        .select_from(Cycle)
        .join(Client, and_(Client.practice_id == Cycle.practice_id, Client.id == Cycle.client_id))
        .join(begins, and_(begins.c.zone == Client.time_zone, begins.c.month == Cycle.month))
        .join(Assignment, is_cycles)
        .where(Cycle.practice_id == current_practice(), *_these(client_ids))
        .where(Assignment.from_month <= Cycle.month)
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Cycle.month))
    )
    if habit_id is not None:
        query = query.where(Assignment.habit_id == habit_id)
    row = db.session.execute(query).one()
    first, second, third, fourth, fifth = (Pace(row[place], row[place + 1]) for place in range(0, 10, 2))
    return first, second, third, fourth, fifth


def _these(client_ids: Collection[UUID]) -> tuple[Any, ...]:
    return (Client.practice_id == current_practice(), Client.id == any_(literal(list(client_ids), Ids())))


def _beginnings(keys_of_zones: Sequence[str], months_in: Callable[[ZoneInfo], Sequence[Month]]) -> Any:
    """When each month begins in each zone: by the pinned tzdata, which the database's own zones may lag behind."""
    zones = map(ZoneInfo, keys_of_zones)
    rows = [(zone.key, month.first_day(), month.starts_at(zone)) for zone in zones for month in months_in(zone)]
    keys, days, instants = (list(each) for each in zip(*rows, strict=True)) if rows else ([], [], [])
    return (
        func.unnest(
            literal(keys, ARRAY(Text)), literal(days, ARRAY(Date)), literal(instants, ARRAY(DateTime(timezone=True)))
        )
        .table_valued(column("zone", Text), column("month", Date), column("starts_at", DateTime(timezone=True)))
        .render_derived(name="begins")
    )


def _steps(starts_at: Any) -> list[tuple[Any, Any]]:
    met_at = case((Cycle.held == 1, Cycle.last_held_at))
    return [
        (starts_at, func.greatest(Cycle.committed_at, case((Cycle.committed_at.isnot(None), starts_at)))),
        (Cycle.committed_at, Cycle.chosen_at),
        (Cycle.chosen_at, Cycle.invited_at),
        (Cycle.invited_at, Cycle.agreed_at),
        (Cycle.agreed_at, met_at),
    ]


def _median(before: Any, at: Any) -> tuple[Any, Any]:
    took: Any = cast(func.extract("epoch", at - before) / _A_DAY, Double)
    in_order = and_(at.isnot(None), before.isnot(None), at >= before)
    return func.percentile_cont(_HALF).within_group(took).filter(in_order), func.count().filter(in_order)
