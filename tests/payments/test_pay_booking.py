"""Paying for a booking: one purchase, one page, and what is paid is confirmed."""

from datetime import timedelta

import pytest

from coachhub.booking.models import BookingStatus, PaidWith
from coachhub.payments.gateway import GatewayAway
from coachhub.payments.models import PurchaseStatus
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.conftest import NOW
from tests.payments.till import Till


def test_it_confirms_what_is_paid(till: Till) -> None:
    booking_id, purchase_id = till.paid()
    booking, purchase = till.booking(booking_id), till.purchase(purchase_id)
    assert (booking.status, booking.paid_with) == (BookingStatus.CONFIRMED, PaidWith.MONEY)
    assert (purchase.status, purchase.paid_at) == (PurchaseStatus.PAID, NOW)
    assert purchase.client_id == booking.client_id
    assert till.ledger() == [("payment", 9000)]


def test_it_makes_one_purchase_of_a_booking(till: Till) -> None:
    booking_id = till.hold()
    assert till.buy(booking_id) == till.buy(booking_id)


def test_it_opens_one_page_however_often_it_is_asked(till: Till) -> None:
    purchase_id = till.buy(till.hold())
    assert till.open_page(purchase_id) == till.open_page(purchase_id)
    assert len(till.gateway.checkouts) == 1


def test_it_holds_the_slot_for_longer_than_the_page_lasts(till: Till, clock: FixedClock) -> None:
    booking_id = till.hold()
    purchase_id = till.buy(booking_id)
    clock.advance(timedelta(minutes=20))
    till.open_page(purchase_id)
    ends_at = till.purchase(purchase_id).expires_at
    assert ends_at == clock.now() + timedelta(minutes=31)
    assert till.booking(booking_id).held_until == ends_at + timedelta(minutes=5)


@pytest.mark.parametrize("when", ["before", "after"])
def test_it_finds_the_same_page_after_an_answer_was_lost(till: Till, when: str) -> None:
    purchase_id = till.buy(till.hold())
    till.gateway.fail("open_checkout", GatewayAway("reset"), when)
    with pytest.raises(Refused) as refused:
        till.open_page(purchase_id)
    assert refused.value.status == 503
    assert till.open_page(purchase_id) == till.open_page(purchase_id)
    assert len(till.gateway.checkouts) == 1
