"""A coach's calendar: looking at it, booking, blocking, moving and calling off from it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coachhub.booking.models import BookingStatus, DatedHours, WeeklyHours
from coachhub.booking.service.blocking import blocks_between
from coachhub.booking.service.reading import bookings_of_client
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, confirmed, held, read
from tests.cast import Cast
from tests.factories import a_coach
from tests.statements import asked

WEEK = "/calendar?day=2026-03-09"


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana)


@pytest.fixture
def ana(cast: Cast) -> FlaskClient:
    return cast.browser(cast.ana)


def _office_hours(cast: Cast) -> None:
    """Monday to Friday, nine to five."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        for day in range(5):
            hours = {"weekday": day, "from_minute": 540, "until_minute": 1020}
            db.session.add(WeeklyHours(practice_id=cast.ana.practice_id, coach_id=cast.ana.user_id, **hours))


def _block(ana: FlaskClient, **more: str) -> Any:
    said = {"day": "2026-03-09", "at": "10:00", "until": "12:00", "note": "Dentist"}
    return ana.post("/calendar/block", data=said | more)


def _book(cast: Cast, ana: FlaskClient, **more: str) -> Any:
    said = {"client_id": str(cast.ben.client_id), "offering_id": "", "minutes": "45"}
    return ana.post("/calendar/book", data=said | {"day": "2026-03-09", "at": "10:00"} | more)


