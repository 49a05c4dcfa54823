"""At the time of the client's plan: it is time, in their own words.

It comes at an exact time, so in the evening, too; a plan for the night waits for the morning where that is soon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from textwrap import shorten
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import aliased

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment, Plan
from coachhub.habits.rules import Month
from coachhub.network.models import Invitation, Meetup, MeetupStatus
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    Script,
    Texts,
    add_messages,
    adding,
    instant_words,
    read_claimed,
)
from coachhub.reminders.kinds.months import covers, is_over_with, is_paused, runs_in
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, is_written_to, join_parties, letter_to_client
from coachhub.reminders.kinds.parts import plan_quote
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import GRACE, Part, is_past_its_moment

_SUBJECT_LENGTH = 60
_MADE_AT = func.coalesce(Plan.changed_at, Plan.created_at)


@dataclass(frozen=True)
class PlanTimeFacts:
    """When it is `at` (UTC), I will `doing`, at `place`."""

    at: datetime
    doing: str
    place: str

    def fields(self) -> dict[str, Part]:
        """The plan as the client made it, and the beginning of its words for a subject."""
        return {
            "plan": plan_quote(self.at, self.doing, self.place),
            "doing": shorten(self.doing, _SUBJECT_LENGTH, placeholder=" …"),
        }


def _texts() -> Texts:
    lines = (_("This is the moment that you chose:"), "{plan}", _("Ten minutes are enough; the page waits for you."))
    return Texts(_("It is time: {doing}"), "\n\n".join(lines), _("Begin"))


def _sample() -> dict[str, Part]:
    doing, place = _("write to %(name)s", name="Robin"), _("at my desk")
    return PlanTimeFacts(datetime(2026, 3, 12, 12, 30, tzinfo=UTC), doing, place).fields()


def plan_plan_time(now: datetime) -> int:
    """Plan it for every plan of an active client whose time has come, in a month that runs and is not done.

    Nothing for the past: a plan that was made or moved only after its own time is not told of. Nor is one since which
    the client has written to somebody, or agreed on something: that is what a plan is for.
    """
    return add_messages(_adding(), now, since=now - GRACE)


@cache
def _adding() -> Insert:
    rows = (
        select()
        .select_from(Plan)
        .join(Client, and_(Client.practice_id == Plan.practice_id, Client.id == Plan.client_id))
        .join(Assignment, and_(Assignment.practice_id == Client.practice_id, Assignment.client_id == Client.id))
        .where(
            Plan.practice_id == HERE,
            Plan.at >= SINCE,
            Plan.at <= NOW,
            Plan.at > _MADE_AT,
            Assignment.created_at < Plan.at,
            *runs_in(Plan.month),
            *is_written_to(PLAN_TIME.name, Plan.at),
            ~_is_replaced(),
            ~_has_written(),
            ~_has_agreed(),
        )
    )
    about = About(Plan.id, Plan.at, user=Client.user_id, client=Client.id, day=instant_words(Plan.at))
    return adding(PLAN_TIME, rows, about)


@cache
def _is_replaced() -> ColumnElement[bool]:
    """Whether the month has a later plan: a habit that was changed within the month has plans of its own."""
    later = aliased(Plan, name="later")
    same = (later.practice_id == Plan.practice_id, later.client_id == Plan.client_id, later.month == Plan.month)
    return exists().where(*same, later.created_at > Plan.created_at).correlate(Plan)


@cache
def _has_written() -> ColumnElement[bool]:
    sent = (Invitation.practice_id == Plan.practice_id, Invitation.client_id == Plan.client_id)
    return exists().where(*sent, Invitation.sent_at >= _MADE_AT).correlate(Plan)


@cache
def _has_agreed() -> ColumnElement[bool]:
    agreed = (Meetup.practice_id == Plan.practice_id, Meetup.client_id == Plan.client_id)
    stands = Meetup.status != MeetupStatus.CANCELLED
    return exists().where(*agreed, stands, Meetup.agreed_at >= _MADE_AT).correlate(Plan)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    has_it = and_(Assignment.practice_id == Plan.practice_id, Assignment.client_id == Plan.client_id)
    query = (
        select(
            Message.id,
            Plan.month,
            Plan.at,
            Plan.doing,
            Plan.place,
            (Message.fields[DAY].astext != instant_words(Plan.at)).label("has_moved"),
            _is_replaced().label("is_replaced"),
            _has_written().label("has_written"),
            _has_agreed().label("has_agreed"),
            Assignment.id.label("assignment_id"),
            is_paused(Plan.month).label("is_paused"),
            is_over_with(Plan.month).label("is_done"),
            is_switched_off(PLAN_TIME.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Plan, and_(Plan.practice_id == Message.practice_id, Plan.id == Message.subject_id))
        .outerjoin(Assignment, and_(has_it, covers(Plan.month)))
    )
    query = join_parties(query, Plan.client_id, Plan.practice_id)
    return {row.id: _reading(row, now) for row in read_claimed(query, claims)}


def _reading(row: Any, now: datetime) -> Reading:
    reason = _why_pointless(row, now)
    if reason is not None:
        return Pointless(reason)
    return letter_to_client(row, address_of("/month"), PlanTimeFacts(row.at, row.doing, row.place))


def _why_pointless(row: Any, now: datetime) -> str | None:
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    reasons = (
        (row.is_off, "switched off"),
        (row.assignment_id is None, "ended"),
        (row.is_paused, "paused"),
        (row.has_moved or row.is_replaced, "moved"),
        (row.is_done, "met"),
        (row.has_agreed, "agreed"),
        (row.has_written, "written"),
        (Month.local(now, zone_named(row.time_zone)) != Month.of(row.month), "over"),
        (is_past_its_moment(row.at, now), "past its moment"),
    )
    return next((reason for is_so, reason in reasons if is_so), None)


PLAN_TIME = Kind("plan_time", is_reminder=True, plan=plan_plan_time, read=_read, script=Script(_texts, _sample))
