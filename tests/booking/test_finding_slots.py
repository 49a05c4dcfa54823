"""Whether a time is free, the next one that is, and the nearest to one that is taken."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from coachhub.booking.service.slots import is_free, nearest_free, next_free
from coachhub.platform.tenancy import as_practice
from tests.booking.offered import MONDAY, an_offering, at, is_away, is_taken, lives_in, works
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person

WEEK = timedelta(days=7)


@pytest.fixture
def ana(cast: Cast) -> Person:
    """Ana lives in London and works on Mondays from nine to twelve."""
    lives_in(cast.app, cast.ana, "Europe/London")
    works(cast.app, cast.ana, 0, 9, 12)
    return cast.ana


@pytest.fixture
def offering_id(cast: Cast, ana: Person) -> UUID:
    return an_offering(cast.app, ana)


def free(cast: Cast, offering_id: UUID, starts_at: datetime, now: datetime = NOW) -> tuple[UUID, ...]:
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        return is_free(offering_id, starts_at, now)


def near(cast: Cast, offering_id: UUID, starts_at: datetime, count: int = 6) -> list[str]:
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        return [f"{slot.starts_at:%d. %H:%M}" for slot in nearest_free(offering_id, starts_at, NOW, count)]


def soonest(cast: Cast, offering_id: UUID, now: datetime = NOW) -> datetime | None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        slot = next_free(offering_id, now)
        return slot.starts_at if slot else None


def test_it_says_who_could_take_a_time(cast: Cast, ana: Person, offering_id: UUID) -> None:
    assert free(cast, offering_id, at(9)) == (ana.user_id,)
    is_taken(cast.app, ana, at(9))
    assert free(cast, offering_id, at(9)) == ()
    assert free(cast, offering_id, at(10)) == (ana.user_id,)


@pytest.mark.parametrize(
    "when",
    [
        at(9, 30),
        at(9) + timedelta(seconds=1),
        at(9) - timedelta(microseconds=1),
        at(12),
        at(9) - WEEK,
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_it_lets_nobody_take_what_is_no_slot(cast: Cast, offering_id: UUID, when: datetime) -> None:
    assert free(cast, offering_id, when) == ()
    assert near(cast, offering_id, when, count=1) != []


def test_it_finds_the_next_free_time(cast: Cast, ana: Person, offering_id: UUID) -> None:
    assert soonest(cast, offering_id) == at(9)
    is_taken(cast.app, ana, at(8), minutes=150)
    assert soonest(cast, offering_id) == at(11)
    assert soonest(cast, offering_id, at(11, 1)) == at(9) + WEEK


def test_it_finds_the_next_free_time_after_a_long_holiday_but_none_beyond_the_horizon(
    cast: Cast, ana: Person, offering_id: UUID
) -> None:
    is_away(cast.app, ana, date(2026, 3, 1), date(2026, 4, 14))
    assert soonest(cast, offering_id) == datetime(2026, 4, 20, 8, tzinfo=UTC), "on summer time"
    is_away(cast.app, ana, date(2026, 4, 15), date(2026, 6, 1))
    assert soonest(cast, offering_id) is None


def test_it_finds_the_nearest_times_around_one_that_is_taken(cast: Cast, ana: Person, offering_id: UUID) -> None:
    is_taken(cast.app, ana, at(10))
    assert near(cast, offering_id, at(10), count=2) == ["09. 09:00", "09. 11:00"]
    assert near(cast, offering_id, at(10), count=3) == ["09. 09:00", "09. 11:00", "16. 09:00"]
    assert len(near(cast, offering_id, at(10), count=6)) == 6


def test_it_finds_nothing_near_where_nothing_is_offered(cast: Cast, ana: Person) -> None:
    assert near(cast, uuid4(), at(9)) == []
    assert near(cast, an_offering(cast.app, ana, status="closed"), MONDAY) == []
