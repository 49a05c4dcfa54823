"""Sessions of a package: used once a booking, given back by the rule, written off when they are over, rolled over."""

from datetime import timedelta
from uuid import UUID

import pytest

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.ending import expire_hold
from coachhub.payments.service.credits import NoCredit, spend_credit
from coachhub.payments.service.giving_credits import Gift, grant_credits, revoke_credits, take_back_unused
from coachhub.payments.service.writing_off import expire_credits, look_for_credits_over
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound, Refused
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, held
from tests.conftest import NOW
from tests.fakes import KeptQueue
from tests.payments.packages import Shelf

A_DAY = timedelta(days=1)


def _write_off(shelf: Shelf) -> int:
    with as_nobody(shelf.till.cast):
        return expire_credits()


def test_it_books_with_a_session_and_without_money(shelf: Shelf) -> None:
    shelf.given(3)
    booking = shelf.till.booking(shelf.booked())
    assert (booking.status, booking.paid_with) == (BookingStatus.CONFIRMED, PaidWith.CREDIT)
    assert (shelf.left(), shelf.till.purchases()) == (2, [])


def test_it_uses_one_session_a_booking_however_often_it_is_clicked(shelf: Shelf) -> None:
    shelf.given(3)
    booking_id = shelf.booked()
    shelf.use(booking_id)
    shelf.use(booking_id)
    assert shelf.entries() == [("granted", 3, 0), ("used", -1, 0)]


def test_it_uses_what_expires_soonest(shelf: Shelf) -> None:
    shelf.given(2)
    soon = shelf.given(2, NOW + 9 * A_DAY)
    shelf.booked()
    assert {row.id: row.left for row in shelf.holdings()}[soon] == 1


def test_it_uses_the_package_that_is_named(shelf: Shelf) -> None:
    named = shelf.given(2)
    shelf.given(2, NOW + 9 * A_DAY)
    shelf.use(shelf.hold(), named)
    assert {row.id: row.left for row in shelf.holdings()}[named] == 1


def test_it_uses_no_more_than_there_is(shelf: Shelf) -> None:
    shelf.given(1)
    shelf.booked()
    booking_id = shelf.hold(NEXT_MONDAY + AN_HOUR)
    with pytest.raises(NoCredit):
        shelf.use(booking_id)
    assert shelf.till.booking(booking_id).status is BookingStatus.HELD


def test_it_uses_nothing_that_has_expired(shelf: Shelf, clock: FixedClock) -> None:
    shelf.given(2, NOW + A_DAY)
    clock.advance(A_DAY)
    with pytest.raises(NoCredit):
        shelf.booked(NEXT_MONDAY)


def test_it_uses_no_session_of_somebody_else(shelf: Shelf) -> None:
    shelf.given(2)
    booking_id = shelf.till.hold("Vera")
    with pytest.raises(NoCredit):
        shelf.use(booking_id)


def test_it_uses_no_session_of_another_offering(shelf: Shelf) -> None:
    shelf.given(2)
    cast = shelf.till.cast
    other = an_offering(cast.app, cast.ana)
    booking_id = held(cast, "Ben", other, email=cast.ben.email, client_id=cast.ben.client_id)
    with pytest.raises(NoCredit):
        shelf.use(booking_id)


def test_it_pays_for_nothing_that_is_not_held(shelf: Shelf) -> None:
    shelf.given(2)
    booking_id = shelf.hold()
    shelf.cancel(booking_id)
    with as_nobody(shelf.till.cast), pytest.raises(Refused):
        spend_credit(booking_id)


def test_it_gives_the_session_back_when_the_client_is_in_time(shelf: Shelf) -> None:
    shelf.given(1)
    shelf.cancel(shelf.booked())
    assert shelf.left() == 1


@pytest.mark.parametrize("by", [Side.COACH, Side.SYSTEM])
def test_it_gives_the_session_back_when_anybody_else_calls_it_off(shelf: Shelf, clock: FixedClock, by: Side) -> None:
    shelf.given(1)
    booking_id = shelf.booked()
    clock.instant = NEXT_MONDAY - timedelta(minutes=5)
    shelf.cancel(booking_id, by)
    assert shelf.left() == 1


def test_it_keeps_the_session_when_the_client_is_late(shelf: Shelf, clock: FixedClock) -> None:
    shelf.given(2)
    booking_id = shelf.booked()
    clock.instant = NEXT_MONDAY - AN_HOUR
    shelf.cancel(booking_id)
    assert shelf.left() == 1


def test_it_gives_back_once_and_counts_further_uses(shelf: Shelf) -> None:
    shelf.given(1)
    first = shelf.booked()
    shelf.cancel(first)
    shelf.cancel(first)
    shelf.cancel(shelf.booked(NEXT_MONDAY + AN_HOUR))
    kinds = [("granted", 1, 0), ("used", -1, 0), ("returned", 1, 0), ("used", -1, 0), ("returned", 1, 0)]
    assert (shelf.entries(), shelf.left()) == (kinds, 1)


