"""How clients stand: stage, status, strength, streak and hours, for any number of them at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

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
    running_day,
    shown_strength,
    stage_of,
    status_on,
    streak,
    strength_series,
    the_hour,
    the_year,
)
from coachhub.habits.service.runs import Counted, Stretch, pasts
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
class _Lived:
    """What the months of a client came to, the last of which is the running one.

    `months` oldest first; `before`: what those before the last one counted as, newest first. `streak`: how many were
    done in a row; `minutes`: of the last one's calendar year. `is_paused`, `moved_out`: of the last one.
    """

    months: tuple[MonthProgress, ...]
    before: tuple[CycleResult, ...]
    streak: int
    minutes: int
    is_paused: bool
    moved_out: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    month: Month
    result: CycleResult
    held: int
    minutes: int
    has_habit: bool = True


_NOTHING = Counted(0, 0, False)
_NEVER: Sequence[Any] = (None, None, None, None)


def progress_of(client_ids: Sequence[UUID] | None, now: datetime) -> dict[UUID, Progress]:
    """How these clients stand at `now`, by client id; None asks for all that are not archived.

    A client without a habit in the running month of their own zone is left out. One statement, however many clients.
    """
    running = {}
    for past in pasts(client_ids, now):
        today = running_day(now, past.zone)
        month = Month.of(today)
        first = month.first_day()
        run = next((run for run in past.runs if run.stretch.covers(first)), None)
        if run is not None:
            lived = _lived([each.stretch for each in past.runs], past.rests_from, month)
            asked = run.id, run.habit_id, run.stretch.target, run.minutes
            steps = run.steps.get(first, CycleFacts())
            running[past.client_id] = _progress(past.client_id, asked, steps, lived, past.last_held_at, today)
    return running


@lru_cache(maxsize=128)
def progress_told(
    client_id: UUID, told: str | None, today: date, rests_from: Month | None
) -> tuple[Progress | None, tuple[str, ...]]:
    """As `progress_of`, of one client whose assignments `month_seen` tells, on a day of theirs; and the habit's steps.

    Kept by all that it is made of: whoever looks at their month looks again, after each step and by each button. To
    take a year apart and judge it takes as long as to read it. There are no names of friends in it, and of the clock
    only the day. Six kilobytes each.
    """
    runs = json.loads(told) if told else []
    first = Month.of(today).first_day().isoformat()
    run = next((run for run in runs if run[2] <= first and (run[3] is None or first < run[3])), None)
    if run is None:
        return None, ()
    run_id, habit_id, _begins, _ends, target, minutes, _pauses, words, (_last, _months, reached) = run
    lived = _lived([_stretch_told(*each) for each in runs], rests_from, Month.of(today))
    at = next((each[1:] for each in reached or () if each[0] == first), _NEVER)
    committed, chosen, invited, agreed = map(instant_told, at)
    steps = CycleFacts(committed, chosen, invited, agreed, lived.months[-1].held)
    last = max((each[-1][0] for each in runs if each[-1][0]), key=datetime.fromisoformat, default=None)
    asked = UUID(run_id), UUID(habit_id), target, minutes
    return _progress(client_id, asked, steps, lived, instant_told(last), today), tuple(words)


def _stretch_told(_id: str, _habit: str, begins: str, ends: str | None, target: int, *more: Any) -> Stretch:
    _minutes, pauses, _words, (_last, months, _reached) = more
    return Stretch(
        from_month=date.fromisoformat(begins),
        ended_from=day_told(ends),
        target=target,
        pauses=frozenset(map(date.fromisoformat, pauses or ())),
        counted={date.fromisoformat(month): Counted(*counted) for month, *counted in months or ()},
    )


def months_of(client_id: UUID, now: datetime) -> tuple[MonthProgress, ...]:
    """Every month of a client from the first with a habit to the running one, oldest first; ended habits too."""
    for past in pasts([client_id], now):
        stretches = [run.stretch for run in past.runs]
        return tuple(_shown(_judged_months(stretches, past.rests_from, Month.local(now, past.zone))))
    return ()


def _progress(
    client_id: UUID,
    asked: tuple[UUID, UUID, int, int],
    steps: CycleFacts,
    lived: _Lived,
    last_held_at: datetime | None,
    today: date,
) -> Progress:
    """`asked`: of the running assignment its id, its habit's, how many meetups, and minutes of each."""
    assignment_id, habit_id, target, minutes = asked
    stage, this = stage_of(steps), lived.months[-1]
    return Progress(
        client_id=client_id,
        assignment_id=assignment_id,
        habit_id=habit_id,
        month=this.month,
        stage=stage,
        steps=steps,
        verdict=status_on(stage, today, lived.before, is_paused=lived.is_paused, moved_out=lived.moved_out),
        strength=this.strength,
        streak=lived.streak,
        results=lived.months[-MONTHS_SHOWN:],
        target=target,
        last_held_at=last_held_at,
        minutes_this_month=this.minutes,
        minutes_this_year=lived.minutes,
        minutes_asked=minutes * target,
        is_paused=lived.is_paused,
    )


def _lived(stretches: Sequence[Stretch], rests_from: Month | None, month: Month) -> _Lived:
    judged = _judged_months(stretches, rests_from, month)
    first = month.first_day()
    running = next(stretch for stretch in stretches if stretch.covers(first))
    return _Lived(
        months=tuple(_shown(judged)),
        before=tuple(each.result for each in reversed(judged[:-1])),
        streak=streak([MonthResult(each.month, each.result) for each in judged]).length,
        minutes=sum(each.minutes for each in judged if each.month.year == month.year),
        is_paused=rests_from is not None or first in running.pauses,
        moved_out=running.counted.get(first, _NOTHING).moved_out,
    )


def _judged_months(stretches: Sequence[Stretch], rests_from: Month | None, current: Month) -> list[_Judged]:
    """Every month up to the current one; a gap between two habits rests, it is neither done nor missed."""
    month = Month.of(stretches[0].from_month)
    judged = []
    while month <= current:
        first = month.first_day()
        stretch = next((each for each in stretches if each.covers(first)), None)
        judged.append(
            _judge(stretch, rests_from, month, current)
            if stretch
            else _Judged(month, CycleResult.PAUSED, 0, 0, has_habit=False)
        )
        month = month.next()
    return judged


def _judge(stretch: Stretch, rests_from: Month | None, month: Month, current: Month) -> _Judged:
    first = month.first_day()
    counted = stretch.counted.get(first, _NOTHING)
    rests = rests_from is not None and month >= rests_from and not is_done(counted.held, stretch.target)
    result = result_of(
        held_count=counted.held,
        target=stretch.target,
        is_over=month < current,
        is_paused=rests or first in stretch.pauses,
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
