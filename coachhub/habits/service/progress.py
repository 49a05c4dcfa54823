"""How clients stand: stage, status, strength, streak and hours, read for any number of them at once.

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
from coachhub.habits.rules import (
    CycleFacts,
    CycleResult,
    Hours,
    Month,
    MonthResult,
    Stage,
    Verdict,
    heat_of,
    is_done,
    result_of,
    shown_strength,
    stage_of,
    status_of,
    streak,
    strength_series,
    the_hour,
    the_year,
)
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.platform.told import day_told, instant_told

MONTHS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """One month as shown: what it counts as, meetups held, heat level 0..3, minutes, strength 0..100 after it.

    `is_bridged`: missed, and the streak goes on over it. Without a habit (`has_habit`) a month counts as paused.
    """

    month: Month
    result: CycleResult
    held: int
    level: int
    minutes: int
    strength: int
    is_bridged: bool
    has_habit: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How a client stands in the running month of their own zone.

    `results` are the last fourteen months, oldest first, the running one last. `steps` says when each step of
    this month was first taken. `minutes_asked` is what a month asks.
    """

    client_id: UUID
    assignment_id: UUID
    habit_id: UUID
    month: Month
    stage: Stage
    steps: CycleFacts
    verdict: Verdict
    strength: int
    streak: int
    results: tuple[MonthProgress, ...]
    target: int
    last_held_at: datetime | None
    minutes_this_month: int
    minutes_this_year: int
    minutes_asked: int
    is_paused: bool

    @property
    def hour(self) -> Hours:
        """This month's minutes against what a month asks."""
        return the_hour(self.minutes_this_month, self.minutes_asked)

    @property
    def year(self) -> Hours:
        """The calendar year's minutes against twelve months' worth."""
        return the_year([self.minutes_this_year], self.minutes_asked)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a month's row counts."""

    held: int
    minutes: int
    moved_out: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """An assignment with its months, keyed by their first days; `steps` only of the newest month or two."""

    id: UUID
    habit_id: UUID
    from_month: date
    ended_from: date | None
    target: int
    minutes: int
    pauses: Collection[date]
    counted: Mapping[date, _Counted]
    steps: Mapping[date, CycleFacts]

    def covers(self, month: date) -> bool:
        return self.from_month <= month and (self.ended_from is None or month < self.ended_from)


@dataclass(frozen=True, slots=True)
class _Past:
    """Everything read of one client; `runs` oldest first."""

    client_id: UUID
    zone: ZoneInfo
    rests_from: Month | None
    runs: Sequence[_Run]
    last_held_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Judged:
    month: Month
    result: CycleResult
    held: int
    minutes: int
    has_habit: bool = True


_NOTHING = _Counted(0, 0, False)
_A_DAY = timedelta(days=1)
_STEPS = ("committed_at", "chosen_at", "invited_at", "agreed_at")


def progress_of(client_ids: Sequence[UUID] | None, now: datetime) -> dict[UUID, Progress]:
    """How these clients stand at `now`, by client id; None asks for all that are not archived.

    A client without a habit in the running month of their own zone is left out. One statement, however many clients.
    """
    running = {}
    for past in _read(client_ids, now):
        month = Month.local(now, past.zone)
        run = next((run for run in past.runs if run.covers(month.first_day())), None)
        if run is not None:
            running[past.client_id] = _progress(past, run, month, now)
    return running


def progress_told(
    client_id: UUID, zone: ZoneInfo, rests_since: datetime | None, told: Sequence[Any], now: datetime
) -> tuple[Progress | None, tuple[str, ...]]:
    """As `progress_of`, of one client whose assignments the function `month_told` tells; and the habit's five steps."""
    if not told:
        return None, ()
    month = Month.local(now, zone)
    held = [instant_told(each[4]) for run in told for each in run[-1] or ()]
    past = _Past(
        client_id=client_id,
        zone=zone,
        rests_from=Month.local(rests_since, zone) if rests_since else None,
        runs=[_run_told(run) for run in told],
        last_held_at=max((at for at in held if at is not None), default=None),
    )
    running = next((number for number, run in enumerate(past.runs) if run.covers(month.first_day())), None)
    if running is None:
        return None, ()
    return _progress(past, past.runs[running], month, now), tuple(told[running][7])


def _run_told(told: Sequence[Any]) -> _Run:
    run_id, habit_id, from_month, ended_from, target, minutes, pauses, _steps, cycles = told
    rows = [(date.fromisoformat(each[0]), *each[1:]) for each in cycles or ()]
    return _Run(
        id=UUID(run_id),
        habit_id=UUID(habit_id),
        from_month=date.fromisoformat(from_month),
        ended_from=day_told(ended_from),
        target=target,
        minutes=minutes,
        pauses=frozenset(date.fromisoformat(month) for month in pauses or ()),
        counted={month: _Counted(held, minutes, moved) for month, held, minutes, moved, _, _ in rows},
        steps={month: _facts(held, *map(instant_told, at)) for month, held, _, _, _, at in rows if at},
    )