def test_it_shows_bookings_holds_and_what_is_blocked(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    held(cast, "Wim", hour, NEXT_MONDAY + 2 * AN_HOUR)
    assert _block(ana, at="14:00", until="15:00").status_code == 303
    page = ana.get(WEEK).text
    assert f"/bookings/{booking_id}" in page
    assert "Vera" in page
    assert "held until 12:35" in page
    assert "Dentist" in page


def test_it_shows_other_weeks_and_single_days(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    confirmed(cast, "Vera", hour)
    assert "Vera" not in ana.get("/calendar").text
    assert "Vera" in ana.get(f"{WEEK}&view=day").text
    assert "Vera" not in ana.get("/calendar?day=2026-03-10&view=day").text
    assert ana.get("/calendar?day=nonsense&view=x&coach=nobody").status_code == 200
    assert ana.get("/calendar?day=0001-01-01").status_code == 200


def test_it_shows_days_that_are_not_as_every_week(cast: Cast, ana: FlaskClient) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        days = {"first_day": date(2026, 3, 11), "last_day": date(2026, 3, 12), "note": "Retreat"}
        db.session.add(DatedHours(practice_id=cast.ana.practice_id, coach_id=cast.ana.user_id, **days))
    assert ana.get(WEEK).text.count("Away: Retreat") == 2


def test_it_leaves_out_what_was_called_off(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    assert ana.post(f"/bookings/{booking_id}/cancel", data={"reason": "Ill"}).status_code == 303
    assert "Vera" not in ana.get(WEEK).text


def test_it_shows_the_owner_everybody_and_a_coach_only_their_own(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    confirmed(cast, "Vera", hour)
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    assert "Vera" in ana.get(f"{WEEK}&coach=all").text
    assert "Vera" not in ana.get(f"{WEEK}&coach={zoe.user_id}").text
    for whose in ("all", cast.ana.user_id):
        assert "Vera" not in cast.browser(zoe).get(f"{WEEK}&coach={whose}").text


def test_it_asks_the_database_no_more_for_many_bookings(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    def asks() -> int:
        with asked(cast.app) as statements:
            ana.get(WEEK)
        return len(statements)

    few = asks()
    for n in range(6):
        confirmed(cast, f"Visitor{n}", hour, NEXT_MONDAY + n * AN_HOUR)
    assert asks() == few


def test_it_blocks_a_time_and_opens_it_again(cast: Cast, ana: FlaskClient) -> None:
    page = _block(ana)
    assert "Open it again" in ana.get(page.location).text
    ana.post(f"{page.location}/open")
    assert ana.get(page.location).status_code == 404
    with as_nobody(cast):
        assert blocks_between(None, NEXT_MONDAY, NEXT_MONDAY + AN_HOUR) == ()


def test_it_blocks_whole_days(cast: Cast, ana: FlaskClient) -> None:
    _block(ana, at="00:00", last_day="2026-03-12", until="00:00")
    with as_nobody(cast):
        [found] = blocks_between(None, NEXT_MONDAY, NEXT_MONDAY + AN_HOUR)
    assert found.ends_at - found.starts_at == timedelta(days=3)


def test_it_keeps_what_was_typed_when_a_block_cannot_be(cast: Cast, ana: FlaskClient) -> None:
    page = _block(ana, until="09:00")
    assert page.status_code == 422
    assert "must end after it begins" in page.text
    assert "Dentist" in page.text


def test_it_says_what_is_booked_in_a_blocked_time(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    confirmed(cast, "Vera", hour)
    assert "Vera" in ana.get(_block(ana).location).text


def test_it_shows_a_coach_no_blocked_time_of_a_colleague(cast: Cast, ana: FlaskClient) -> None:
    zoe = cast.browser(a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com"))
    address = _block(ana, coach_id=str(cast.ana.user_id)).location
    assert zoe.get(address).status_code == 404
    assert zoe.post(f"{address}/open").status_code == 404
    _block(zoe, coach_id=str(cast.ana.user_id), at="16:00", until="17:00")
    with as_nobody(cast):
        assert len(blocks_between(cast.ana.user_id, NEXT_MONDAY, NEXT_MONDAY + 9 * AN_HOUR)) == 1


def test_it_books_for_a_client_and_warns_outside_the_hours_first(cast: Cast, ana: FlaskClient) -> None:
    _office_hours(cast)
    assert cast.ben.client_id is not None
    warned = _book(cast, ana, at="20:00")
    assert warned.status_code == 422
    assert "outside the hours" in warned.text
    with as_nobody(cast):
        assert bookings_of_client(cast.ben.client_id) == ()
    booked = _book(cast, ana, at="20:00", anyway="y")
    assert booked.status_code == 303
    assert "Ben Berger" in ana.get(booked.location).text


def test_it_books_within_the_hours_without_a_word(cast: Cast, ana: FlaskClient) -> None:
    _office_hours(cast)
    assert _book(cast, ana).status_code == 303


def test_it_warns_of_a_blocked_time(cast: Cast, ana: FlaskClient) -> None:
    _office_hours(cast)
    _block(ana)
    page = _book(cast, ana)
    assert page.status_code == 422
    assert "This time is blocked: Dentist" in page.text


def test_it_books_an_offering_for_its_length(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    booked = _book(cast, ana, offering_id=str(hour), minutes="")
    assert read(cast, UUID(booked.location.rpartition("/")[2])).minutes == 60


def test_it_says_clearly_what_is_in_the_way(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    confirmed(cast, "Vera", hour)
    page = _book(cast, ana, at="10:30", anyway="y", place="Room 4")
    assert page.status_code == 422
    assert "Ana Alvarez has a booking with Vera then: Monday 9 March, 10:00 – 11:00" in page.text
    assert "Room 4" in page.text


def test_it_asks_for_a_client_and_a_length(cast: Cast, ana: FlaskClient) -> None:
    page = _book(cast, ana, client_id="", minutes="")
    assert page.status_code == 422
    assert "Choose a client." in page.text
    assert "How many minutes?" in page.text


def test_it_moves_a_booking_and_says_when_it_cannot(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    confirmed(cast, "Wim", hour, NEXT_MONDAY + 3 * AN_HOUR)
    refused = ana.post(f"/bookings/{booking_id}/move", data={"day": "2026-03-09", "at": "13:30"})
    assert refused.status_code == 422
    assert "Wim" in refused.text
    assert ana.post(f"/bookings/{booking_id}/move", data={"day": "2026-03-09", "at": "15:00"}).status_code == 303
    page = ana.get(f"/bookings/{booking_id}").text
    assert "Monday 9 March, 15:00" in page
    assert "Moved from" in page


def test_it_calls_off_with_a_reason_and_says_what_goes_back(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    assert "Everything that was paid goes back" in ana.get(f"/bookings/{booking_id}/cancel").text
    ana.post(f"/bookings/{booking_id}/cancel", data={"reason": "I am ill, sorry."})
    assert "I am ill, sorry." in ana.get(f"/bookings/{booking_id}").text
    assert ana.get(f"/bookings/{booking_id}/move").status_code == 409


def test_it_takes_what_came_of_it_once_it_has_begun(
    cast: Cast, hour: UUID, ana: FlaskClient, clock: FixedClock
) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    assert ana.post(f"/bookings/{booking_id}/no-show").status_code == 409
    clock.instant = NEXT_MONDAY + AN_HOUR
    for address, status in (("no-show", BookingStatus.NO_SHOW), ("completed", BookingStatus.COMPLETED)):
        assert ana.post(f"/bookings/{booking_id}/{address}").status_code == 303
        assert read(cast, booking_id).status is status


def test_it_shows_answers_and_the_time_of_whoever_booked(cast: Cast, hour: UUID, ana: FlaskClient) -> None:
    said = {"answers": (("What about?", "A new job"),), "phone": "+1 604 555 0101", "time_zone": "America/Vancouver"}
    page = ana.get(f"/bookings/{confirmed(cast, 'Vera', hour, **said)}").text
    assert "A new job" in page
    assert "+1 604 555 0101" in page
    assert "03:00" in page


def test_it_shows_clients_no_calendar(cast: Cast, hour: UUID) -> None:
    ben = cast.browser(cast.ben)
    for address in ("/calendar", "/calendar/book", f"/bookings/{confirmed(cast, 'Vera', hour)}"):
        assert ben.get(address).status_code == 404
