"""Bookings as rows, in any state, and what becomes of them: for tests of what is around a booking."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from coachhub.booking.models import Booking, Offering, OfferingCoach, PracticePage, Side
from coachhub.booking.service.changes import CANCELLED, CHANGED, CONFIRMED, ENDED
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import LONG_AGO

IN_A_WEEK = NOW + timedelta(days=7)
HOUR = timedelta(hours=1)


def an_offering(cast: Cast, **more: Any) -> UUID:
    """An hour with Ana for 90 pounds, bookable; its id."""
    offering_id = uuid4()
    said = {"slug": f"hour-{offering_id.hex[:6]}", "title": "Career conversation", "status": "open", "minutes": 60}
    money = {"price": 9000, "currency": "GBP"}
    where = {"place_kind": "video", "place": "https://meet.example/ana"}
    made = {"created_at": LONG_AGO, "changed_at": LONG_AGO, "practice_id": cast.ana.practice_id}
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        db.session.add(Offering(id=offering_id, **{**said, **money, **where, **made, **more}))
        db.session.flush()
        given = {"practice_id": cast.ana.practice_id, "offering_id": offering_id, "coach_id": cast.ana.user_id}
        db.session.add(OfferingCoach(**given))
        db.session.merge(PracticePage(practice_id=cast.ana.practice_id, changed_at=LONG_AGO))
    return offering_id


def booked(cast: Cast, starts_at: datetime = IN_A_WEEK, **more: Any) -> UUID:
    """Ben has booked an hour with Ana and paid for it, and the news were told; the booking's id."""
    stands = {"client_id": cast.ben.client_id, "status": "confirmed", "confirmed_at": LONG_AGO}
    booking_id = held(cast, starts_at, **{**stands, **more})
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        CONFIRMED.tell(booking_id)
    return booking_id


def held(cast: Cast, starts_at: datetime = IN_A_WEEK, **more: Any) -> UUID:
    """A booking of which nobody is told."""
    booking_id = uuid4()
    ends_at = more.pop("ends_at", starts_at + HOUR)
    when = {"starts_at": starts_at, "ends_at": ends_at, "busy_from": starts_at, "busy_until": ends_at}
    who = {"coach_id": cast.ana.user_id, "name": "Ben Berger", "email": "ben@example.com"}
    reads = {"time_zone": "Europe/London", "locale": "en_GB"}
    where = {"title": "Career conversation", "place_kind": "video", "place": "https://meet.example/ana"}
    money = {"price": 9000, "currency": "GBP", "paid_with": "money"}
    rule = {"free_until_minutes": 1440, "late_percent": 50, "move_until_minutes": 1440}
    stands = {"status": "held", "held_until": NOW + HOUR / 2, "created_at": LONG_AGO}
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        row = {**when, **who, **reads, **where, **money, **rule, **stands, **more}
        db.session.add(Booking(practice_id=cast.ana.practice_id, id=booking_id, **row))
    return booking_id


def move(cast: Cast, booking_id: UUID, starts_at: datetime, by: Side = Side.CLIENT) -> None:
    """The booking is moved, and the news are told."""
    ends_at = starts_at + HOUR
    when = {"starts_at": starts_at, "ends_at": ends_at, "busy_from": starts_at, "busy_until": ends_at}
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        _set(booking_id, **when, sequence=Booking.sequence + 1, moved_at=clock.now())
        CHANGED.tell(booking_id, by)


def call_off(cast: Cast, booking_id: UUID, by: Side = Side.CLIENT) -> None:
    """The booking is cancelled, and the news are told."""
    off = {"status": "cancelled", "cancelled_by": by.value, "cancelled_at": NOW}
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        _set(booking_id, sequence=Booking.sequence + 1, **off)
        CANCELLED.tell(booking_id, by)


def end(cast: Cast, booking_id: UUID, status: str = "completed") -> None:
    """It took place, or the client did not come."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        _set(booking_id, status=status)
        ENDED.tell(booking_id)


def _set(booking_id: UUID, **values: Any) -> None:
    db.session.execute(update(Booking).where(Booking.id == booking_id).values(**values))
