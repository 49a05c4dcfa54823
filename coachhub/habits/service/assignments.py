"""Who has which habit, from which month to which, and the months it rests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, AssignmentPause, Cycle, Habit
from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class Assigned:
    """What assigning came to, as client ids: `replaced` had another habit, or the same with other numbers."""

    started: tuple[UUID, ...] = ()
    replaced: tuple[UUID, ...] = ()
    unchanged: tuple[UUID, ...] = ()
    archived: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A habit of a client: the months from `from_month` on, `ended_from` no longer among them."""

    id: UUID
    client_id: UUID
    habit_id: UUID
    habit_name: str
    from_month: Month
    ended_from: Month | None
    target: int
    minutes: int
    pauses: tuple[Month, ...] = ()

    def covers(self, month: Month) -> bool:
        """Whether the habit runs (or rests) in `month`."""
        return self.from_month <= month and (self.ended_from is None or month < self.ended_from)


@dataclass(frozen=True, slots=True)
class _Terms:
    habit_id: UUID
    from_month: date
    target: int
    minutes: int
    given_at: datetime


def assign_habit(client_ids: Iterable[UUID], habit_id: UUID, from_month: Month) -> Assigned:
    """Give clients a habit from a month on; a habit they have already ends there.

    What was reached in `from_month` moves along. Raises NotFound for a client or habit that is not of this
    practice, and Refused for a retired habit.
    """
    terms = _terms(habit_id, from_month)
    archived, asked = _locked_clients(set(client_ids))
    kept = _assignments_from(asked, terms.from_month)
    results: dict[str, list[UUID]] = {"started": [], "replaced": [], "unchanged": []}
    for client_id in asked:
        mine = [row for row in kept if row.client_id == client_id]
        results[_assign_one(client_id, terms, mine)].append(client_id)
    return Assigned(archived=archived, **{name: tuple(ids) for name, ids in results.items()})


def change_target(assignment_id: UUID, target: int, from_month: Month) -> None:
    """Ask a client for another number of meetups a month than their habit does, from a month on; months before stay.

    Raises NotFound, and Refused where the habit has an end, or begins later.
    """
    row = assignment_of(assignment_id)
    if row.ended_from is not None or not row.covers(from_month):
        raise Refused(409, _("The habit does not run on from that month, so there is nothing to change."))
    _locked_clients({row.client_id})
    terms = _Terms(row.habit_id, from_month.first_day(), target, row.minutes, clock.now())
    _assign_one(row.client_id, terms, _assignments_from([row.client_id], terms.from_month))


def pause_month(assignment_id: UUID, month: Month) -> None:
    """Let an assignment rest for a whole month. Raises NotFound, and Refused for a month that is not its."""
    if not assignment_of(assignment_id).covers(month):
        raise Refused(409, _("The habit does not run in that month, so there is nothing to pause."))
    key = {"practice_id": current_practice(), "assignment_id": assignment_id, "month": month.first_day()}
    db.session.execute(insert(AssignmentPause).values(**key).on_conflict_do_nothing())


def resume_month(assignment_id: UUID, month: Month) -> None:
    """Take a month's pause back; without one nothing happens. Raises NotFound."""
    assignment_of(assignment_id)
    pause = (AssignmentPause.practice_id == current_practice()) & (AssignmentPause.assignment_id == assignment_id)
    db.session.execute(delete(AssignmentPause).where(pause, AssignmentPause.month == month.first_day()))


def end_assignment(assignment_id: UUID, from_month: Month) -> None:
    """End an assignment; `from_month` is the first month that no longer counts. Raises NotFound.

    One that would begin only later never runs. Ended already, it can be ended earlier but not prolonged.
    """
    row = assignment_of(assignment_id)
    ended_from = max(row.from_month, min(from_month, row.ended_from or from_month))
    _end(assignment_id, ended_from.first_day())


def assignment_of(assignment_id: UUID) -> AssignmentRow:
    """One assignment. Raises NotFound."""
    found = _rows(Assignment.id == assignment_id)
    if not found:
        raise NotFound
    return found[0]


def assignments_of(client_id: UUID) -> list[AssignmentRow]:
    """The habits of a client that ran or will run for at least one month, newest first."""
    found = _rows(Assignment.client_id == client_id)
    return [row for row in found if row.ended_from is None or row.ended_from > row.from_month]


