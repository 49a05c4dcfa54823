"""What the client agreed to do by today, 09:00 by their clock: one message for all of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from textwrap import shorten
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Date, and_, cast, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.coaching.models import Action, Party
from coachhub.coaching.service.action_links import actions_address
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds.days import DUE_DAYS, days_due, is_day, plan_days
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    Script,
    Texts,
    adding,
    is_among,
    read_claimed,
)
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, is_written_to, join_parties, letter_to_client
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Items, Part, action_due

_SUBJECT_LENGTH = 60


@dataclass(frozen=True)
class ActionsFacts:
    """What is due, in the words in which it was agreed, and with whom."""

    coach: str
    actions: Sequence[str]

    def fields(self) -> dict[str, Part]:
        """The coach by name, what is due as a list, and a word on it for a subject."""
        only = shorten(self.actions[0], _SUBJECT_LENGTH, placeholder=" …")
        count = len(self.actions)
        return {
            "coach": self.coach,
            "actions": Items(tuple((action, "") for action in self.actions)),
            "action": only if count == 1 else str(ngettext("%(num)s thing", "%(num)s things", count)),
        }


def _texts() -> Texts:
    lines = (
        _("For today you and {coach} agreed on:"),
        "{actions}",
        _("Done already? One tap says so. Not today? It waits for your next conversation."),
    )
    return Texts(_("For today: {action}"), "\n\n".join(lines), _("Tick what is done"))


def _sample() -> dict[str, Part]:
    return ActionsFacts("Robin Example", (str(_("Write down three things that went well")),)).fields()


def plan_actions_due(now: datetime) -> int:
    """Plan it for every active client with something to do by this day, however much it is.

    Nothing for the past: what got its day only after that morning is not told of. Put off, it is told of on its new
    day.
    """
    return plan_days(_adding, days_due(action_due, now), now)


@cache
def _adding() -> Insert:
    at = DUE_DAYS.c
    rows = (
        select()
        .select_from(Action)
        .join(Client, and_(Client.practice_id == Action.practice_id, Client.id == Action.client_id))
        .join(DUE_DAYS, at.zone == Client.time_zone)
        .where(
            Action.practice_id == HERE,
            *_is_to_do(),
            *is_day(Action.due_on),
            Action.changed_at < at.due,
            *is_written_to(ACTIONS_DUE.name, at.due),
        )
    )
    about = About(Client.id, at.due, user=Client.user_id, client=Client.id, day=at.day)
    return adding(ACTIONS_DUE, rows, about)


def _is_to_do() -> tuple[ColumnElement[bool], ...]:
    return (Action.owner == Party.CLIENT, Action.done_at.is_(None), Action.dropped_at.is_(None))


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = select(
        Message.id,
        Message.client_id,
        cast(Message.fields[DAY].astext, Date).label("day"),
        is_switched_off(ACTIONS_DUE.name).label("is_off"),
        *PARTIES,
    ).select_from(Message)
    query = join_parties(query, Message.subject_id, Message.practice_id)
    rows = read_claimed(query, claims)
    due = _due(rows)
    return {row.id: _reading(row, due[row.client_id, row.day]) for row in rows}


def _due(rows: Sequence[Any]) -> Mapping[tuple[UUID, date | None], list[str]]:
    """What is to do by the days of these messages, in the order in which it was agreed. One statement."""
    found: dict[tuple[UUID, date | None], list[str]] = defaultdict(list)
    these = (is_among(Action.client_id, [row.client_id for row in rows]), Action.due_on.in_({row.day for row in rows}))
    query = select(Action.client_id, Action.due_on, Action.text).where(
        Action.practice_id == current_practice(), *these, *_is_to_do()
    )
    for client_id, day, words in db.session.execute(query.order_by(Action.created_at, Action.id)):
        found[client_id, day].append(words)
    return found


def _reading(row: Any, due: Sequence[str]) -> Reading:
    if row.status != ClientStatus.ACTIVE:
        return Pointless(str(row.status))
    if row.is_off:
        return Pointless("switched off")
    if not due:
        return Pointless("nothing left")
    return letter_to_client(row, actions_address(row.client_id), ActionsFacts(row.coach_name, due))


ACTIONS_DUE = Kind("actions_due", is_reminder=True, plan=plan_actions_due, read=_read, script=Script(_texts, _sample))
