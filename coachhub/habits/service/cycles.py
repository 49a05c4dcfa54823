"""How far each month came, written down from what happened: the only writer of the cycles that coaches read.

It runs in the client's own transaction, because only there the plans, choices, messages and meetups can be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from coachhub.habits.models import Assignment, Choice, Cycle, Plan
from coachhub.habits.rules import Month, has_moved_out, held_in
from coachhub.network.models import Invitation, Log, Meetup, MeetupMove, MeetupStatus
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

_STEPS = ("committed_at", "chosen_at", "invited_at", "agreed_at")


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A meetup that is scheduled or held: all its times, oldest first, the one in force (or held) last."""

    agreed_at: datetime
    times: tuple[datetime, ...]
    is_held: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class _Happened:
    """What happened in the months asked for: the first plan and the first choice of each, messages, meetups."""

    planned: dict[Month, datetime]
    chosen: dict[Month, datetime]
    sent: Sequence[datetime]
    meetings: Sequence[_Meeting]


def refresh_cycles(owner: Owner, instants: frozenset[datetime]) -> None:
    """Write down anew how far the months of these instants came, in the client's zone.

    A step once reached stays reached; meetups held, minutes and moved out follow the facts. A month without a
    habit is left alone.
    """
    months = sorted({Month.local(instant, owner.zone) for instant in instants})
    if not months:
        return
    one_at_a_time(owner)  # two requests of one client write one after the other, each from all facts
    running = [(row, month) for row in _assignments(owner) for month in months if _covers(row, month)]
    if not running:
        return
    happened = _happened(owner, months)
    key = {"practice_id": current_practice(), "client_id": owner.client_id}
    rows = [
        {**key, "assignment_id": row.id, "month": month.first_day(), **_cycle(happened, month, owner)}
        for row, month in running
    ]
    _write(rows, Month.local(clock.now(), owner.zone).first_day())


def _assignments(owner: Owner) -> Sequence[Assignment]:
    chosen = select(Assignment).where(
        Assignment.practice_id == current_practice(), Assignment.client_id == owner.client_id
    )
    return db.session.scalars(chosen.order_by(Assignment.from_month)).all()


def _covers(row: Assignment, month: Month) -> bool:
    first = month.first_day()
    return row.from_month <= first and (row.ended_from is None or first < row.ended_from)


def _happened(owner: Owner, months: Sequence[Month]) -> _Happened:
    first_days = [month.first_day() for month in months]
    start, end = months[0].starts_at(owner.zone), months[-1].ends_at(owner.zone)
    sent = select(Invitation.sent_at).where(
        Invitation.practice_id == current_practice(),
        Invitation.client_id == owner.client_id,
        Invitation.sent_at >= start,
        Invitation.sent_at < end,
    )
    return _Happened(
        planned=_firsts(select(Plan.month, func.min(Plan.created_at)), Plan, owner, first_days),
        chosen=_firsts(select(Choice.month, func.min(Choice.chosen_at)), Choice, owner, first_days),
        sent=[at for at in db.session.scalars(sent) if at is not None],
        meetings=_meetings(owner, start),
    )


def _firsts(
    chosen: Select[date, datetime], table: type[Plan] | type[Choice], owner: Owner, first_days: Sequence[date]
) -> dict[Month, datetime]:
    mine = (table.practice_id == current_practice()) & (table.client_id == owner.client_id)
    rows = db.session.execute(chosen.where(mine, table.month.in_(first_days)).group_by(table.month))
    return {Month.of(month): at for month, at in rows}