def test_it_gives_thirty_days_to_whoever_was_called_off(shelf: Shelf, clock: FixedClock) -> None:
    shelf.given(1, NOW + 2 * A_DAY)
    booking_id = shelf.booked()
    clock.advance(3 * A_DAY)
    shelf.cancel(booking_id, Side.COACH)
    assert shelf.left() == 1
    assert shelf.holdings()[0].expires_at == clock.now() + 30 * A_DAY


def test_it_writes_off_once_what_is_left_of_a_package_that_is_over(shelf: Shelf, clock: FixedClock) -> None:
    shelf.given(3, NOW + 4 * A_DAY)
    shelf.booked()
    clock.advance(5 * A_DAY)
    assert [_write_off(shelf), _write_off(shelf)] == [1, 0]
    assert shelf.entries() == [("granted", 3, 0), ("used", -1, 0), ("expired", -2, 0)]


def test_it_writes_off_what_comes_back_to_a_package_that_is_over(shelf: Shelf, clock: FixedClock) -> None:
    shelf.given(1, NOW + A_DAY)
    booking_id = shelf.booked(NEXT_MONDAY + 9 * A_DAY)
    clock.advance(3 * A_DAY)
    _write_off(shelf)
    shelf.cancel(booking_id)
    assert shelf.left() == 0
    _write_off(shelf)
    assert shelf.entries()[-2:] == [("returned", 1, 0), ("expired", -1, 0)]


def test_it_rings_for_practices_in_which_a_package_is_over(shelf: Shelf, clock: FixedClock, queue: KeptQueue) -> None:
    shelf.given(1, NOW + A_DAY)
    with shelf.till.worker_app.app_context():
        look_for_credits_over()
        clock.advance(2 * A_DAY)
        assert [ring for ring in queue.rings if "credits" in ring.job] == []
        look_for_credits_over()
    assert [ring.job for ring in queue.rings if "credits" in ring.job] == ["workers.jobs.write_off_credits"]


def test_it_moves_what_is_left_to_the_next_package_bought_in_time(shelf: Shelf, clock: FixedClock) -> None:
    package_id = shelf.package(rolls_over=True, valid_days=30)
    shelf.buys(package_id)
    shelf.booked()
    clock.advance(29 * A_DAY)
    shelf.buys(package_id)
    assert [(row.left, row.of_all) for row in shelf.holdings()] == [(9, 9), (0, 5)]
    assert shelf.holdings()[0].expires_at == clock.now() + 30 * A_DAY


@pytest.mark.parametrize(("rolls_over", "days"), [(False, 29), (True, 31)])
def test_it_moves_nothing_without_the_rule_or_too_late(
    shelf: Shelf, clock: FixedClock, rolls_over: bool, days: int
) -> None:
    package_id = shelf.package(rolls_over=rolls_over, valid_days=30)
    shelf.buys(package_id)
    clock.advance(days * A_DAY)
    shelf.buys(package_id)
    assert [row.left for row in shelf.holdings()] == [5, 5]


def test_it_takes_back_no_more_than_is_left(shelf: Shelf) -> None:
    holding_id = shelf.given(2)
    shelf.booked()
    with as_nobody(shelf.till.cast), pytest.raises(Refused):
        revoke_credits(holding_id, 2, "too many")
    with as_nobody(shelf.till.cast):
        revoke_credits(holding_id, 1, "a mistake")
    assert shelf.left() == 0


def test_it_takes_back_the_unused_sessions_of_what_is_paid_back(shelf: Shelf) -> None:
    purchase_id = shelf.buys(shelf.package())
    shelf.booked()
    with as_nobody(shelf.till.cast):
        assert (take_back_unused(purchase_id), take_back_unused(purchase_id)) == (4, 0)
    assert shelf.left() == 0


@pytest.mark.parametrize(("sessions", "late"), [(0, False), (101, False), (1, True)])
def test_it_gives_nothing_that_makes_no_sense(shelf: Shelf, sessions: int, late: bool) -> None:
    gift = Gift(shelf.till.offering_id, sessions, "", NOW if late else None)
    with as_nobody(shelf.till.cast), pytest.raises(Refused):
        grant_credits(shelf.ben, gift, shelf.till.cast.ana.user_id)


def test_it_knows_no_holding_of_another_practice(shelf: Shelf) -> None:
    holding_id: UUID = shelf.given()
    with as_nobody(shelf.till.cast, shelf.till.cast.cleo), pytest.raises(NotFound):
        revoke_credits(holding_id, 1, "")


def test_it_uses_nothing_for_a_time_that_went_free(shelf: Shelf) -> None:
    shelf.given(1)
    booking_id = shelf.hold()
    with as_nobody(shelf.till.cast):
        expire_hold(booking_id)
    with pytest.raises(Refused):
        shelf.use(booking_id)
    assert shelf.left() == 1
