"""What Ana offers in the tests of free slots, when she works, and what is taken of her time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from coachhub.booking.models import (
    BlockedTime,
    Booking,
    CoachProfile,
    DatedHours,
    Offering,
    OfferingCoach,
    WeeklyHours,
)
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.factories import LONG_AGO, Person

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
"""The first one after the tests' clock; London is on UTC then."""


def at(hour: int, minute: int = 0, day: datetime = MONDAY) -> datetime:
    """That time of the day, in UTC."""
    return day.replace(hour=hour, minute=minute)


def an_offering(app: Flask, *coaches: Person, **terms: Any) -> UUID:
    """An open offering of these coaches: an hour on the hour, without buffers or notice unless said otherwise."""
    offering_id = uuid4()
    said = {"title": "A session", "minutes": 60, "price": 0, "currency": "GBP", "place_kind": "video"}
    said |= {"status": "open", "slug": offering_id.hex, "notice_minutes": 0, "step_minutes": 60}
    said |= {"created_at": LONG_AGO, "changed_at": LONG_AGO}
    with app.app_context(), as_practice(coaches[0].practice_id):
        db.session.add(Offering(practice_id=coaches[0].practice_id, id=offering_id, **said | terms))
        db.session.flush()
        for coach in coaches:
            key = {"practice_id": coach.practice_id, "coach_id": coach.user_id}
            db.session.add(OfferingCoach(offering_id=offering_id, **key))
    return offering_id


def lives_in(app: Flask, coach: Person, time_zone: str, daily_limit: int | None = None) -> None:
    """The coach has a profile."""
    _put(app, coach, CoachProfile, time_zone=time_zone, daily_limit=daily_limit)


def works(app: Flask, coach: Person, weekday: int, from_hour: float, until_hour: float) -> None:
    """The coach works from one hour until another each week."""
    minutes = {"from_minute": int(from_hour * 60), "until_minute": int(until_hour * 60)}
    _put(app, coach, WeeklyHours, weekday=weekday, **minutes)


def is_away(app: Flask, coach: Person, first: date, last: date | None = None) -> None:
    """The coach is on holiday."""
    _put(app, coach, DatedHours, first_day=first, last_day=last or first)


def works_on(app: Flask, coach: Person, day: date, from_hour: int, until_hour: int) -> None:
    """The coach has other hours that day."""
    minutes = {"from_minute": from_hour * 60, "until_minute": until_hour * 60}
    _put(app, coach, DatedHours, first_day=day, last_day=day, **minutes)


def blocks(app: Flask, coach: Person, begin: datetime, end: datetime) -> None:
    """The coach keeps a time free."""
    _put(app, coach, BlockedTime, starts_at=begin, ends_at=end, created_at=LONG_AGO)


def is_taken(app: Flask, coach: Person, starts_at: datetime, minutes: int = 60, **more: Any) -> UUID:
    """A visitor holds that time of the coach's, without buffers unless `busy_from` and `busy_until` say so."""
    booking_id, ends_at = uuid4(), starts_at + timedelta(minutes=minutes)
    said: dict[str, Any] = {"id": booking_id, "status": "held", "held_until": LONG_AGO}
    said |= {"starts_at": starts_at, "ends_at": ends_at, "busy_from": starts_at, "busy_until": ends_at}
    said |= {"title": "A session", "name": "Vera", "email": "vera@example.org", "locale": "en_GB"}
    said |= {"time_zone": "Europe/London", "place_kind": "video", "price": 0, "currency": "GBP"}
    said |= {"paid_with": "nothing", "free_until_minutes": 0, "late_percent": 0, "move_until_minutes": 0}
    _put(app, coach, Booking, created_at=LONG_AGO, **said | more)
    return booking_id


def _put(app: Flask, coach: Person, table: type[Any], **values: Any) -> None:
    with app.app_context(), as_practice(coach.practice_id):
        db.session.add(table(practice_id=coach.practice_id, coach_id=coach.user_id, **values))
