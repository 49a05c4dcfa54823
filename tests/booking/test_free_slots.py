"""Free slots as the pages ask for them, on PostgreSQL, as the web role binds a visitor: nobody is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from coachhub.booking.service.slots import Slot, free_days, free_slots
from coachhub.platform.tenancy import as_practice
from tests.booking.offered import (
    MONDAY,
    an_offering,
    at,
    blocks,
    is_away,
    is_taken,
    lives_in,
    works,
    works_on,
)
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person, a_client, a_coach
from tests.statements import asked

DAY = timedelta(days=1)


@pytest.fixture
def ana(cast: Cast) -> Person:
    """Ana lives in London and works on Mondays from nine to twelve."""
    lives_in(cast.app, cast.ana, "Europe/London")
    works(cast.app, cast.ana, 0, 9, 12)
    return cast.ana


@pytest.fixture
def bea(cast: Cast) -> Person:
    """Bea is a further coach of Ana's practice, with the same Mondays."""
    coach = a_coach(cast.app, cast.ana, "Bea Bauer", "bea@example.com")
    lives_in(cast.app, coach, "Europe/London")
    works(cast.app, coach, 0, 9, 12)
    return coach


@contextmanager
def visiting(cast: Cast, coach: Person) -> Iterator[None]:
    with cast.app.app_context(), as_practice(coach.practice_id):
        yield


def slots_on(cast: Cast, offering_id: UUID, day: datetime = MONDAY, **more: Any) -> tuple[Slot, ...]:
    with visiting(cast, cast.ana):
        return free_slots(offering_id, day, day + DAY, NOW, **more)


def shown(cast: Cast, offering_id: UUID, day: datetime = MONDAY, **more: Any) -> str:
    return " ".join(f"{slot.starts_at:%H:%M}" for slot in slots_on(cast, offering_id, day, **more))


def test_it_offers_the_weekly_hours(cast: Cast, ana: Person) -> None:
    offering_id = an_offering(cast.app, ana)
    assert slots_on(cast, offering_id)[0] == Slot(at(9), at(10), (ana.user_id,))
    assert shown(cast, offering_id) == "09:00 10:00 11:00"


def test_it_tells_hours_by_the_clock_of_the_coach(cast: Cast) -> None:
    lives_in(cast.app, cast.ana, "America/Vancouver")
    works(cast.app, cast.ana, 0, 9, 11)
    offering_id = an_offering(cast.app, cast.ana)
    assert shown(cast, offering_id) == "16:00 17:00", "on summer time since the eighth"


def test_it_lets_a_coach_without_a_profile_live_by_the_clock_of_the_practice(cast: Cast) -> None:
    works(cast.app, cast.ana, 0, 9, 10)
    assert shown(cast, an_offering(cast.app, cast.ana)) == "09:00"


def test_it_heeds_holidays_and_other_hours_of_a_day(cast: Cast, ana: Person) -> None:
    offering_id = an_offering(cast.app, ana)
    works_on(cast.app, ana, MONDAY.date(), 14, 16)
    assert shown(cast, offering_id) == "14:00 15:00"
    is_away(cast.app, ana, (MONDAY - 9 * DAY).date(), MONDAY.date())
    assert shown(cast, offering_id) == ""
    assert shown(cast, offering_id, MONDAY + 7 * DAY) == "09:00 10:00 11:00"


def test_it_keeps_what_is_held_until_stripe_has_been_asked(cast: Cast, ana: Person) -> None:
    """The half hour is over long since; but it may have been paid, so the time is not free yet."""
    is_taken(cast.app, ana, at(10), status="held", held_until=NOW - DAY)
    assert shown(cast, an_offering(cast.app, ana)) == "09:00 11:00"


def test_it_keeps_what_is_confirmed_and_frees_what_has_ended(cast: Cast, ana: Person) -> None:
    client = a_client(cast.app, ana, "Vera", "vera@example.org")
    is_taken(cast.app, ana, at(9), status="confirmed", client_id=client.client_id)
    for hour, status in ((10, "expired"), (11, "cancelled")):
        is_taken(cast.app, ana, at(hour), status=status)
    assert shown(cast, an_offering(cast.app, ana)) == "10:00 11:00"


def test_it_keeps_the_buffers_of_what_is_taken_and_its_own(cast: Cast, ana: Person) -> None:
    is_taken(cast.app, ana, at(11), busy_from=at(10, 59), busy_until=at(12))
    assert shown(cast, an_offering(cast.app, ana)) == "09:00"
    assert shown(cast, an_offering(cast.app, ana, buffer_after=60)) == ""


def test_it_keeps_the_longest_buffers_of_the_day_before_and_after(cast: Cast, ana: Person) -> None:
    is_taken(cast.app, ana, MONDAY - DAY + timedelta(hours=20), busy_until=at(9, 30))
    is_taken(cast.app, ana, at(23), busy_from=at(22, 30))
    assert shown(cast, an_offering(cast.app, ana)) == "10:00 11:00"
    assert shown(cast, an_offering(cast.app, ana, buffer_after=11 * 60)) == "10:00"


