"""How bookings end: by the clock, by the coach, and in the sweep that looks at every practice."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from coachhub.booking.models import BookingStatus
from coachhub.booking.service import changes
from coachhub.booking.service.ending import complete_booking, end_free_holds, mark_no_show
from coachhub.booking.service.tending import tend_bookings
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, confirmed, held, read
from tests.booking.heard import listening
from tests.cast import Cast


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana)


def _tend(worker_app: Flask) -> None:
    with worker_app.app_context():
        tend_bookings()


def test_it_ends_a_hold_by_itself_once_its_time_is_over(
    cast: Cast, hour: UUID, worker_app: Flask, clock: FixedClock
) -> None:
    booking_id = held(cast, "Vera", hour)
    clock.advance(timedelta(minutes=34))
    _tend(worker_app)
    assert read(cast, booking_id).status is BookingStatus.HELD
    clock.advance(timedelta(minutes=1))
    with listening() as heard:
        for _ in range(2):
            _tend(worker_app)
    assert heard == [("FREED", booking_id)]
    assert read(cast, booking_id).status is BookingStatus.EXPIRED
    held(cast, "Wim", hour)


def test_it_keeps_a_hold_that_somebody_waits_for_money_for(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    paying, idle = held(cast, "Vera", hour), held(cast, "Wim", hour, NEXT_MONDAY + AN_HOUR)
    clock.advance(timedelta(hours=1))
    with listening(), as_nobody(cast):
        changes.RUN_OUT.reach(lambda ids: ids.discard(paying))
        assert end_free_holds(clock.now()) == 1
    assert (read(cast, paying).status, read(cast, idle).status) == (BookingStatus.HELD, BookingStatus.EXPIRED)


def test_it_completes_a_booking_a_day_after_its_end(
    cast: Cast, hour: UUID, worker_app: Flask, clock: FixedClock
) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    clock.instant = NEXT_MONDAY + timedelta(hours=24, minutes=59)
    _tend(worker_app)
    assert read(cast, booking_id).status is BookingStatus.CONFIRMED
    clock.advance(timedelta(minutes=1))
    with listening() as heard:
        _tend(worker_app)
    assert heard == [("ENDED", booking_id)]
    assert read(cast, booking_id).status is BookingStatus.COMPLETED


def test_it_looks_after_one_practice_though_another_fails(
    cast: Cast, hour: UUID, worker_app: Flask, clock: FixedClock
) -> None:
    of_ana = held(cast, "Vera", hour)
    of_cleo = confirmed(cast, "Wim", an_offering(cast.app, cast.cleo), practice=cast.cleo)
    clock.instant = NEXT_MONDAY + timedelta(days=2)

    def trip(ids: set[UUID]) -> None:
        if of_ana in ids:
            raise RuntimeError("out of order")

    with listening():
        changes.RUN_OUT.reach(trip)
        _tend(worker_app)
    assert read(cast, of_ana).status is BookingStatus.HELD
    assert read(cast, of_cleo, cast.cleo).status is BookingStatus.COMPLETED


@pytest.mark.parametrize("ended", [timedelta(minutes=30), timedelta(days=9)])
def test_it_lets_a_coach_say_that_the_client_did_not_come_during_and_after(
    cast: Cast, hour: UUID, worker_app: Flask, clock: FixedClock, ended: timedelta
) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    clock.instant = NEXT_MONDAY + ended
    _tend(worker_app)
    with listening() as heard, as_nobody(cast):
        for _ in range(2):
            mark_no_show(booking_id)
    assert heard == [("ENDED", booking_id)]
    with as_nobody(cast):
        complete_booking(booking_id)  # a wrong click
    assert read(cast, booking_id).status is BookingStatus.COMPLETED


def test_it_ends_nothing_that_has_not_begun_or_was_never_confirmed(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    ahead, on_hold = confirmed(cast, "Vera", hour), held(cast, "Wim", hour, NEXT_MONDAY + AN_HOUR)
    with as_nobody(cast), pytest.raises(Refused):
        mark_no_show(ahead)
    clock.instant = NEXT_MONDAY + 2 * AN_HOUR
    with as_nobody(cast), pytest.raises(Refused):
        complete_booking(on_hold)
