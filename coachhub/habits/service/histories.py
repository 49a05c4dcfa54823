"""The months of many clients, for pages that show a whole practice: one statement, a row an assignment.

Months travel as numbers: `number_of(month)` counts them through the years, so that fourteen thousand of them cost
little. What each came to is judged by the rules, once for each kind.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, FromClause, Integer, Row, Select, cast, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, AssignmentPause, Cycle
from coachhub.habits.rules import CycleFacts, CycleResult, Lived, Month, MonthFacts, lived, strengths_after
from coachhub.platform.db import db
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


@dataclass(slots=True)
class History:
    """A client's months with a habit up to the running one, by number; beside them the `minutes` spent where there are
    any, and those `asked` of a month that does not rest.

    `first` is the first of them, also where only later ones were asked for. A month between two habits is not there.
    `left` is the month in which a client left who is in the archive; it is known where all months are.
    """

    client_id: UUID
    first: int
    current: int
    months: dict[int, Lived] = field(default_factory=dict)
    minutes: dict[int, int] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)
    left: int | None = None

    def results(self) -> tuple[CycleResult, ...]:
        """What each month came to from the first on; one between two habits rests. Needs all months."""
        return tuple(
            self.months[number].result if number in self.months else CycleResult.PAUSED
            for number in range(self.first, self.current + 1)
        )

    def asked_in(self, number: int) -> int:
        """The minutes that the habit asks of a month: none where it rests, or there is no habit."""
        is_asked = number in self.months and self.months[number].result is not CycleResult.PAUSED
        return self.asked[number] if is_asked else 0

    def strengths(self) -> tuple[int, ...]:
        """Habit strength, 0 to 100, after each month from the first on. Needs all months."""
        return strengths_after(self.results())


def number_of(month: Month) -> int:
    """The months since the year 0, so that the next one is one more."""
    return month.year * 12 + month.month - 1


def month_of(number: int) -> Month:
    """The month of a number."""
    return Month(number // 12, number % 12 + 1)


def histories(whose: Whose, now: datetime) -> list[History]:
    """All months of clients who have started; those in the archive, too. One statement.

    A client without a habit up to now is left out.
    """
    is_client = (Client.practice_id == Assignment.practice_id) & (Client.id == Assignment.client_id)
    chosen = (
        _assignments(current_practice(), whose.habit_id)
        .add_columns(Client.time_zone, Client.rests_since, Client.status)
        .join(Client, is_client)
        .where(Client.status != ClientStatus.INVITED)
        .order_by(Assignment.from_month.desc())
    )
    if whose.coach_id is not None:
        chosen = chosen.where(Client.coach_id == whose.coach_id)
    found = _by_client(db.session.execute(chosen), now)
    for row, history in found.values():
        if row.status == ClientStatus.ARCHIVED and row.rests_since:
            history.left = number_of(Month.local(row.rests_since, _zone(row.time_zone)))
    return [history for _row, history in found.values() if history.first <= history.current]


def months_among(clients: FromClause, practice: Any, habit: Any, since: Any) -> Select[*tuple[Any, ...]]:
    """A statement for the months from `since` on of these clients, to be read by `histories_in`.

    `clients` has a `client_id`, a `place`, a `time_zone`, and whatever else is to be read of them. The others are
    values or parameters; without a habit it is about every one.
    """
    return (
        _assignments(practice, habit, since)
        .add_columns(*(column for column in clients.c if column.name != "client_id"), Client.rests_since)
        .join(clients, clients.c.client_id == Assignment.client_id)
        .join(Client, (Client.practice_id == Assignment.practice_id) & (Client.id == Assignment.client_id))
        .order_by(clients.c.place, Assignment.from_month.desc())
    )


def histories_in(rows: Iterable[Row[Any]], now: datetime, since: Month) -> list[tuple[Row[Any], History]]:
    """The months of each client in such rows, in their order and with the first of their rows; no time spent."""
    return list(_by_client(rows, now, number_of(since), with_time=False).values())


def _assignments(practice: Any, habit: Any, since: Any = None) -> Select[*tuple[Any, ...]]:
    """A row an assignment; who has it is to be joined. Months that were paused lie among the cycles."""
    is_cycle = (Cycle.practice_id == Assignment.practice_id, Cycle.assignment_id == Assignment.id)
    is_pause = (
        AssignmentPause.practice_id == Assignment.practice_id,
        AssignmentPause.assignment_id == Assignment.id,
    )
    cycles, pauses = select(_PACKED).where(*is_cycle), select(_PAUSED).where(*is_pause)
    if since is not None:
        cycles, pauses = cycles.where(Cycle.month >= since), pauses.where(AssignmentPause.month >= since)
    packed = cycles.correlate(Assignment).union_all(pauses.correlate(Assignment)).scalar_subquery()
    chosen = (
        select(
            Assignment.client_id,
            Assignment.from_month,
            Assignment.ended_from,
            Assignment.target,
            Assignment.minutes,
            func.array(packed, type_=ARRAY(BigInteger)).label("packed"),
        )
        .where(Assignment.practice_id == practice)
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > Assignment.from_month))
    )
    return chosen if habit is None else chosen.where(Assignment.habit_id == habit)


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


_PACKED = _packed()
_PAUSED = -1 - cast(_day(AssignmentPause.month), BigInteger)
"""A month that was paused travels as a number below 0."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Months by number, the days from 1970 on which they begin, and which of them begins on a day."""

    numbers: tuple[int, ...]
    days: tuple[int, ...]
    places: Mapping[int, int]


