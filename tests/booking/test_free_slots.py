"""Free slots as the pages ask for them, on PostgreSQL, as the web role binds a visitor: nobody is signed in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from coachhub.booking.service.slots import Slot, free_slots
from coachhub.platform.tenancy import as_practice
from tests.booking.offered import (
    MONDAY,
    an_offering,
    at,
    lives_in,
    works,
)
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person

DAY = timedelta(days=1)


@pytest.fixture
def ana(cast: Cast) -> Person:
    """Ana lives in London and works on Mondays from nine to twelve."""
    lives_in(cast.app, cast.ana, "Europe/London")
    works(cast.app, cast.ana, 0, 9, 12)
    return cast.ana


def slots_on(cast: Cast, offering_id: UUID, day: datetime = MONDAY, now: datetime = NOW, **more: Any) -> list[Slot]:
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        return list(free_slots(offering_id, day, day + DAY, now, **more))


def hours_of(slots: list[Slot]) -> list[str]:
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def test_it_offers_the_weekly_hours(cast: Cast, ana: Person) -> None:
    slots = slots_on(cast, an_offering(cast.app, ana))
    assert slots[0] == Slot(at(9), at(10), (ana.user_id,))
    assert hours_of(slots) == ["09:00", "10:00", "11:00"]