def test_it_keeps_blocked_times_free(cast: Cast, ana: Person) -> None:
    blocks(cast.app, ana, at(9, 30), at(10, 30))
    assert shown(cast, an_offering(cast.app, ana)) == "11:00"


def test_it_ignores_the_booking_that_is_being_moved(cast: Cast, ana: Person) -> None:
    booking_id = is_taken(cast.app, ana, at(10))
    offering_id = an_offering(cast.app, ana, daily_limit=1)
    assert shown(cast, offering_id, ignoring=booking_id) == "09:00 10:00 11:00"


def test_it_offers_an_offering_that_is_not_open_to_its_own_bookings_alone(cast: Cast, ana: Person) -> None:
    for status in ("draft", "closed"):
        offering_id = an_offering(cast.app, ana, status=status)
        assert shown(cast, offering_id) == ""
        assert shown(cast, offering_id, ignoring=uuid4()) != ""


def test_it_offers_nothing_that_nobody_gives(cast: Cast, ana: Person) -> None:
    assert slots_on(cast, uuid4()) == ()
    assert slots_on(cast, an_offering(cast.app, ana), coach_id=uuid4()) == ()


def test_it_offers_a_chosen_coach_or_any_free_one_the_least_busy_first(cast: Cast, ana: Person, bea: Person) -> None:
    first, second = sorted((ana, bea), key=lambda coach: coach.user_id)
    offering_id = an_offering(cast.app, ana, bea)
    assert slots_on(cast, offering_id)[0].coach_ids == (first.user_id, second.user_id)
    is_taken(cast.app, first, at(10))
    nine, ten, _ = slots_on(cast, offering_id)
    assert nine.coach_ids == (second.user_id, first.user_id)
    assert ten.coach_ids == (second.user_id,)
    assert shown(cast, offering_id, coach_id=first.user_id) == "09:00 11:00"


def test_it_counts_what_was_held_that_day_for_its_limit(cast: Cast, ana: Person) -> None:
    client = a_client(cast.app, ana, "Vera", "vera@example.org")
    offering_id = an_offering(cast.app, ana, daily_limit=2)
    for hour, status in ((9, "completed"), (10, "no_show")):
        said = {"status": status, "client_id": client.client_id}
        is_taken(cast.app, ana, at(hour), offering_id=offering_id, **said)
    assert shown(cast, offering_id) == ""
    assert shown(cast, an_offering(cast.app, ana, daily_limit=1)) == "09:00 10:00 11:00"


def test_it_counts_all_that_a_coach_has_for_the_limit_of_the_coach(cast: Cast) -> None:
    lives_in(cast.app, cast.ana, "Europe/London", daily_limit=1)
    works(cast.app, cast.ana, 0, 9, 12)
    is_taken(cast.app, cast.ana, at(16))
    offering_id = an_offering(cast.app, cast.ana)
    assert shown(cast, offering_id) == ""
    assert shown(cast, offering_id, MONDAY + 7 * DAY) != ""


def test_it_knows_nothing_of_another_practice(cast: Cast, ana: Person) -> None:
    offering_id = an_offering(cast.app, ana)
    with visiting(cast, cast.cleo):
        assert free_slots(offering_id, MONDAY, MONDAY + DAY, NOW) == ()
    lives_in(cast.app, cast.cleo, "Europe/London")
    works(cast.app, cast.cleo, 0, 6, 7)
    is_taken(cast.app, cast.cleo, at(9))
    blocks(cast.app, cast.cleo, at(9), at(12))
    assert shown(cast, offering_id) == "09:00 10:00 11:00"


def test_it_asks_once_and_once_more_where_days_are_counted(cast: Cast, ana: Person) -> None:
    plain, limited = an_offering(cast.app, ana), an_offering(cast.app, ana, daily_limit=3)
    for offering_id, most in ((plain, 1), (limited, 2)):
        with visiting(cast, ana), asked(cast.app) as statements:
            free_slots(offering_id, MONDAY, MONDAY + 31 * DAY, NOW)
        assert len(statements) - 1 == most, "the first one binds the transaction"


def test_it_puts_slots_under_the_days_of_whoever_reads(cast: Cast, ana: Person) -> None:
    works(cast.app, ana, 0, 22, 24)
    offering_id = an_offering(cast.app, ana)
    with visiting(cast, ana):
        days = free_days(offering_id, MONDAY, MONDAY + DAY, NOW, ZoneInfo("Asia/Tokyo"))
    assert [(day.isoformat(), len(found)) for day, found in days.items()] == [("2026-03-09", 3), ("2026-03-10", 2)]
