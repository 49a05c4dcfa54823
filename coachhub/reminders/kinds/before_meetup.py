"""The day before a meetup, 09:00 by the client's clock: tomorrow, when, where, and how to move it.

It is about an appointment with somebody, not about the habit: it goes out in a paused month, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Date, and_, cast, exists, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.network.models import Friend, Meetup, MeetupMove, MeetupStatus
from coachhub.network.service.names import first_name
from coachhub.platform.language import moment_words, time_words
from coachhub.platform.links import address_of
from coachhub.platform.local_time import local_day
from coachhub.reminders.kinds.days import DUE_DAYS, days_due, holds, plan_days
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    NOW,
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
from coachhub.reminders.rules import Part, before_meetup_due


@dataclass(frozen=True)
class BeforeMeetupFacts:
    """With whom, when (UTC) and where; `is_today`: the reminder comes a day late."""

    friend: str
    starts_at: datetime
    place: str
    is_today: bool

    def fields(self) -> dict[str, Part]:
        """The friend by name; "Tomorrow" or "Today"; the moment, its time alone, and the place."""
        return {
            "friend": self.friend,
            "first_name": first_name(self.friend),
            "soon": _("Today") if self.is_today else _("Tomorrow"),
            "when": moment_words(self.starts_at),
            "time": time_words(self.starts_at),
            "place": self.place,
        }


def _texts() -> Texts:
    lines = (
        _("{soon} you meet {friend}: {when}."),
        _("Where: {place}"),
        _("Does it not suit any more? Move it: a new date is just as good."),
    )
    return Texts(_("{soon} at {time}: {friend}"), "\n\n".join(lines), _("See it, or move it"))


def _sample() -> dict[str, Part]:
    at = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)
    return BeforeMeetupFacts("Robin Example", at, _("the café at the corner"), is_today=False).fields()


def plan_before_meetup(now: datetime) -> int:
    """Plan it for every meetup of an active client that is still ahead.

    Nothing for the past: who agrees on a meetup, or moves it, after its reminder was due knows when it is.
    """
    return plan_days(_adding, days_due(before_meetup_due, now), now)


@cache
def _adding() -> Insert:
    at = DUE_DAYS.c
    moved = (MeetupMove.practice_id == Meetup.practice_id, MeetupMove.meetup_id == Meetup.id)
    rows = (
        select()
        .select_from(Meetup)
        .join(Client, and_(Client.practice_id == Meetup.practice_id, Client.id == Meetup.client_id))
        .join(DUE_DAYS, at.zone == Client.time_zone)
        .where(
            Meetup.practice_id == HERE,
            Meetup.status == MeetupStatus.SCHEDULED,
            *holds(Meetup.starts_at),
            Meetup.starts_at > NOW,
            Meetup.agreed_at < at.due,
            ~exists().where(*moved, MeetupMove.moved_at >= at.due).correlate_except(MeetupMove),
            *is_written_to(BEFORE_MEETUP.name, at.due),
        )
    )
    about = About(Meetup.id, at.due, user=Client.user_id, client=Client.id, day=at.day)
    return adding(BEFORE_MEETUP, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            Message.id,
            cast(Message.fields[DAY].astext, Date).label("day"),
            Meetup.id.label("meetup_id"),
            Meetup.starts_at,
            Meetup.place,
            Meetup.status.label("meetup_status"),
            Friend.name.label("friend_name"),
            is_switched_off(BEFORE_MEETUP.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(Meetup, and_(Meetup.practice_id == Message.practice_id, Meetup.id == Message.subject_id))
        .join(Friend, and_(Friend.practice_id == Meetup.practice_id, Friend.id == Meetup.friend_id))
    )
    query = join_parties(query, Meetup.client_id, Meetup.practice_id)
    return {row.id: _reading(row, now) for row in read_claimed(query, claims)}


def _reading(row: Any, now: datetime) -> Reading:
    reason = _why_pointless(row, now)
    if reason is not None:
        return Pointless(reason)
    is_today = local_day(now, zone_named(row.time_zone)) == row.day
    facts = BeforeMeetupFacts(row.friend_name, row.starts_at, row.place, is_today)
    return letter_to_client(row, address_of(f"/meetups/{row.meetup_id}"), facts)


def _why_pointless(row: Any, now: datetime) -> str | None:
    if row.status != ClientStatus.ACTIVE:
        return str(row.status)
    if row.is_off:
        return "switched off"
    if row.meetup_status != MeetupStatus.SCHEDULED:
        return str(row.meetup_status)
    if local_day(row.starts_at, zone_named(row.time_zone)) != row.day:
        return "moved"
    return "over" if row.starts_at <= now else None


BEFORE_MEETUP = Kind(
    "before_meetup", is_reminder=True, plan=plan_before_meetup, read=_read, script=Script(_texts, _sample)
)
