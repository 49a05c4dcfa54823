"""Three local days after a friend was written to, 09:00, and no answer: a gentle second line is ready."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Date, and_, cast, exists, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.habits.models import Assignment
from coachhub.network.models import Friend, Invitation, Meetup, MeetupStatus
from coachhub.network.service.names import first_name
from coachhub.platform.language import date_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.days import DUE_DAYS, days_due, holds, plan_days
from coachhub.reminders.kinds.kind import (
    HERE,
    MONTH,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    Script,
    Texts,
    adding,
    read_claimed,
)
from coachhub.reminders.kinds.months import covers, is_over_with, is_paused, runs_in
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, is_written_to, join_parties, letter_to_client
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Part, follow_up_due


@dataclass(frozen=True)
class FollowUpFacts:
    """To whom the client wrote, and when."""

    friend: str
    sent_at: datetime

    def fields(self) -> dict[str, Part]:
        """The friend by name, and the day."""
        return {"friend": self.friend, "first_name": first_name(self.friend), "day": date_words(self.sent_at)}


def _texts() -> Texts:
    lines = (
        _("You wrote to {friend} on {day}. No answer mostly means a full inbox, and nothing else."),
        _("A gentle second line is ready for you. Most people are glad of it."),
        _("Has {first_name} answered already? Say so in one tap."),
    )
    return Texts(_("No word from {first_name} yet? A second line is ready"), "\n\n".join(lines), _("Read the line"))


def _sample() -> dict[str, Part]:
    return FollowUpFacts("Robin Example", datetime(2026, 3, 9, 12, tzinfo=UTC)).fields()


def plan_follow_up(now: datetime) -> int:
    """Plan it for every message that waits for an answer since three days, in a month that runs and is not done."""
    return plan_days(_adding, days_due(follow_up_due, now), now)


@cache
def _adding() -> Insert:
    at = DUE_DAYS.c
    rows = (
        select()
        .select_from(Invitation)
        .join(Client, and_(Client.practice_id == Invitation.practice_id, Client.id == Invitation.client_id))
        .join(DUE_DAYS, at.zone == Client.time_zone)
        .join(Assignment, and_(Assignment.practice_id == Client.practice_id, Assignment.client_id == Client.id))
        .where(
            Invitation.practice_id == HERE,
            *holds(Invitation.sent_at),
            Invitation.answer.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.followed_up_at.is_(None),
            ~_is_agreed(),
            Assignment.created_at < at.due,
            *runs_in(at.month),
            *is_written_to(FOLLOW_UP.name, at.due),
        )
    )
    about = About(Invitation.id, at.due, user=Client.user_id, client=Client.id, month=at.month)
    return adding(FOLLOW_UP, rows, about)


@cache
def _is_agreed() -> ColumnElement[bool]:
    """Whether a meetup with the friend has come about since, in whatever way they answered."""
    theirs = (Meetup.practice_id == Invitation.practice_id, Meetup.friend_id == Invitation.friend_id)
    stands = Meetup.status != MeetupStatus.CANCELLED
    return exists().where(*theirs, stands, Meetup.agreed_at >= Invitation.sent_at).correlate(Invitation)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    month = cast(Message.fields[MONTH].astext, Date)
    has_it = and_(Assignment.practice_id == Invitation.practice_id, Assignment.client_id == Invitation.client_id)
    query = (
        select(
            Message.id,
            Invitation.sent_at,
            Invitation.answer,
            Invitation.withdrawn_at,
            Invitation.followed_up_at,
            Friend.name.label("friend_name"),
            _is_agreed().label("is_agreed"),
            Assignment.id.label("assignment_id"),
            is_paused(month).label("is_paused"),
            is_over_with(month).label("is_done"),
            is_switched_off(FOLLOW_UP.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Invitation, and_(Invitation.practice_id == Message.practice_id, Invitation.id == Message.subject_id))
        .join(Friend, and_(Friend.practice_id == Invitation.practice_id, Friend.id == Invitation.friend_id))
        .outerjoin(Assignment, and_(has_it, covers(month)))
    )
    query = join_parties(query, Invitation.client_id, Invitation.practice_id)
    return {row.id: _reading(row) for row in read_claimed(query, claims)}


def _reading(row: Any) -> Reading:
    reason = _why_pointless(row)
    if reason is not None:
        return Pointless(reason)
    facts = FollowUpFacts(row.friend_name, row.sent_at)
    return letter_to_client(row, address_of("/month?ask=follow_up"), facts)


def _why_pointless(row: Any) -> str | None:
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    reasons = (
        (row.is_off, "switched off"),
        (row.withdrawn_at is not None, "withdrawn"),
        (row.is_agreed, "agreed"),
        (row.answer is not None, "answered"),
        (row.followed_up_at is not None, "followed up"),
        (row.assignment_id is None, "ended"),
        (row.is_paused, "paused"),
        (row.is_done, "met"),
    )
    return next((reason for is_so, reason in reasons if is_so), None)


FOLLOW_UP = Kind("follow_up", is_reminder=True, plan=plan_follow_up, read=_read, script=Script(_texts, _sample))
