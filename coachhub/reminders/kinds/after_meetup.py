"""The reminder on the day after a meetup, 09:00 by the client's clock: how was it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Date, and_, cast, exists, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.network.models import Friend, Log, Meetup, MeetupStatus
from coachhub.platform.language import date_words
from coachhub.platform.links import address_of
from coachhub.platform.local_time import local_day, start_of_day
from coachhub.reminders.kinds.days import DUE_DAYS, days_due, holds, plan_days
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
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Part, after_meetup_due


@dataclass(frozen=True)
class AfterMeetupFacts:
    """With whom the client met, and when."""

    friend: str
    starts_at: datetime

    def fields(self) -> dict[str, Part]:
        """The friend by name, and the day."""
        return {"friend": self.friend, "day": date_words(self.starts_at)}


def _texts() -> Texts:
    lines = (
        _("You were going to meet {friend} on {day}. How was it?"),
        _("Two words are enough. And if it did not come about: a new date is just as good."),
    )
    return Texts(_("How was it with {friend}?"), "\n\n".join(lines), _("Tell how it was"))


def _sample() -> dict[str, Part]:
    return {"friend": "Robin Example", "day": date_words(date(2026, 3, 12))}


def plan_after_meetup(now: datetime) -> int:
    """Plan it for every meetup of an active client that is still scheduled and not logged.

    Nothing for the past: a meetup written down only after its reminder was due gets none.
    """
    return plan_days(_adding, days_due(lambda day, zone: after_meetup_due(start_of_day(day, zone), zone), now), now)


@cache
def _adding() -> Insert:
    at = DUE_DAYS.c
    is_logged = exists().where(Log.practice_id == Meetup.practice_id, Log.meetup_id == Meetup.id)
    rows = (
        select()
        .select_from(Meetup)
        .join(Client, and_(Client.practice_id == Meetup.practice_id, Client.id == Meetup.client_id))
        .join(DUE_DAYS, at.zone == Client.time_zone)
        .where(
            Meetup.practice_id == HERE,
            Meetup.status == MeetupStatus.SCHEDULED,
            *holds(Meetup.starts_at),
            Meetup.agreed_at < at.due,
            *is_written_to(AFTER_MEETUP.name, at.due),
            ~is_logged,
        )
    )
    about = About(Meetup.id, at.due, user=Client.user_id, client=Client.id, day=at.day)
    return adding(AFTER_MEETUP, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    is_log = and_(Log.practice_id == Meetup.practice_id, Log.meetup_id == Meetup.id)
    query = (
        select(
            Message.id,
            cast(Message.fields[DAY].astext, Date).label("day"),
            Meetup.id.label("meetup_id"),
            Meetup.starts_at,
            Meetup.status.label("meetup_status"),
            Log.id.label("log_id"),
            Friend.name.label("friend_name"),
            is_switched_off(AFTER_MEETUP.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Meetup, and_(Meetup.practice_id == Message.practice_id, Meetup.id == Message.subject_id))
        .join(Friend, and_(Friend.practice_id == Meetup.practice_id, Friend.id == Meetup.friend_id))
        .outerjoin(Log, is_log)
    )
    query = join_parties(query, Meetup.client_id, Meetup.practice_id)
    return {row.id: _reading(row) for row in read_claimed(query, claims)}


def _reading(row: Any) -> Reading:
    reason = _why_pointless(row)
    if reason is not None:
        return Pointless(reason)
    facts = AfterMeetupFacts(row.friend_name, row.starts_at)
    return letter_to_client(row, address_of(f"/meetups/{row.meetup_id}"), facts)


def _why_pointless(row: Any) -> str | None:
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    if row.is_off:
        return "switched off"
    if row.log_id is not None or row.meetup_status == MeetupStatus.HELD:
        return "logged"
    if row.meetup_status == MeetupStatus.CANCELLED:
        return "cancelled"
    has_moved = local_day(row.starts_at, zone_named(row.time_zone)) != row.day
    return "moved" if has_moved else None


AFTER_MEETUP = Kind(
    "after_meetup", is_reminder=True, plan=plan_after_meetup, read=_read, script=Script(_texts, _sample)
)
