"""Move and cancel by the offering's rule, enforced and not only printed."""

from contextlib import nullcontext, suppress
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.booking.models import BookingStatus, Side
from coachhub.booking.service.blocking import block_time
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.holding import SlotTaken
from coachhub.booking.service.moving import move_booking
from coachhub.booking.service.overlaps import Overlap
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, confirmed, held, read
from tests.booking.heard import listening
from tests.booking.visited import an_offer, works_weekdays
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_coach

LATER = NEXT_MONDAY + 3 * AN_HOUR


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana, move_until_minutes=60)


def _cancel(cast: Cast, booking_id: UUID, by: Side = Side.CLIENT) -> None:
    with as_nobody(cast):
        cancel_booking(booking_id, by, "Ill")


def _move(cast: Cast, booking_id: UUID, by: Side = Side.CLIENT, coach_id: UUID | None = None) -> None:
    with as_nobody(cast):
        move_booking(booking_id, LATER, by, coach_id)


def test_it_calls_off_once_and_tells_who_did(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    with listening() as heard:
        for by in (Side.CLIENT, Side.COACH):
            _cancel(cast, booking_id, by)
    assert heard == [("CANCELLED", booking_id, Side.CLIENT), ("FREED", booking_id)]
    found = read(cast, booking_id)
    assert (found.status, found.cancelled_by, found.cancelled_at) == (BookingStatus.CANCELLED, Side.CLIENT, NOW)
    assert (found.cancel_reason, found.sequence) == ("Ill", 1)


def test_it_lets_a_client_call_off_late_but_not_once_it_has_begun(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    late, begun = confirmed(cast, "Vera", hour), confirmed(cast, "Wim", hour, LATER)
    clock.instant = NEXT_MONDAY - timedelta(minutes=1)
    _cancel(cast, late)
    clock.instant = LATER
    with pytest.raises(Refused):
        _cancel(cast, begun)
    _cancel(cast, begun, Side.COACH)
    assert read(cast, begun).status is BookingStatus.CANCELLED


def test_it_lets_a_hold_go_without_telling_that_a_booking_is_off(cast: Cast, hour: UUID) -> None:
    booking_id = held(cast, "Vera", hour)
    with listening() as heard:
        _cancel(cast, booking_id)
    assert heard == [("FREED", booking_id)]
    held(cast, "Wim", hour)


def test_it_moves_the_same_booking_and_remembers_from_when(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    with listening() as heard:
        for _ in range(2):
            _move(cast, booking_id)
    assert heard == [("CHANGED", booking_id, Side.CLIENT), ("FREED", booking_id)]
    found = read(cast, booking_id)
    assert (found.starts_at, found.ends_at) == (LATER, LATER + AN_HOUR)
    assert (found.moved_from, found.moved_at, found.sequence) == (NEXT_MONDAY, NOW, 1)
    held(cast, "Wim", hour)


def test_it_moves_a_booking_by_less_than_its_length(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    with as_nobody(cast):
        move_booking(booking_id, NEXT_MONDAY + AN_HOUR / 2, Side.CLIENT)
    assert read(cast, booking_id).starts_at == NEXT_MONDAY + AN_HOUR / 2


@pytest.mark.parametrize(("starts", "fits"), [((15, 30), True), ((16, 30), False), ((13, 30), False)])
def test_it_moves_what_is_longer_than_its_offering_to_where_it_fits(
    cast: Cast, admin: psycopg.Connection, starts: tuple[int, int], fits: bool
) -> None:
    works_weekdays(cast.app, cast.ana)
    hour = an_offer(cast.app, "hour", cast.ana, minutes=60)
    booking_id, tuesday = confirmed(cast, "Vera", hour), NEXT_MONDAY + timedelta(days=1)
    with as_nobody(cast):
        block_time(cast.ana.user_id, tuesday.replace(hour=14), tuesday.replace(hour=15))
    admin.execute("update offerings set minutes = 30")
    at = tuesday.replace(hour=starts[0], minute=starts[1])
    with as_nobody(cast), nullcontext() if fits else pytest.raises(SlotTaken):
        move_booking(booking_id, at, Side.CLIENT)
    assert (read(cast, booking_id).starts_at == at) is fits


def test_it_holds_a_client_to_the_rule_and_not_the_coach(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    clock.instant = NEXT_MONDAY - timedelta(minutes=59)
    with pytest.raises(Refused):
        _move(cast, booking_id)
    _move(cast, booking_id, Side.COACH)
    assert read(cast, booking_id).starts_at == LATER


def test_it_moves_nothing_onto_somebody_else(cast: Cast, hour: UUID) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    confirmed(cast, "Wim", hour, LATER)
    with pytest.raises(SlotTaken):
        _move(cast, booking_id)
    with pytest.raises(Overlap) as overlap:
        _move(cast, booking_id, Side.COACH)
    assert "Wim" in overlap.value.text
    assert read(cast, booking_id).starts_at == NEXT_MONDAY


@pytest.mark.parametrize("has_choice", [False, True])
def test_it_moves_to_another_coach_only_where_nobody_chose_one(cast: Cast, has_choice: bool) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    shared = an_offering(cast.app, cast.ana, zoe, coach_choice=has_choice)
    booking_id = confirmed(cast, "Vera", shared, coach_id=cast.ana.user_id)
    held(cast, "Wim", shared, LATER, coach_id=cast.ana.user_id)
    with suppress(SlotTaken):
        _move(cast, booking_id)
    found = read(cast, booking_id)
    assert (found.coach_id == cast.ana.user_id, found.starts_at == LATER) == (has_choice, not has_choice)


def test_it_lets_a_coach_hand_a_booking_to_a_colleague(cast: Cast, hour: UUID) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    booking_id = confirmed(cast, "Vera", hour)
    _move(cast, booking_id, Side.COACH, zoe.user_id)
    assert read(cast, booking_id).coach_name == "Zoe Zander"
    with pytest.raises(Refused):
        _move(cast, booking_id, Side.COACH, cast.ben.user_id)


def test_it_moves_only_what_is_confirmed_and_never_into_the_past(cast: Cast, hour: UUID) -> None:
    on_hold, off = held(cast, "Vera", hour), confirmed(cast, "Wim", hour, NEXT_MONDAY + 6 * AN_HOUR)
    with as_nobody(cast), pytest.raises(Refused):
        move_booking(off, NOW, Side.COACH)
    _cancel(cast, off)
    for booking_id in (on_hold, off):
        with pytest.raises(Refused):
            _move(cast, booking_id, Side.COACH)