def _rows(which: object) -> list[AssignmentRow]:
    paused = (
        select(AssignmentPause.assignment_id, AssignmentPause.month)
        .join(Assignment, Assignment.id == AssignmentPause.assignment_id)
        .where(which, AssignmentPause.practice_id == current_practice())  # type: ignore[arg-type]
        .order_by(AssignmentPause.month)
    )
    pauses = [(assignment_id, Month.of(month)) for assignment_id, month in db.session.execute(paused)]
    chosen = (
        select(
            Assignment.id,
            Assignment.client_id,
            Assignment.habit_id,
            Habit.name,
            Assignment.from_month,
            Assignment.ended_from,
            Assignment.target,
            Assignment.minutes,
        )
        .join(Habit, (Habit.practice_id == Assignment.practice_id) & (Habit.id == Assignment.habit_id))
        .where(which, Assignment.practice_id == current_practice())  # type: ignore[arg-type]
        .order_by(Assignment.from_month.desc(), Assignment.id.desc())
    )
    return [
        AssignmentRow(
            id,
            client_id,
            habit_id,
            name,
            Month.of(from_month),
            Month.of(ended_from) if ended_from else None,
            target,
            minutes,
            tuple(month for of, month in pauses if of == id),
        )
        for id, client_id, habit_id, name, from_month, ended_from, target, minutes in db.session.execute(chosen)
    ]


def _terms(habit_id: UUID, from_month: Month) -> _Terms:
    chosen = select(Habit.meetups_a_month, Habit.minutes_a_meetup, Habit.retired_at).where(
        Habit.practice_id == current_practice(), Habit.id == habit_id
    )
    found = db.session.execute(chosen).one_or_none()
    if found is None:
        raise NotFound
    target, minutes, retired_at = found
    if retired_at is not None:
        raise Refused(409, _("This habit is retired. Bring it back first, or choose another one."))
    return _Terms(habit_id, from_month.first_day(), target, minutes, clock.now())


def _locked_clients(client_ids: set[UUID]) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Archived and other clients. Locked in one order, so that two coaches assigning at once take turns."""
    chosen = (
        select(Client.id, Client.status)
        .where(Client.practice_id == current_practice(), Client.id.in_(client_ids))
        .order_by(Client.id)
        .with_for_update(key_share=True)
    )
    found = {client_id: ClientStatus(status) for client_id, status in db.session.execute(chosen)}
    if found.keys() != client_ids:
        raise NotFound
    archived = tuple(id for id, status in found.items() if status is ClientStatus.ARCHIVED)
    return archived, tuple(id for id, status in found.items() if status is not ClientStatus.ARCHIVED)


def _assignments_from(client_ids: Sequence[UUID], month: date) -> list[Assignment]:
    """Assignments that cover `month` or a later one, the open one last."""
    chosen = (
        select(Assignment)
        .where(Assignment.practice_id == current_practice(), Assignment.client_id.in_(client_ids))
        .where(Assignment.ended_from.is_(None) | (Assignment.ended_from > month))
        .order_by(Assignment.ended_from.nulls_last())
    )
    return list(db.session.scalars(chosen))


def _assign_one(client_id: UUID, terms: _Terms, mine: Sequence[Assignment]) -> str:
    if not mine:
        _start(client_id, terms)
        return "started"
    *earlier, last = mine
    is_open = last.ended_from is None
    if last.from_month <= terms.from_month and _same(last, terms):
        _end(last.id, None)
        return "unchanged" if is_open else "started"
    if last.from_month < terms.from_month:
        _end(last.id, terms.from_month)
        heir, left = _start(client_id, terms), mine
    else:
        _change(last.id, terms)
        heir, left = last.id, earlier
    for row in left:
        _end(row.id, max(row.from_month, terms.from_month))
        _move_months(row.id, heir, terms.from_month)
    return "replaced" if is_open else "started"


def _same(row: Assignment, terms: _Terms) -> bool:
    return (row.habit_id, row.target, row.minutes) == (terms.habit_id, terms.target, terms.minutes)


def _start(client_id: UUID, terms: _Terms) -> UUID:
    values = {"practice_id": current_practice(), "client_id": client_id, "created_at": terms.given_at}
    row = insert(Assignment).values(**values, **_columns(terms)).returning(Assignment.id)
    return db.session.execute(row).scalar_one()


def _change(assignment_id: UUID, terms: _Terms) -> None:
    row = update(Assignment).where(Assignment.practice_id == current_practice(), Assignment.id == assignment_id)
    db.session.execute(row.values(**_columns(terms), ended_from=None))


def _columns(terms: _Terms) -> dict[str, object]:
    return {
        "habit_id": terms.habit_id,
        "from_month": terms.from_month,
        "target": terms.target,
        "minutes": terms.minutes,
    }


def _end(assignment_id: UUID, ended_from: date | None) -> None:
    row = update(Assignment).where(Assignment.practice_id == current_practice(), Assignment.id == assignment_id)
    db.session.execute(row.values(ended_from=ended_from))


def _move_months(old: UUID, new: UUID, from_month: date) -> None:
    """Months from the change on belong to the new assignment: what was reached in them, and their pauses."""
    for table in (Cycle, AssignmentPause):
        is_old = (table.practice_id == current_practice()) & (table.assignment_id == old)
        db.session.execute(update(table).where(is_old, table.month >= from_month).values(assignment_id=new))
