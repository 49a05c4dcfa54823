"""Coaching sessions of the demo, each with its booking: some behind, one today, one tomorrow, and those to come."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.models import PaidWith
from coachhub.coaching.models import CoachingSession
from coachhub.coaching.rules import day_before, hour_before
from coachhub.demo import people
from coachhub.demo.agreements import topic_of, write_actions
from coachhub.demo.bookings import STANDS, Booked, add_booking, of_offering
from coachhub.demo.notebook import write_notes
from coachhub.demo.purses import Purses
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import new_id
from coachhub.platform.local_time import local_day, local_instant
from coachhub.platform.wakes import Wake

_EVERY = timedelta(days=28)
_AHEAD = {0: 1, 1: 1, 3: 0, 4: 2, 7: 4, 8: 6, 12: 9, 15: 3}
"""In how many days whose next session is; 0 is today, in a few hours."""
_CANCELLED = 2
"""Which of the past ones was cancelled."""
_MISSED, _SOME = 3, 9
"""Which of the past ones some clients did not come to."""


@dataclass(frozen=True)
class Coached:
    """A client, by the number that they have in the demo, and the coach; what they book, or None: planned by hand."""

    number: int
    who: Booked
    offering_id: UUID | None


def write_sessions(
    sheets: Sheets,
    chance: random.Random,
    now: datetime,
    practice_id: UUID,
    clients: Sequence[Coached],
    purses: Purses | None = None,
) -> None:
    """The sessions of these clients, each on a booking of its coach's; reminders look when they are due.

    What was booked of an offering is paid out of `purses`; without them the coach asks for the money elsewhere.
    """
    wakes: set[datetime] = set()
    agreed, noted = random.Random(34), random.Random(46)  # noqa: S311 (a story, not a secret)
    for each in clients:
        held = []
        for number, starts_at in enumerate(_starts(each.number, now)):
            said = _columns(chance, starts_at, _status(each.number, number, starts_at, now), now)
            said |= topic_of(each.number, starts_at, now)
            session_id = new_id(chance)
            if said["status"] == "held":
                held.append((session_id, starts_at))
            paid = PaidWith.COACH
            if purses is not None and each.offering_id is not None:
                paid = purses.pay(each.number, number, session_id, each.who, said)
            _add(sheets, practice_id, session_id, each, said, paid)
            wakes |= {due for due in (day_before(starts_at), hour_before(starts_at)) if due > now}
        write_actions(sheets, agreed, now, practice_id, each.who, held)
        write_notes(sheets, noted, practice_id, each.who, held)
    for at in sorted(wakes):
        sheets.add(Wake, practice_id=practice_id, at=at, is_urgent=False)


def _status(n: int, number: int, starts_at: datetime, now: datetime) -> str:
    if starts_at > now:
        return "scheduled"
    if number == _CANCELLED:
        return "cancelled"
    return "missed" if number == _MISSED and n % _SOME == 4 else "held"


def _add(
    sheets: Sheets, practice_id: UUID, session_id: UUID, each: Coached, said: dict[str, Any], paid: PaidWith
) -> None:
    """A session and its booking have one id, so that they are one event in every calendar."""
    status, starts_at, who = said["status"], said["starts_at"], each.who
    made = {"created_at": said["created_at"], "confirmed_at": said["created_at"], "sequence": said["sequence"]}
    off = {"cancelled_at": said["cancelled_at"], "cancelled_by": "client" if status == "cancelled" else None}
    stands = {"status": STANDS[status], "place": said["place"], "paid_with": paid.value}
    offered = of_offering(each.offering_id, starts_at) if each.offering_id else {}
    add_booking(sheets, practice_id, session_id, who, starts_at, **stands, **made, **off, **offered)
    whose = {"practice_id": practice_id, "client_id": who.client_id, "coach_id": who.coach_id}
    sheets.add(CoachingSession, id=session_id, booking_id=session_id, **whose, **said)


def _starts(n: int, now: datetime) -> list[datetime]:
    """When a client's sessions begin: the next one, where there is one, then back through the months."""
    zone = ZoneInfo(people.PRACTICE[2])
    today, hour = local_day(now, zone), time(9 + n % 8)
    past = [local_instant(today - timedelta(days=17 + n % 5) - _EVERY * back, hour, zone) for back in range(4)]
    if n not in _AHEAD:
        return past
    soon = now.replace(minute=30, second=0, microsecond=0) + timedelta(hours=3)
    return [local_instant(today + timedelta(days=_AHEAD[n]), hour, zone) if _AHEAD[n] else soon, *past]


def _columns(chance: random.Random, starts_at: datetime, status: str, now: datetime) -> dict[str, Any]:
    planned_at = min(starts_at, now) - timedelta(days=10)
    is_off = status == "cancelled"
    return {
        "starts_at": starts_at,
        "minutes": 60,
        "place": chance.choice(people.ROOMS),
        "agenda": chance.choice(people.AGENDAS),
        "status": status,
        "sequence": int(is_off),
        "created_at": planned_at,
        "changed_at": planned_at,
        "cancelled_at": starts_at - timedelta(days=2) if is_off else None,
        "news_sequence": int(is_off),
        "news_at": starts_at - timedelta(days=2) if is_off else planned_at,
    }
