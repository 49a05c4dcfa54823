"""Reminders about a client's month: who has a month with a habit, how far it came, and why it is asked for nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, cast, exists, func, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import aliased

from coachhub.accounts.models import Practice
from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, AssignmentPause, Choice, Cycle
from coachhub.habits.rules import CycleFacts, Month, Stage, is_done, stage_of
from coachhub.network.models import Friend
from coachhub.network.service.owner import Owner
from coachhub.reminders.kinds.days import DUE_DAYS
from coachhub.reminders.kinds.kind import DAY, HERE, About, Claim, Kind, adding, is_claimed
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, is_written_to, join_parties, of_practice
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import AT_ONCE, SPREAD_DAYS

OF_MONTH = cast(Message.fields[DAY].astext, Date)
"""The first of the month that a message is about."""


def adding_months(kind: Kind, *stage: ColumnElement[bool]) -> Insert:
    """What plans a reminder for every client with a habit in the running month that neither rests nor is done, and
    whose cycle stands as `stage` says.

    Nothing for the past: who was given the habit, or came, after the reminder was due gets the next one.
    """
    at = DUE_DAYS.c
    of_cycle = (Cycle.practice_id == Assignment.practice_id, Cycle.assignment_id == Assignment.id)
    rows = (
        select()
        .select_from(Assignment)
        .join(Client, and_(Client.practice_id == Assignment.practice_id, Client.id == Assignment.client_id))
        .join(DUE_DAYS, and_(at.zone == Client.time_zone, at.shift == _shift(at.day)))
        .outerjoin(Cycle, and_(*of_cycle, Cycle.month == at.day))
        .where(
            Assignment.practice_id == HERE,
            *is_written_to(kind.name, at.due),
            Assignment.created_at < at.due,
            *runs_in(at.day),
            *stage,
        )
    )
    return adding(kind, rows, About(Assignment.id, at.due, user=Client.user_id, client=Client.id, day=at.day))


def _shift(month: Any) -> ColumnElement[int]:
    """`rules.shift_of` for the client of an assignment."""
    given = aliased(Assignment, name="given")
    many = select(given.created_at).where(given.practice_id == HERE).group_by(given.created_at)
    was_given_to_many = Assignment.created_at.in_(many.having(func.count() >= AT_ONCE).correlate(None))
    by_id = func.get_byte(func.uuid_send(Client.id), 15) % SPREAD_DAYS
    return case((and_(Assignment.from_month == month, was_given_to_many), by_id), else_=0)


def covers(month: Any) -> ColumnElement[bool]:
    """Whether an assignment has this month, be it paused."""
    return and_(Assignment.from_month <= month, Assignment.ended_from.is_(None) | (Assignment.ended_from > month))


def is_paused(month: Any) -> ColumnElement[bool]:
    """Whether an assignment rests in this month."""
    its = (AssignmentPause.practice_id == Assignment.practice_id, AssignmentPause.assignment_id == Assignment.id)
    return exists().where(*its, AssignmentPause.month == month).correlate_except(AssignmentPause)


def is_over_with(month: Any) -> ColumnElement[bool]:
    """Whether an assignment has all its meetups of this month."""
    done = aliased(Cycle, name="done")
    its = (done.practice_id == Assignment.practice_id, done.assignment_id == Assignment.id, done.month == month)
    return exists().where(*its, done.held >= Assignment.target).correlate_except(done)


def runs_in(month: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether an assignment asks for something in this month: it has it, does not rest, and is not done."""
    return covers(month), ~is_paused(month), ~is_over_with(month)


NOBODY_CHOSEN = and_(
    Cycle.chosen_at.is_(None), Cycle.invited_at.is_(None), Cycle.agreed_at.is_(None), func.coalesce(Cycle.held, 0) == 0
)
"""Whether a cycle's stage is below chosen. There may be no cycle yet."""

NOT_INVITED = and_(Cycle.invited_at.is_(None), Cycle.agreed_at.is_(None), func.coalesce(Cycle.held, 0) == 0)
NOTHING_AGREED = and_(Cycle.agreed_at.is_(None), func.coalesce(Cycle.held, 0) == 0)


def has_choice() -> ColumnElement[bool]:
    """Whether somebody is chosen for the month of a cycle and not let go."""
    return exists().where(*_open_choice(Cycle.month)).correlate_except(Choice)


def _open_choice(month: Any) -> tuple[ColumnElement[bool], ...]:
    of_assignment = (Choice.practice_id == Assignment.practice_id, Choice.assignment_id == Assignment.id)
    return (*of_assignment, Choice.month == month, Choice.dropped_at.is_(None))


def select_months(kind: Kind, claims: Sequence[Claim]) -> Select[*tuple[Any, ...]]:
    """The claimed messages about months, a row each: what `why_not` and `owner_in` read, and the parties."""
    its_cycle = (Cycle.practice_id == Assignment.practice_id, Cycle.assignment_id == Assignment.id)
    query = (
        select(
            Message.id,
            OF_MONTH.label("month"),
            covers(OF_MONTH).label("is_covered"),
            is_paused(OF_MONTH).label("is_paused"),
            Assignment.target,
            Cycle.chosen_at,
            Cycle.invited_at,
            Cycle.agreed_at,
            Cycle.held,
            Client.id.label("client_id"),
            Client.user_id,
            of_practice(Practice.half_life_days).label("half_life_days"),
            is_switched_off(kind.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Assignment, and_(Assignment.practice_id == Message.practice_id, Assignment.id == Message.subject_id))
        .outerjoin(Cycle, and_(*its_cycle, Cycle.month == OF_MONTH))
    )
    query = join_parties(query, Assignment.client_id, Assignment.practice_id)
    return query.where(*is_claimed(claims))


def with_choice(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same with the name of the friend who is chosen for the month."""
    is_friend = (Friend.practice_id == Choice.practice_id, Friend.id == Choice.friend_id)
    chosen = query.outerjoin(Choice, and_(*_open_choice(OF_MONTH))).outerjoin(Friend, and_(*is_friend))
    return chosen.add_columns(Friend.name.label("friend_name"))


def why_not(row: Any, now: datetime) -> str | None:
    """Why nothing is asked of the client of a row for its month; None where something may be."""
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    if row.is_off:
        return "switched off"
    if row.is_paused:
        return "paused"
    if not row.is_covered:
        return "ended"
    if is_done(row.held or 0, row.target):
        return "met"
    is_over = Month.local(now, zone_named(row.time_zone)) != Month.of(row.month)
    return "over" if is_over else None


def why_gone_further(row: Any, step: Stage) -> str | None:
    """The stage of the month where it has come to this step or further: what was asked for is done."""
    stage = stage_of(CycleFacts(None, row.chosen_at, row.invited_at, row.agreed_at, row.held or 0))
    return str(stage) if stage.reached(step) else None


def owner_in(row: Any) -> Owner:
    """Whose network it is."""
    return Owner(row.client_id, row.user_id, zone_named(row.time_zone), row.half_life_days)
