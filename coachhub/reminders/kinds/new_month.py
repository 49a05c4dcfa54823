"""The reminder of a new month: on its first working day, 09:00 by the client's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Date, DateTime, Text, and_, cast, column, exists, select, values
from sqlalchemy.sql.elements import ColumnElement

from coachhub.accounts.models import Practice
from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, AssignmentPause, Cycle, Plan
from coachhub.habits.rules import Month, is_done
from coachhub.network.service.owner import Owner
from coachhub.network.service.suggestions import Suggestion, three_for
from coachhub.platform.db import db
from coachhub.platform.language import month_words
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds.kind import (
    DAY,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    Script,
    Texts,
    plan_messages,
)
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, join_parties, letter_to_client
from coachhub.reminders.kinds.parts import friend_items, plan_quote, sample_friends
from coachhub.reminders.kinds.zones import zone_named, zones_of_clients
from coachhub.reminders.models import Message
from coachhub.reminders.rules import GRACE, Part, new_month_due


@dataclass(frozen=True)
class NewMonthFacts:
    """The month (its first day), the client's plan where it is made already (`at` in UTC), and up to three friends."""

    month: date
    at: datetime | None
    doing: str
    place: str
    friends: Sequence[Suggestion]

    def fields(self) -> dict[str, Part]:
        """The month by its name, the plan in the client's words, and whom they might see."""
        return {
            "month": month_words(self.month),
            "plan": plan_quote(self.at, self.doing, self.place),
            "friends": friend_items(self.friends),
        }


def _texts() -> Texts:
    lines = (
        _("A new month, a new hour with somebody you liked working with."),
        _("You have a plan for it already:"),
        "{plan}",
        _("Somebody who would be glad to hear from you:"),
        "{friends}",
    )
    return Texts(_("{month}: with whom would you like an hour?"), "\n\n".join(lines), _("Open my month"))


def _sample() -> dict[str, Part]:
    at = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)
    plan = plan_quote(at, _("write to %(name)s", name="Robin"), _("at my desk"))
    return {"month": month_words(at.date()), "plan": plan, "friends": sample_friends()}


def plan_new_month(now: datetime) -> int:
    """Plan it for every active client with a habit in the running month that neither rests nor is done.

    Nothing for the past: who was given the habit, or came, after the reminder was due gets the next one.
    """
    due = [found for zone in zones_of_clients() if (found := _due_now(zone, now))]
    if not due:
        return 0
    columns = (column("zone", Text), column("due", DateTime(timezone=True)), column("month", Date))
    at = values(*columns, name="local").data(due)
    rows = (
        select()
        .select_from(Assignment)
        .join(Client, and_(Client.practice_id == Assignment.practice_id, Client.id == Assignment.client_id))
        .join(at, at.c.zone == Client.time_zone)
        .where(
            Assignment.practice_id == current_practice(),
            Client.status == ClientStatus.ACTIVE,
            Assignment.created_at < at.c.due,
            Client.activated_at < at.c.due,
            *_runs_in(at.c.month),
            ~is_switched_off(NEW_MONTH.name, at.c.due),
        )
    )
    about = About(Assignment.id, at.c.due, user=Client.user_id, client=Client.id, day=at.c.month)
    return plan_messages(NEW_MONTH, rows, about, now)


def _due_now(zone: ZoneInfo, now: datetime) -> tuple[str, datetime, date] | None:
    month = Month.local(now, zone)
    due = new_month_due(month, zone)
    return (zone.key, due, month.first_day()) if now - GRACE <= due <= now else None


def _runs_in(month: ColumnElement[date]) -> tuple[ColumnElement[bool], ...]:
    of_assignment = (AssignmentPause.practice_id == Assignment.practice_id) & (
        AssignmentPause.assignment_id == Assignment.id
    )
    of_cycle = (Cycle.practice_id == Assignment.practice_id) & (Cycle.assignment_id == Assignment.id)
    return (
        Assignment.from_month <= month,
        Assignment.ended_from.is_(None) | (Assignment.ended_from > month),
        ~exists().where(of_assignment, AssignmentPause.month == month),
        ~exists().where(of_cycle, Cycle.month == month, Cycle.held >= Assignment.target),
    )


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    month = cast(Message.fields[DAY].astext, Date)
    of_month = (Assignment.practice_id, Assignment.id, month)
    query = (
        select(
            Message.id,
            month.label("month"),
            Assignment.from_month,
            Assignment.ended_from,
            Assignment.target,
            AssignmentPause.month.label("paused"),
            Cycle.held,
            Plan.at,
            Plan.doing,
            Plan.place,
            Client.id.label("client_id"),
            Client.user_id,
            Practice.half_life_days,
            is_switched_off(NEW_MONTH.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Assignment, and_(Assignment.practice_id == Message.practice_id, Assignment.id == Message.subject_id))
        .outerjoin(AssignmentPause, and_(*_same(AssignmentPause, of_month)))
        .outerjoin(Cycle, and_(*_same(Cycle, of_month)))
        .outerjoin(Plan, and_(*_same(Plan, of_month)))
    )
    query = join_parties(query, Assignment.client_id, Assignment.practice_id)
    mine = (Message.practice_id == current_practice(), Message.id.in_([claim.id for claim in claims]))
    rows = db.session.execute(query.where(*mine)).all()
    pointless = {row.id: reason for row in rows if (reason := _why_pointless(row, now)) is not None}
    found = three_for([_owner(row) for row in rows if row.id not in pointless], now)
    return {
        row.id: Pointless(pointless[row.id]) if row.id in pointless else _letter(row, found[row.client_id])
        for row in rows
    }


def _same(table: type[AssignmentPause | Cycle | Plan], key: tuple[Any, ...]) -> tuple[ColumnElement[bool], ...]:
    return (table.practice_id == key[0], table.assignment_id == key[1], table.month == key[2])


def _letter(row: Any, found: Sequence[Suggestion]) -> Reading:
    facts = NewMonthFacts(row.month, row.at, row.doing or "", row.place or "", found)
    return letter_to_client(row, address_of("/month"), facts)


def _why_pointless(row: Any, now: datetime) -> str | None:
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    if row.is_off:
        return "switched off"
    if row.paused is not None:
        return "paused"
    if row.from_month > row.month or (row.ended_from is not None and row.ended_from <= row.month):
        return "ended"
    if is_done(row.held or 0, row.target):
        return "met"
    is_over = Month.local(now, zone_named(row.time_zone)) != Month.of(row.month)
    return "over" if is_over else None


def _owner(row: Any) -> Owner:
    return Owner(row.client_id, row.user_id, zone_named(row.time_zone), row.half_life_days)


NEW_MONTH = Kind("new_month", is_reminder=True, plan=plan_new_month, read=_read, script=Script(_texts, _sample))