@lru_cache(maxsize=4096)
def _span(begin: int, end: int) -> _Span:
    """The months from one until before another."""
    numbers, first = tuple(range(begin, end)), _EPOCH.toordinal()
    days = tuple(month_of(number).first_day().toordinal() - first for number in numbers)
    return _Span(numbers, days, dict(zip(days, numbers, strict=True)))


def _by_client(
    rows: Iterable[Row[Any]], now: datetime, since: int = 0, *, with_time: bool = True
) -> dict[UUID, tuple[Row[Any], History]]:
    """The history of each client, with the first of its rows: that of the latest assignment."""
    found: dict[UUID, tuple[Row[Any], History]] = {}
    for row in rows:
        client_id, zone, begin = row.client_id, row.time_zone, _number(row.from_month)
        kept = found.get(client_id)
        if kept is None:
            kept = found[client_id] = row, History(client_id, begin, _running(zone, now))
        history = kept[1]
        history.first = begin  # the earliest comes last
        end = _number(row.ended_from) if row.ended_from else history.current + 1
        span = _span(max(begin, since), min(end, history.current + 1))
        _add_months(row, history, span)
        if with_time:
            _add_time(row, history, span)
    return found


def _add_months(row: Row[Any], history: History, span: _Span) -> None:
    """Add the months of an assignment. Of two that cover a month the earlier counts: it comes later, and overwrites."""
    packed, target, current = row.packed, row.target, history.current
    reached = {each >> _DAY_BITS: each & _KIND for each in packed}
    if row.rests_since or min(packed, default=0) < 0:
        history.months.update(zip(span.numbers, _with_rests(row, span, reached, current), strict=True))
        return
    judged = map(_over(target).__getitem__, map(reached.get, span.days, repeat(0)))
    history.months.update(zip(span.numbers, judged, strict=True))
    if span.numbers and span.numbers[-1] == current:
        history.months[current] = _judged(reached.get(span.days[-1], 0), target, is_over=False)


def _add_time(row: Row[Any], history: History, span: _Span) -> None:
    """Add the minutes spent in the months of an assignment, and those that it asks of each."""
    times = ((each >> _DAY_BITS, each >> _KIND_BITS & _MINUTES) for each in row.packed)
    history.minutes.update({span.places[day]: minutes for day, minutes in times if day in span.places})
    history.asked.update(dict.fromkeys(span.numbers, row.minutes * row.target))


class _Over(dict[int, Lived]):
    """What months that are over, and did not rest, came to: by what decides it, each judged once."""

    def __init__(self, target: int) -> None:
        self._target = target

    def __missing__(self, kind: int) -> Lived:
        self[kind] = judged = _judged(kind, self._target, is_over=True)
        return judged


@lru_cache(maxsize=16)
def _over(target: int) -> _Over:
    return _Over(target)


def _with_rests(row: Row[Any], span: _Span, reached: Mapping[int, int], current: int) -> Iterator[Lived]:
    paused = {-1 - each for each in row.packed if each < 0}
    rests_from = number_of(Month.local(row.rests_since, _zone(row.time_zone))) if row.rests_since else _NEVER
    for number, day in zip(span.numbers, span.days, strict=True):
        rests = {"is_paused": day in paused, "rests": number >= rests_from}
        yield _judged(reached.get(day, 0), row.target, is_over=number < current, **rests)


@lru_cache(maxsize=4096)
def _judged(kind: int, target: int, *, is_over: bool, is_paused: bool = False, rests: bool = False) -> Lived:
    taken = kind >> _HELD_BITS + 1
    committed, chosen, invited, agreed = (_SOME_INSTANT if taken >> place & 1 else None for place in (3, 2, 1, 0))
    facts = CycleFacts(committed, chosen, invited, agreed, held=kind & _MOST_HELD)
    return lived(MonthFacts(facts, target, is_over, is_paused, rests, bool(kind >> _HELD_BITS & 1)))


@lru_cache(maxsize=4096)
def _number(day: date) -> int:
    return number_of(Month.of(day))


@lru_cache(maxsize=1024)
def _running(zone: str, now: datetime) -> int:
    return number_of(Month.local(now, _zone(zone)))


@lru_cache(maxsize=1024)
def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)
