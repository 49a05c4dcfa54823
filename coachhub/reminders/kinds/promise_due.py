"""What the client promised a friend, on the day it was promised for, 09:00 by the client's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from textwrap import shorten
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Date, and_, cast, func, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.network.models import Friend, Log
from coachhub.network.service.names import first_name
from coachhub.network.service.promises import is_open
from coachhub.platform.language import date_words
from coachhub.platform.links import address_of
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
    read_claimed,
)
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, is_written_to, join_parties, letter_to_client
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Part, Quote, promise_due

_SUBJECT_LENGTH = 60


@dataclass(frozen=True)
class PromiseFacts:
    """What was promised in the client's own words, to whom, and when they met."""

    friend: str
    words: str
    met_at: datetime

    def fields(self) -> dict[str, Part]:
        """The friend by name, the day on which they met, the promise itself, and its beginning for a subject."""
        return {
            "friend": self.friend,
            "first_name": first_name(self.friend),
            "day": date_words(self.met_at),
            "promise": Quote(f"“{self.words}”"),
            "promise_short": shorten(self.words, _SUBJECT_LENGTH, placeholder=" …"),
        }


def _texts() -> Texts:
    lines = (
        _("When you met {friend} on {day}, you promised:"),
        "{promise}",
        _("Done already, or not today? One tap says so."),
    )
    return Texts(_("You promised {first_name}: {promise_short}"), "\n\n".join(lines), _("Done, or another day"))


def _sample() -> dict[str, Part]:
    words = _("send the article about four-day weeks")
    return PromiseFacts("Robin Example", words, datetime(2026, 3, 12, 12, 30, tzinfo=UTC)).fields()


def plan_promise_due(now: datetime) -> int:
    """Plan it for every open promise of an active client whose day has come.

    Nothing for the past: a promise that got its day only after that morning is not told of. Put off, it is told of
    again on its new day.
    """
    return plan_days(_adding, days_due(promise_due, now), now)


@cache
def _adding() -> Insert:
    at = DUE_DAYS.c
    rows = (
        select()
        .select_from(Log)
        .join(Client, and_(Client.practice_id == Log.practice_id, Client.id == Log.client_id))
        .join(DUE_DAYS, at.zone == Client.time_zone)
        .where(
            Log.practice_id == HERE,
            is_open(),
            *is_day(Log.follow_up_on),
            func.coalesce(Log.follow_up_set_at, Log.created_at) < at.due,
            *is_written_to(PROMISE_DUE.name, at.due),
        )
    )
    about = About(Log.id, at.due, user=Client.user_id, client=Client.id, day=at.day)
    return adding(PROMISE_DUE, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            Message.id,
            cast(Message.fields[DAY].astext, Date).label("day"),
            Log.meetup_id,
            Log.held_at,
            Log.follow_up,
            Log.follow_up_on,
            Log.follow_up_done_at,
            Friend.name.label("friend_name"),
            is_switched_off(PROMISE_DUE.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Log, and_(Log.practice_id == Message.practice_id, Log.id == Message.subject_id))
        .join(Friend, and_(Friend.practice_id == Log.practice_id, Friend.id == Log.friend_id))
    )
    query = join_parties(query, Log.client_id, Log.practice_id)
    return {row.id: _reading(row) for row in read_claimed(query, claims)}


def _reading(row: Any) -> Reading:
    reason = _why_pointless(row)
    if reason is not None:
        return Pointless(reason)
    facts = PromiseFacts(row.friend_name, row.follow_up, row.held_at)
    return letter_to_client(row, address_of(f"/meetups/{row.meetup_id}"), facts)


def _why_pointless(row: Any) -> str | None:
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    if row.is_off:
        return "switched off"
    if row.follow_up_done_at is not None:
        return "kept"
    if not row.follow_up:
        return "taken back"
    return "put off" if row.follow_up_on != row.day else None


PROMISE_DUE = Kind("promise_due", is_reminder=True, plan=plan_promise_due, read=_read, script=Script(_texts, _sample))
