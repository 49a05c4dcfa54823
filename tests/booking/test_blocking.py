"""Times that a coach keeps free of bookings."""

from datetime import timedelta
from uuid import UUID

import pytest

from coachhub.booking.models import BookingStatus
from coachhub.booking.service.blocking import block_of, block_time, blocks_between, unblock_time
from coachhub.booking.service.confirming import Outcome
from coachhub.booking.service.ending import expire_hold
from coachhub.booking.service.holding import SlotTaken
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, confirm, confirmed, held, read
from tests.cast import Cast
from tests.conftest import NOW


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana)


def _block(cast: Cast, length: timedelta = AN_HOUR) -> UUID:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        return block_time(cast.ana.user_id, NEXT_MONDAY, NEXT_MONDAY + length, "Dentist")


def test_it_keeps_a_blocked_time_free_of_bookings_until_it_is_opened(cast: Cast, hour: UUID) -> None:
    block_id = _block(cast)
    assert _block(cast) == block_id
    with pytest.raises(SlotTaken):
        held(cast, "Vera", hour)
    with as_nobody(cast):
        unblock_time(block_id)
        unblock_time(block_id)
        with pytest.raises(NotFound):
            block_of(block_id)
    held(cast, "Vera", hour)


def test_it_leaves_alone_what_is_booked_already(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    _block(cast)
    assert read(cast, booking_id).status is BookingStatus.CONFIRMED


def test_it_gives_no_expired_hold_a_time_that_was_blocked_since(cast: Cast, hour: UUID) -> None:
    booking_id = held(cast, "Vera", hour)
    with as_nobody(cast):
        expire_hold(booking_id)
    _block(cast)
    assert confirm(cast, booking_id) is Outcome.GONE


def test_it_lists_what_touches_a_span_of_time(cast: Cast) -> None:
    block_id = _block(cast, 3 * AN_HOUR)
    with as_nobody(cast):
        for coach_id in (None, cast.ana.user_id):
            [found] = blocks_between(coach_id, NEXT_MONDAY + 2 * AN_HOUR, NEXT_MONDAY + 9 * AN_HOUR)
            assert (found.id, found.note) == (block_id, "Dentist")
        assert blocks_between(None, NEXT_MONDAY + 3 * AN_HOUR, NEXT_MONDAY + 9 * AN_HOUR) == ()
        assert blocks_between(cast.ben.user_id, NEXT_MONDAY, NEXT_MONDAY + AN_HOUR) == ()


def test_it_blocks_no_time_that_is_over_or_ends_before_it_begins(cast: Cast) -> None:
    with as_nobody(cast):
        for ends_at in (NEXT_MONDAY, NEXT_MONDAY - AN_HOUR):
            with pytest.raises(Refused):
                block_time(cast.ana.user_id, NEXT_MONDAY, ends_at)
        with pytest.raises(Refused):
            block_time(cast.ana.user_id, NOW - AN_HOUR, NOW)
        with pytest.raises(Refused):
            block_time(cast.ben.user_id, NEXT_MONDAY, NEXT_MONDAY + AN_HOUR)