def _meetings(owner: Owner, start: datetime) -> list[_Meeting]:
    """Meetups that touch the time from `start` on; a cancelled one has no date any more."""
    moves = (
        select(func.array_agg(MeetupMove.from_starts_at).label("times"))
        .where(MeetupMove.practice_id == Meetup.practice_id, MeetupMove.meetup_id == Meetup.id)
        .correlate(Meetup)
        .scalar_subquery()
    )
    is_log = (Log.practice_id == Meetup.practice_id) & (Log.meetup_id == Meetup.id)
    chosen = (
        select(Meetup.agreed_at, Meetup.starts_at, Log.held_at, Meetup.status, Log.minutes, Meetup.minutes, moves)
        .outerjoin(Log, is_log)
        .where(Meetup.practice_id == current_practice(), Meetup.client_id == owner.client_id)
        .where(Meetup.status != MeetupStatus.CANCELLED)
        .where(or_(Meetup.starts_at >= start, Meetup.agreed_at >= start, Log.held_at >= start))
    )
    return [_meeting(*row) for row in db.session.execute(chosen)]


def _meeting(
    agreed_at: datetime,
    starts_at: datetime,
    held_at: datetime | None,
    status: str,
    logged: int | None,
    minutes: int,
    moved_from: Sequence[datetime] | None,
) -> _Meeting:
    is_held = status == MeetupStatus.HELD
    held = (held_at or starts_at,) if is_held else ()
    return _Meeting(agreed_at, (*(moved_from or ()), starts_at, *held), is_held, logged or minutes)


def _cycle(happened: _Happened, month: Month, owner: Owner) -> dict[str, object]:
    def is_in(instant: datetime) -> bool:
        return held_in(instant, owner.zone) == month

    held = [meeting for meeting in happened.meetings if meeting.is_held and is_in(meeting.times[-1])]
    agreed = [at for meeting in happened.meetings for at in _agreed(meeting, month, owner)]
    return {
        "committed_at": happened.planned.get(month),
        "chosen_at": happened.chosen.get(month),
        "invited_at": min((at for at in happened.sent if is_in(at)), default=None),
        "agreed_at": min(agreed, default=None),
        "held": len(held),
        "minutes": sum(meeting.minutes for meeting in held),
        "last_held_at": max((meeting.times[-1] for meeting in held), default=None),
        "moved_out": any(has_moved_out(month, meeting.times, owner.zone) for meeting in happened.meetings),
    }


def _agreed(meeting: _Meeting, month: Month, owner: Owner) -> Iterable[datetime]:
    """When the meetup was agreed, for each month in which that happened or for which it stood.

    Written down only after it was held, it was agreed at the latest when it was held. Brought forward to an
    earlier month, it is nothing to the later one any more.
    """
    agreed_at = min(meeting.agreed_at, meeting.times[-1]) if meeting.is_held else meeting.agreed_at
    months = {held_in(at, owner.zone) for at in (agreed_at, *meeting.times)}
    if month in months and month <= held_in(meeting.times[-1], owner.zone):
        yield agreed_at


def _write(rows: Sequence[dict[str, object]], current: date) -> None:
    """A month that is over keeps its moved out, and what was done in it with friends who are erased since: what later
    became of a meetup takes no month back.

    A month that has not begun keeps nothing: it holds what is agreed for it now.
    """
    written = insert(Cycle).values(rows)
    kept = {step: _earliest(getattr(Cycle, step), getattr(written.excluded, step), current) for step in _STEPS}
    facts = {
        "held": written.excluded.held + Cycle.erased_held,
        "minutes": written.excluded.minutes + Cycle.erased_minutes,
        "last_held_at": case(
            (Cycle.erased_held > 0, func.greatest(Cycle.last_held_at, written.excluded.last_held_at)),
            else_=written.excluded.last_held_at,
        ),
    }
    moved_out = written.excluded.moved_out | (Cycle.moved_out & (Cycle.month < current))
    db.session.execute(
        written.on_conflict_do_update(
            index_elements=["practice_id", "assignment_id", "month"], set_={**kept, **facts, "moved_out": moved_out}
        )
    )


def _earliest(
    known: ColumnElement[datetime | None], found: ColumnElement[datetime | None], current: date
) -> ColumnElement[datetime | None]:
    return case((Cycle.month > current, found), else_=func.least(known, found))
