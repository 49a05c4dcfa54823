"""The months of many clients, for pages that show a whole practice: one statement, a row an assignment.

Months travel as numbers: `number_of(month)` counts them through the years, so that fourteen thousand of them cost
little. What each came to is judged by the rules, once for each kind.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Integer, Row, Select, any_, cast, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, AssignmentPause, Cycle
from coachhub.habits.rules import CycleFacts, CycleResult, Lived, Month, MonthFacts, lived, strengths_after
from coachhub.platform.db import Ids, db
from coachhub.platform.tenancy import current_practice

_EPOCH = date(1970, 1, 1)
_SOME_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_HELD_BITS, _STEP_BITS, _MINUTE_BITS = 8, 4, 19
"""A cycle travels as one number: its first day, minutes, the steps taken, whether it was moved out of, meetups held."""
_KIND_BITS = _STEP_BITS + 1 + _HELD_BITS
_DAY_BITS = _KIND_BITS + _MINUTE_BITS
_KIND, _MINUTES, _MOST_HELD = (1 << _KIND_BITS) - 1, (1 << _MINUTE_BITS) - 1, (1 << _HELD_BITS) - 1
_NEVER = 1 << 30
_STEP_COLUMNS = (Cycle.committed_at, Cycle.chosen_at, Cycle.invited_at, Cycle.agreed_at)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose months are read: None asks for all. A habit leaves out the months that were given to another one."""

    coach_id: UUID | None = None
    habit_id: UUID | None = None
    client_ids: Collection[UUID] | None = None


@dataclass(slots=True)
class History:
    """A client's months with a habit up to the running one, by number; `minutes` spent and `asked` beside them.

    `first` is the first of them, also where only later ones were asked for. A month between two habits is not there.
    """

    client_id: UUID
    first: int
    current: int
    months: dict[int, Lived] = field(default_factory=dict)
    minutes: dict[int, int] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)

    def results(self) -> tuple[CycleResult, ...]:
        """What each month came to from the first on; one between two habits rests. Needs all months."""
        return tuple(
            self.months[number].result if number in self.months else CycleResult.PAUSED
            for number in range(self.first, self.current + 1)
        )

    def strengths(self) -> tuple[int, ...]:
        """Habit strength, 0 to 100, after each month from the first on. Needs all months."""
        return strengths_after(self.results())


def number_of(month: Month) -> int:
    """The months since the year 0, so that the next one is one more."""
    return month.year * 12 + month.month - 1


def month_of(number: int) -> Month:
    """The month of a number."""
    return Month(number // 12, number % 12 + 1)


def histories(whose: Whose, now: datetime, since: Month | None = None) -> list[History]:
    """The months, from `since` on where it is given, of clients who have started; those in the archive, too.

    A client without a habit up to now is left out. One statement.
    """
    found: dict[UUID, History] = {}
    for row in db.session.execute(_assignments(whose, since)):
        _add(row, found, now, number_of(since) if since else 0)
    return [history for history in found.values() if history.first <= history.current]


def _assignments(whose: Whose, since: Month | None) -> Select[*tuple[Any, ...]]:
    is_cycle = (Cycle.practice_id == Assignment.practice_id) & (Cycle.assignment_id == Assignment.id)
    is_pause = (AssignmentPause.practice_id == Assignment.practice_id) & (
        AssignmentPause.assignment_id == Assignment.id
    )
    cycles = select(_packed()).where(is_cycle)
    if since is not None:
        cycles = cycles.where(Cycle.month >= since.first_day())
    chosen = (
        select(
            Assignment.client_id,
            Client.time_zone,
            Client.rests_since,
            Assignment.from_month,
            Assignment.ended_from,
            Assignment.target,
            Assignment.minutes,
            func.array(cycles.correlate(Assignment).scalar_subquery(), type_=ARRAY(BigInteger)).label("cycles"),
            func.array(
                select(_day(AssignmentPause.month)).where(is_pause).correlate(Assignment).scalar_subquery(),
                type_=ARRAY(Integer),
            ).label("pauses"),
        )
        .join(Client, (Client.practice_id == Assignment.practice_id) & (Client.id == Assignment.client_id))
        .where(Assignment.practice_id == current_practice(), Client.status != ClientStatus.INVITED)
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Assignment.from_month))
        .order_by(Assignment.from_month)
    )
    return _of(chosen, whose)


def _of(chosen: Select[*tuple[Any, ...]], whose: Whose) -> Select[*tuple[Any, ...]]:
    if whose.coach_id is not None:
        chosen = chosen.where(Client.coach_id == whose.coach_id)
    if whose.habit_id is not None:
        chosen = chosen.where(Assignment.habit_id == whose.habit_id)
    if whose.client_ids is not None:
        chosen = chosen.where(Assignment.client_id == any_(literal(list(whose.client_ids), Ids())))
    return chosen


def _day(month: Any) -> Any:
    """The days from 1970 to a date."""
    return type_coerce(month - literal(_EPOCH), Integer)


def _packed() -> Any:
    parts = [
        cast(_day(Cycle.month), BigInteger) * (1 << _DAY_BITS),
        func.least(Cycle.minutes, _MINUTES) * (1 << _KIND_BITS),
    ]
    for place, column in enumerate(reversed(_STEP_COLUMNS), start=_HELD_BITS + 1):
        parts.append(cast(column.isnot(None), Integer) * (1 << place))
    parts.append(cast(Cycle.moved_out, Integer) * (1 << _HELD_BITS))
    return sum(parts, func.least(Cycle.held, _MOST_HELD))


def _add(row: Row[Any], found: dict[UUID, History], now: datetime, since: int) -> None:
    """Add the months of an assignment to its client's. Of two that cover a month the earlier one counts."""
    current, rests_from = _running(row.time_zone, now), _rests_from(row)
    begin = number_of(Month.of(row.from_month))
    history = found.get(row.client_id)
    if history is None:
        history = found[row.client_id] = History(row.client_id, begin, current)
    reached = {packed >> _DAY_BITS: packed for packed in row.cycles}
    end = number_of(Month.of(row.ended_from)) if row.ended_from else current + 1
    for number in range(max(begin, since), min(end, current + 1)):
        if number in history.months:
            continue
        day = _day_of(number)
        packed = reached.get(day, 0)
        month = _judged(packed & _KIND, row.target, number < current, day in row.pauses, number >= rests_from)
        history.months[number] = month
        history.minutes[number] = packed >> _KIND_BITS & _MINUTES
        history.asked[number] = 0 if month.result is CycleResult.PAUSED else row.minutes * row.target


def _rests_from(row: Row[Any]) -> int:
    return number_of(Month.local(row.rests_since, _zone(row.time_zone))) if row.rests_since else _NEVER


@lru_cache(maxsize=4096)
def _judged(kind: int, target: int, is_over: bool, is_paused: bool, rests: bool) -> Lived:
    taken = kind >> _HELD_BITS + 1
    committed, chosen, invited, agreed = (_SOME_INSTANT if taken >> place & 1 else None for place in (3, 2, 1, 0))
    facts = CycleFacts(committed, chosen, invited, agreed, held=kind & _MOST_HELD)
    return lived(MonthFacts(facts, target, is_over, is_paused, rests, bool(kind >> _HELD_BITS & 1)))


@lru_cache(maxsize=4096)
def _day_of(number: int) -> int:
    return month_of(number).first_day().toordinal() - _EPOCH.toordinal()


@lru_cache(maxsize=1024)
def _running(zone: str, now: datetime) -> int:
    return number_of(Month.local(now, _zone(zone)))


@lru_cache(maxsize=1024)
def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)
