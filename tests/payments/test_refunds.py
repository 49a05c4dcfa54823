"""Money that goes back: by the rule, from the screen, or in the gateway's own pages; and what banks take."""

from datetime import timedelta

import pytest

from coachhub.booking.models import Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.payments.gateway import GatewayAway, GatewayRefused
from coachhub.payments.models import Dispute, Refund, RefundReason, RefundStatus
from coachhub.payments.service.ledger import in_ledger, left_of
from coachhub.payments.service.refunding import ask_refund
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.booking.booked import NEXT_MONDAY, an_offering, as_nobody
from tests.payments.till import Till


def _cancel(till: Till, booking_id: object, by: Side) -> None:
    with as_nobody(till.cast):
        cancel_booking(booking_id, by)  # type: ignore[arg-type]
    till.settle()


def _ask(till: Till, purchase_id: object, amount: int) -> None:
    with as_nobody(till.cast):
        ask_refund(purchase_id, amount, RefundReason.ASKED_FOR, till.cast.ana.user_id)  # type: ignore[arg-type]


def _stands(till: Till) -> list[tuple[str, str, int]]:
    return [(refund.reason, refund.status, refund.amount) for refund in till.refunds()]


def test_it_gives_all_back_to_who_cancels_in_time(till: Till) -> None:
    booking_id, _ = till.paid()
    _cancel(till, booking_id, Side.CLIENT)
    assert _stands(till) == [("cancelled", "succeeded", 9000)]


def test_it_gives_back_the_share_of_who_cancels_late(till: Till, clock: FixedClock) -> None:
    till.offering_id = an_offering(till.cast.app, till.cast.ana, price=9999, late_percent=50)
    booking_id, _ = till.paid()
    clock.instant = NEXT_MONDAY - timedelta(hours=3)
    _cancel(till, booking_id, Side.CLIENT)
    assert till.ledger() == [("payment", 9999), ("refund", -5000)]


def test_it_gives_nothing_back_where_the_rule_says_so(till: Till, clock: FixedClock) -> None:
    booking_id, _ = till.paid()
    clock.instant = NEXT_MONDAY - timedelta(hours=3)
    _cancel(till, booking_id, Side.CLIENT)
    assert till.refunds() == []


def test_it_gives_all_back_when_the_coach_cancels(till: Till, clock: FixedClock) -> None:
    booking_id, purchase_id = till.paid()
    _ask(till, purchase_id, 1000)
    clock.instant = NEXT_MONDAY - timedelta(hours=3)
    _cancel(till, booking_id, Side.COACH)
    assert sorted(_stands(till)) == [("asked_for", "succeeded", 1000), ("cancelled", "succeeded", 8000)]


def test_it_never_gives_back_more_than_is_left(till: Till) -> None:
    _, purchase_id = till.paid()
    _ask(till, purchase_id, 5000)
    with pytest.raises(Refused):
        _ask(till, purchase_id, 4001)
    _ask(till, purchase_id, 4000)
    till.settle()
    assert till.ledger() == [("payment", 9000), ("refund", -5000), ("refund", -4000)]


@pytest.mark.parametrize("when", ["before", "after"])
def test_it_gives_back_once_when_an_answer_was_lost(till: Till, clock: FixedClock, when: str) -> None:
    _, purchase_id = till.paid()
    _ask(till, purchase_id, 5000)
    till.gateway.fail("refund", GatewayAway("reset"), when)
    till.settle()
    assert _stands(till) == [("asked_for", "asked", 5000)]
    till.gateway.replies.clear()  # a day has passed: the gateway has forgotten our keys
    clock.advance(timedelta(days=1))
    till.settle()
    assert _stands(till) == [("asked_for", "succeeded", 5000)]


def test_it_shows_why_a_refund_was_refused(till: Till) -> None:
    _, purchase_id = till.paid()
    _ask(till, purchase_id, 5000)
    till.gateway.fail("refund", GatewayRefused("insufficient_funds", "There is not enough in your balance."))
    till.settle()
    [refund] = till.refunds()
    assert (refund.status, refund.trouble) == ("failed", "There is not enough in your balance.")
    with as_nobody(till.cast):
        assert left_of(purchase_id) == 9000


def test_it_takes_in_what_was_given_back_in_stripes_own_pages(till: Till) -> None:
    _, purchase_id = till.paid()
    till.gateway.refund_outside(till.purchase(purchase_id).payment_id or "", 2000)
    till.sync(purchase_id)
    assert _stands(till) == [(RefundReason.OUTSIDE, RefundStatus.SUCCEEDED, 2000)]


def test_it_takes_back_a_refund_that_fails_later(till: Till) -> None:
    _, purchase_id = till.paid()
    _ask(till, purchase_id, 9000)
    till.settle()
    till.gateway.refund_stands(till.purchase(purchase_id).payment_id or "", "failed", "expired_or_canceled_card")
    till.sync(purchase_id)
    assert till.ledger() == [("payment", 9000), ("refund", -9000), ("refund_failed", 9000)]
    assert till.refunds()[0].trouble == "expired_or_canceled_card"


def test_it_asks_again_for_a_refund_that_is_under_way(till: Till, clock: FixedClock) -> None:
    _, purchase_id = till.paid()
    payment_id = till.purchase(purchase_id).payment_id or ""
    till.gateway.refund_outside(payment_id, 9000)
    till.gateway.refund_stands(payment_id, "pending")
    till.sync(purchase_id)
    till.gateway.refund_stands(payment_id, "succeeded")
    clock.advance(timedelta(hours=7))
    till.settle()
    assert _stands(till) == [("outside", "succeeded", 9000)]


@pytest.mark.parametrize(("won", "left"), [(True, 9000), (False, 0)])
def test_it_writes_down_what_a_bank_takes_and_gives(till: Till, won: bool, left: int) -> None:
    _, purchase_id = till.paid()
    payment_id = till.purchase(purchase_id).payment_id or ""
    till.gateway.dispute(payment_id)
    till.sync(purchase_id)
    with pytest.raises(Refused):
        _ask(till, purchase_id, 1)
    till.gateway.dispute_ends(payment_id, won=won)
    till.sync(purchase_id)
    with as_nobody(till.cast):
        assert in_ledger(purchase_id) == left
    assert [dispute.status for dispute in till.rows(Dispute)] == ["won" if won else "lost"]


@pytest.mark.parametrize(("currency", "price"), [("JPY", 12_000), ("KWD", 45_500), ("GBP", 1)])
def test_it_counts_each_currency_in_its_own_minor_unit(till: Till, currency: str, price: int) -> None:
    till.offering_id = an_offering(till.cast.app, till.cast.ana, price=price, currency=currency, late_percent=50)
    booking_id, _ = till.paid()
    assert till.gateway.balance() == {currency: price}
    _cancel(till, booking_id, Side.COACH)
    assert [(refund.currency, refund.amount) for refund in till.rows(Refund)] == [(currency, price)]
