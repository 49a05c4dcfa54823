"""Ana offers an hour that costs 90 pounds; visitors take times of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from coachhub.booking.models import Offering, OfferingCoach, PaidWith, WeeklyHours
from coachhub.booking.service.confirming import Outcome, confirm_booking
from coachhub.booking.service.holding import BookingAsked, hold_slot
from coachhub.booking.service.reading import BookingRow, booking_of
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import LONG_AGO, Person

NEXT_MONDAY = NOW.replace(day=9, hour=10)
AN_HOUR = timedelta(hours=1)


def an_offering(app: Flask, *coaches: Person, **more: Any) -> UUID:
    """An open offering of these coaches, who work around the clock: an hour for 90 pounds unless said otherwise."""
    offering_id, practice_id = uuid4(), coaches[0].practice_id
    said = {
        "title": "A session",
        "minutes": 60,
        "price": 9000,
        "place_kind": "video",
        "place": "https://meet.example/a",
    }
    said |= {"status": "open", "currency": "GBP", "created_at": LONG_AGO, "changed_at": LONG_AGO}
    said |= {"slug": f"session-{offering_id.hex[:6]}", "notice_minutes": 0}
    with app.app_context(), as_practice(practice_id, coaches[0].user_id):
        db.session.add(Offering(practice_id=practice_id, id=offering_id, **said | more))
        db.session.flush()
        for coach in coaches:
            _works(practice_id, offering_id, coach.user_id)
    return offering_id


def _works(practice_id: UUID, offering_id: UUID, coach_id: UUID) -> None:
    db.session.add(OfferingCoach(practice_id=practice_id, offering_id=offering_id, coach_id=coach_id))
    for day in range(7):
        range_ = {"weekday": day, "from_minute": 0, "until_minute": 1440}
        db.session.add(WeeklyHours(practice_id=practice_id, coach_id=coach_id, **range_))


def asked_by(who: str, offering_id: UUID, starts_at: datetime = NEXT_MONDAY, **more: Any) -> BookingAsked:
    """What a visitor of that name asks for."""
    said: dict[str, Any] = {"coach_id": None, "phone": "", "time_zone": "Europe/London", "locale": "en_GB", "place": ""}
    email = f"{who.lower()}@example.org"
    return BookingAsked(offering_id, starts_at, **{"name": who, "email": email, **said, **more})


@contextmanager
def as_nobody(cast: Cast, practice: Person | None = None) -> Iterator[None]:
    """A transaction of Ana's practice, or another, as the visitor's pages bind it: nobody is signed in."""
    with cast.app.app_context(), as_practice((practice or cast.ana).practice_id):
        yield


def held(
    cast: Cast,
    who: str,
    offering_id: UUID,
    starts_at: datetime = NEXT_MONDAY,
    practice: Person | None = None,
    **more: Any,
) -> UUID:
    """A visitor holds a slot."""
    with as_nobody(cast, practice):
        return hold_slot(asked_by(who, offering_id, starts_at, **more))


def confirmed(
    cast: Cast,
    who: str,
    offering_id: UUID,
    starts_at: datetime = NEXT_MONDAY,
    practice: Person | None = None,
    **more: Any,
) -> UUID:
    """A visitor holds a slot and pays for it."""
    booking_id = held(cast, who, offering_id, starts_at, practice, **more)
    assert confirm(cast, booking_id, practice=practice) is Outcome.CONFIRMED
    return booking_id


def confirm(
    cast: Cast, booking_id: UUID, paid_with: PaidWith = PaidWith.MONEY, practice: Person | None = None
) -> Outcome:
    """The money has come."""
    with as_nobody(cast, practice):
        return confirm_booking(booking_id, paid_with)


def read(cast: Cast, booking_id: UUID, practice: Person | None = None) -> BookingRow:
    """How it stands."""
    with as_nobody(cast, practice):
        return booking_of(booking_id)
