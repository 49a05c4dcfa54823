"""What is read of clients' habits: their assignments with all months, for any number of clients in one statement.

Reads only what has no names in it, so the coach, a worker and the client all see the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Row, Select, Uuid, any_, bindparam, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, AssignmentPause, Cycle
from coachhub.habits.rules import CycleFacts, Month
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class Counted:
    """What a month's row counts."""

    held: int
    minutes: int
    moved_out: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """The months of an assignment, keyed by their first days, and what decides which of them count as what."""

    from_month: date
    ended_from: date | None
    target: int
    pauses: Collection[date]
    counted: Mapping[date, Counted]

    def covers(self, month: date) -> bool:
        """Whether the month that begins on this day is one of the assignment's."""
        return self.from_month <= month and (self.ended_from is None or month < self.ended_from)


@dataclass(frozen=True, slots=True)
class Run:
    """An assignment with its months; `steps`, keyed by first days too, only of the newest month or two."""

    id: UUID
    habit_id: UUID
    minutes: int
    stretch: Stretch
    steps: Mapping[date, CycleFacts]


@dataclass(frozen=True, slots=True)
class Past:
    """Everything read of one client; `runs` oldest first."""

    client_id: UUID
    zone: ZoneInfo
    rests_from: Month | None
    runs: Sequence[Run]
    last_held_at: datetime | None


_A_DAY = timedelta(days=1)
_STEPS = ("committed_at", "chosen_at", "invited_at", "agreed_at")


def oldest_running(now: datetime) -> date:
    """The first day of the oldest month that still runs anywhere."""
    return (now - _A_DAY).date().replace(day=1)


def pasts(client_ids: Sequence[UUID] | None, now: datetime) -> list[Past]:
    """Of these clients, or of all that are not archived; whoever never had a habit is left out. One statement."""
    runs: dict[UUID, list[Run]] = defaultdict(list)
    homes: dict[UUID, tuple[str, datetime | None]] = {}
    last_held: dict[UUID, datetime] = {}
    asked = {"practice": current_practice(), "since": oldest_running(now)}
    whose = {} if client_ids is None else {"clients": list(client_ids)}
    for row in db.session.execute(_assignments(of_all=client_ids is None), asked | whose):
        runs[row.client_id].append(_run(row))
        homes[row.client_id] = row.time_zone, row.rests_since
        if row.last_held_at is not None:
            last_held[row.client_id] = max(row.last_held_at, last_held.get(row.client_id, row.last_held_at))
    zones = {key: ZoneInfo(key) for key, _ in homes.values()}
    return [
        Past(
            client_id=client_id,
            zone=zones[zone],
            rests_from=Month.local(since, zones[zone]) if since else None,
            runs=runs[client_id],
            last_held_at=last_held.get(client_id),
        )
        for client_id, (zone, since) in homes.items()
    ]


def _run(row: Row[Any]) -> Run:
    counted = zip(row.months or (), map(Counted, row.held or (), row.minutes_held or (), row.moved or ()), strict=True)
    steps = map(CycleFacts, *(getattr(row, name) or () for name in (*_STEPS, "recently_held")))
    return Run(
        id=row.id,
        habit_id=row.habit_id,
        minutes=row.minutes,
        stretch=Stretch(row.from_month, row.ended_from, row.target, frozenset(row.pauses), dict(counted)),
        steps=dict(zip(row.recent or (), steps, strict=True)),
    )


@cache
def _assignments(*, of_all: bool) -> Select[*tuple[Any, ...]]:
    """Each assignment with its months as arrays: a thousand rows of arrays arrive much sooner than 14,000 rows.

    Built once: that takes longer than to answer it for one client.
    """
    is_its = (AssignmentPause.practice_id == Assignment.practice_id) & (AssignmentPause.assignment_id == Assignment.id)
    pauses = func.array(select(AssignmentPause.month).where(is_its).correlate(Assignment).scalar_subquery())
    columns = (
        Assignment.id,
        Assignment.habit_id,
        Assignment.from_month,
        Assignment.ended_from,
        Assignment.target,
        Assignment.minutes,
    )
    months = _months().correlate(Assignment).lateral("months")
    what: list[Any] = [Assignment.client_id, Client.time_zone, Client.rests_since, *columns, pauses.label("pauses")]
    chosen = (
        select(*what, *months.c)
        .join(Client, (Client.practice_id == Assignment.practice_id) & (Client.id == Assignment.client_id))
        .join(months, true())
        .where(Assignment.practice_id == bindparam("practice", type_=Uuid))
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Assignment.from_month))
        .order_by(Assignment.from_month)
    )
    if of_all:
        return chosen.where(Client.status != ClientStatus.ARCHIVED)
    return chosen.where(
        Assignment.client_id == any_(cast(bindparam("clients"), ARRAY(Uuid)))
    )  # one text for any number


def _months() -> Select[*tuple[Any, ...]]:
    """What each month of an assignment counts; and the steps of those from `since` on."""
    is_recent = Cycle.month >= bindparam("since", type_=Date)
    counts = {"months": Cycle.month, "held": Cycle.held, "minutes_held": Cycle.minutes, "moved": Cycle.moved_out}
    recent = {"recent": Cycle.month, **{name: getattr(Cycle, name) for name in _STEPS}, "recently_held": Cycle.held}
    columns: list[Any] = [func.max(Cycle.last_held_at).label("last_held_at")]
    columns += [func.array_agg(column).label(name) for name, column in counts.items()]
    columns += [func.array_agg(column).filter(is_recent).label(name) for name, column in recent.items()]
    return select(*columns).where(Cycle.practice_id == Assignment.practice_id, Cycle.assignment_id == Assignment.id)
