"""The demo's calendar: a booking below each coaching session, somebody who is booking just now, and a blocked hour."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.models import BlockedTime, Booking
from coachhub.booking.service.holding import HOLD_MINUTES
from coachhub.demo import people
from coachhub.demo.sheets import Sheets
from coachhub.demo.wares import OFFERINGS
from coachhub.demo.who import new_id
from coachhub.platform.local_time import local_day, local_instant

SESSION = next(sold for sold in OFFERINGS if sold.slug == "career-session")
STANDS = {"scheduled": "confirmed", "held": "completed", "missed": "no_show", "cancelled": "cancelled"}
"""How the booking of a coaching session stands."""
_AN_HOUR = timedelta(hours=1)
_PAYING = timedelta(minutes=HOLD_MINUTES + 5)
"""So long a time is held for somebody who has gone to pay."""


@dataclass(frozen=True)
class Booked:
    """Who has booked a time of which coach; of a visitor there is no client as yet."""

    coach_id: UUID
    client_id: UUID | None
    name: str
    email: str
    time_zone: str


@dataclass(frozen=True)
class Visit:
    """A visitor's booking, made at this moment: still held for them, or given up."""

    booking_id: UUID
    who: Booked
    at: datetime
    is_held: bool


def add_booking(
    sheets: Sheets, practice_id: UUID, booking_id: UUID, who: Booked, starts_at: datetime, **more: object
) -> None:
    """An hour, planned by the coach, unless something else is said."""
    values = {
        **{"practice_id": practice_id, "id": booking_id, "coach_id": who.coach_id, "client_id": who.client_id},
        **{"name": who.name, "email": who.email, "time_zone": who.time_zone, "locale": people.PRACTICE[4]},
        **{"starts_at": starts_at, "ends_at": starts_at + _AN_HOUR},
        **{"busy_from": starts_at, "busy_until": starts_at + _AN_HOUR, "title": "", "offering_id": None},
        **{"place_kind": "address", "place": "", "price": 0, "currency": people.PRACTICE[3], "paid_with": "coach"},
        **{
            "free_until_minutes": 1440,
            "late_percent": 0,
            "move_until_minutes": 1440,
            "sequence": 0,
            "held_until": None,
        },
        **{"cancelled_at": None, "cancelled_by": None, "cancel_reason": "", "confirmed_at": None},
    }
    sheets.add(Booking, **values | more)


def of_offering(offering_id: UUID, starts_at: datetime) -> dict[str, object]:
    """What a booking has of the career session: its title and price, and the quarter of an hour after it."""
    busy_until = starts_at + _AN_HOUR + timedelta(minutes=SESSION.buffer_after)
    said = {"title": SESSION.title, "price": SESSION.price, "place_kind": SESSION.place_kind}
    return {"offering_id": offering_id, "busy_until": busy_until, "late_percent": SESSION.late_percent, **said}


def write_visitors(
    sheets: Sheets,
    chance: random.Random,
    now: datetime,
    practice_id: UUID,
    coach_ids: Sequence[UUID],
    offering_id: UUID,
) -> list[Visit]:
    """One is paying at this moment, another did not pay in time; and the owner keeps an hour of tomorrow free."""
    visits = []
    zone = ZoneInfo(people.PRACTICE[2])
    tomorrow = local_day(now, zone) + timedelta(days=1)
    for number, (minutes, (name, email)) in enumerate(((5, people.VISITORS[0]), (90, people.VISITORS[1]))):
        made_at = now - timedelta(minutes=minutes)
        held_until = made_at + _PAYING
        status = "held" if held_until > now else "expired"
        stands = {"status": status, "held_until": held_until, "created_at": made_at, "paid_with": "money"}
        who = Booked(coach_ids[number + 1], None, name, email, people.PRACTICE[2])
        at = local_instant(tomorrow + timedelta(days=number), time(18), zone)
        visit = Visit(new_id(chance), who, made_at, is_held=status == "held")
        add_booking(sheets, practice_id, visit.booking_id, who, at, **stands, **of_offering(offering_id, at))
        visits.append(visit)
    lunch = local_instant(tomorrow, time(12), zone)
    sheets.add(
        BlockedTime,
        practice_id=practice_id,
        id=new_id(chance),
        coach_id=coach_ids[0],
        starts_at=lunch,
        ends_at=lunch + _AN_HOUR,
        note="Lunch with Priscilla",
        created_at=now - timedelta(days=2),
    )
    return visits
