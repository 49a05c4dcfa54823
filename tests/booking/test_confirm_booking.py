"""Confirming: once, with the client's record, and a hold that ran out comes back where it can."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.confirming import Outcome
from coachhub.booking.service.ending import expire_hold, keep_hold
from coachhub.clients.models import ClientStatus
from coachhub.clients.service.records import client_of
from coachhub.clients.service.standing import archive_clients
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import NEXT_MONDAY, an_offering, as_nobody, confirm, confirmed, held, read
from tests.cast import Cast
from tests.conftest import NOW


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana)


def _expire(cast: Cast, booking_id: UUID) -> None:
    with as_nobody(cast):
        expire_hold(booking_id)


def test_it_confirms_once_however_often_it_is_told(cast: Cast, hour: UUID) -> None:
    booking_id = held(cast, "Vera", hour)
    assert [confirm(cast, booking_id) for _ in range(3)] == [Outcome.CONFIRMED, Outcome.ALREADY, Outcome.ALREADY]
    found = read(cast, booking_id)
    assert (found.status, found.confirmed_at, found.paid_with) == (BookingStatus.CONFIRMED, NOW, PaidWith.MONEY)


def test_it_makes_a_client_of_a_visitor_and_writes_no_invitation(
    cast: Cast, hour: UUID, admin: psycopg.Connection
) -> None:
    found = read(cast, confirmed(cast, "Vera", hour, time_zone="America/Vancouver"))
    assert found.client_id is not None
    with as_nobody(cast):
        client = client_of(found.client_id)
    assert (client.name, client.email, client.status) == ("Vera", "vera@example.org", ClientStatus.INVITED)
    assert (client.time_zone, client.coach_id) == ("America/Vancouver", cast.ana.user_id)
    assert admin.execute("select count(*) from client_invites").fetchone() == (0,)


def test_it_finds_the_client_by_the_address(cast: Cast, hour: UUID) -> None:
    found = read(cast, confirmed(cast, "Benny", hour, email="Ben@Example.com"))
    assert found.client_id == cast.ben.client_id


def test_it_brings_a_client_back_from_the_archive_without_setting_reminders_going(cast: Cast, hour: UUID) -> None:
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        archive_clients([cast.ben.client_id])
    confirmed(cast, "Ben", hour, email=cast.ben.email)
    with as_nobody(cast):
        assert client_of(cast.ben.client_id).status is ClientStatus.PAUSED


def test_it_confirms_a_hold_that_ran_out_but_was_not_freed(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    booking_id = held(cast, "Vera", hour)
    clock.advance(timedelta(hours=2))
    assert confirm(cast, booking_id) is Outcome.CONFIRMED


def test_it_takes_an_expired_hold_again_while_nobody_else_has_the_time(cast: Cast, hour: UUID) -> None:
    booking_id = held(cast, "Vera", hour)
    _expire(cast, booking_id)
    assert confirm(cast, booking_id) is Outcome.CONFIRMED
    assert read(cast, booking_id).status is BookingStatus.CONFIRMED


def test_it_takes_a_hold_again_that_was_let_go(cast: Cast, hour: UUID) -> None:
    booking_id = held(cast, "Vera", hour)
    with as_nobody(cast):
        cancel_booking(booking_id, Side.CLIENT)
    assert confirm(cast, booking_id) is Outcome.CONFIRMED
    assert (read(cast, booking_id).cancelled_at, read(cast, booking_id).cancelled_by) == (None, None)


def test_it_says_that_the_time_is_gone_when_somebody_else_has_it(cast: Cast, hour: UUID) -> None:
    booking_id = held(cast, "Vera", hour)
    _expire(cast, booking_id)
    held(cast, "Wim", hour)
    assert confirm(cast, booking_id) is Outcome.GONE
    assert read(cast, booking_id).status is BookingStatus.EXPIRED


def test_it_says_that_the_time_is_gone_when_it_has_passed(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    booking_id = held(cast, "Vera", hour)
    _expire(cast, booking_id)
    clock.instant = NEXT_MONDAY
    assert confirm(cast, booking_id) is Outcome.GONE


def test_it_does_not_confirm_again_what_was_called_off_since(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    with as_nobody(cast):
        cancel_booking(booking_id, Side.CLIENT)
    assert confirm(cast, booking_id) is Outcome.ALREADY
    assert read(cast, booking_id).status is BookingStatus.CANCELLED


def test_it_expires_only_what_is_held(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    _expire(cast, booking_id)
    assert read(cast, booking_id).status is BookingStatus.CONFIRMED


def test_it_keeps_a_hold_for_as_long_as_its_page_of_payment_lives(cast: Cast, hour: UUID) -> None:
    booking_id, later = held(cast, "Vera", hour), NOW + timedelta(minutes=50)
    for until in (later, NOW):
        with as_nobody(cast):
            keep_hold(booking_id, until)
    assert read(cast, booking_id).held_until == later