def _facts(
    held: int, committed: datetime | None, chosen: datetime | None, invited: datetime | None, agreed: datetime | None
) -> CycleFacts:
    return CycleFacts(committed, chosen, invited, agreed, held)


def oldest_running(now: datetime) -> date:
    """The first day of the oldest month that still runs anywhere."""
    return (now - _A_DAY).date().replace(day=1)


def newest_running(now: datetime) -> date:
    """The first day of the newest month that runs anywhere already."""
    return (now + _A_DAY).date().replace(day=1)


def months_of(client_id: UUID, now: datetime) -> tuple[MonthProgress, ...]:
    """Every month of a client from the first with a habit to the running one, oldest first; ended habits too."""
    for past in _read([client_id], now):
        current = Month.local(now, past.zone)
        return tuple(_shown(_judged_months(past, current)))
    return ()


def _progress(past: _Past, run: _Run, month: Month, now: datetime) -> Progress:
    first = month.first_day()
    facts, counted = run.steps.get(first, CycleFacts()), run.counted.get(first, _NOTHING)
    judged = _judged_months(past, month)
    shown = _shown(judged)
    rests = past.rests_from is not None or first in run.pauses
    stage = stage_of(facts)
    before = [past_month.result for past_month in reversed(judged[:-1])]
    row = streak([MonthResult(past_month.month, past_month.result) for past_month in judged])
    return Progress(
        client_id=past.client_id,
        assignment_id=run.id,
        habit_id=run.habit_id,
        month=month,
        stage=stage,
        steps=facts,
        verdict=status_of(stage, now, past.zone, before, is_paused=rests, moved_out=counted.moved_out),
        strength=shown[-1].strength,
        streak=row.length,
        results=tuple(shown[-MONTHS_SHOWN:]),
        target=run.target,
        last_held_at=past.last_held_at,
        minutes_this_month=counted.minutes,
        minutes_this_year=sum(each.minutes for each in judged if each.month.year == month.year),
        minutes_asked=run.minutes * run.target,
        is_paused=rests,
    )


def _judged_months(past: _Past, current: Month) -> list[_Judged]:
    """Every month up to the current one; a gap between two habits rests, it is neither done nor missed."""
    month = Month.of(past.runs[0].from_month)
    judged = []
    while month <= current:
        first = month.first_day()
        run = next((run for run in past.runs if run.covers(first)), None)
        judged.append(
            _judge(past, run, month, current) if run else _Judged(month, CycleResult.PAUSED, 0, 0, has_habit=False)
        )
        month = month.next()
    return judged


def _judge(past: _Past, run: _Run, month: Month, current: Month) -> _Judged:
    first = month.first_day()
    counted = run.counted.get(first, _NOTHING)
    rests = past.rests_from is not None and month >= past.rests_from and not is_done(counted.held, run.target)
    result = result_of(
        held_count=counted.held,
        target=run.target,
        is_over=month < current,
        is_paused=rests or first in run.pauses,
        moved_out=counted.moved_out,
    )
    return _Judged(month, result, counted.held, counted.minutes)


def _shown(judged: Sequence[_Judged]) -> list[MonthProgress]:
    bridged = streak([MonthResult(each.month, each.result) for each in judged]).bridged
    strengths = strength_series(each.result for each in judged)
    return [
        MonthProgress(
            month=each.month,
            result=each.result,
            held=each.held,
            level=heat_of(each.result, each.held),
            minutes=each.minutes,
            strength=shown_strength(after),
            is_bridged=each.month in bridged,
            has_habit=each.has_habit,
        )
        for each, after in zip(judged, strengths, strict=True)
    ]


def _read(client_ids: Sequence[UUID] | None, now: datetime) -> list[_Past]:
    runs: dict[UUID, list[_Run]] = defaultdict(list)
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
        _Past(
            client_id=client_id,
            zone=zones[zone],
            rests_from=Month.local(since, zones[zone]) if since else None,
            runs=runs[client_id],
            last_held_at=last_held.get(client_id),
        )
        for client_id, (zone, since) in homes.items()
    ]


def _run(row: Row[Any]) -> _Run:
    counted = zip(row.months or (), map(_Counted, row.held or (), row.minutes_held or (), row.moved or ()), strict=True)
    steps = map(CycleFacts, *(getattr(row, name) or () for name in (*_STEPS, "recently_held")))
    return _Run(
        id=row.id,
        habit_id=row.habit_id,
        from_month=row.from_month,
        ended_from=row.ended_from,
        target=row.target,
        minutes=row.minutes,
        pauses=frozenset(row.pauses),
        counted=dict(counted),
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
