"""What nobody told, and what came late: slots go free, and money finds its way."""

from datetime import timedelta

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.confirming import confirm_booking
from coachhub.payments.gateway import GatewayAway, GatewayRefused
from coachhub.payments.models import PurchaseStatus, RefundReason, RefundStatus
from coachhub.payments.service.buying import buy_instead
from coachhub.platform.clock import FixedClock
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, as_nobody, confirmed
from tests.payments.till import Till

OVER = timedelta(minutes=40)


def test_it_frees_the_slot_of_who_never_went_to_pay(till: Till, clock: FixedClock) -> None:
    booking_id = till.hold()
    purchase_id = till.buy(booking_id)
    clock.advance(OVER)
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.EXPIRED
    assert till.purchase(purchase_id).status is PurchaseStatus.EXPIRED
    assert till.gateway.calls == []


def test_it_asks_the_gateway_before_it_frees_a_slot(till: Till, clock: FixedClock) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    till.gateway.pay(checkout_id)
    clock.advance(OVER)
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID


def test_it_ends_the_page_before_it_frees_a_slot(till: Till, clock: FixedClock) -> None:
    booking_id, _, checkout_id = till.at_checkout()
    till.gateway.checkouts[checkout_id].ends_at = None  # a page that the gateway would leave open
    clock.advance(OVER)
    till.settle()
    assert till.gateway.checkouts[checkout_id].state.status == "expired"
    assert till.booking(booking_id).status is BookingStatus.EXPIRED


def test_it_keeps_the_slot_while_nobody_answers(till: Till, clock: FixedClock) -> None:
    booking_id, _, _ = till.at_checkout()
    clock.advance(OVER)
    till.gateway.fail("end_checkout", GatewayAway("503"))
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.HELD
    clock.advance(timedelta(minutes=10))
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.EXPIRED


def test_it_frees_the_slot_where_the_gateway_will_not_tell(till: Till, clock: FixedClock) -> None:
    booking_id, _, _ = till.at_checkout()
    clock.advance(OVER)
    till.gateway.fail("end_checkout", GatewayRefused("account_invalid", "we have no access any more"))
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.EXPIRED


def test_it_refunds_by_itself_what_was_paid_after_the_slot_was_gone(till: Till) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.COACH)
    confirmed(till.cast, "Wim", till.offering_id)
    till.gateway.pay(checkout_id)
    till.sync(purchase_id)
    [refund] = till.refunds()
    assert (refund.reason, refund.amount, refund.status) == (RefundReason.SLOT_GONE, 9000, RefundStatus.ASKED)
    till.settle()
    assert till.refunds()[0].status == RefundStatus.SUCCEEDED
    assert till.ledger() == [("payment", 9000), ("refund", -9000)]


def test_it_takes_a_slot_again_that_is_still_free_when_money_comes_late(till: Till, clock: FixedClock) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    till.gateway.pay(checkout_id)
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.CLIENT)
    till.sync(purchase_id)
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert till.refunds() == []


def test_it_gives_the_second_payment_of_a_booking_back(till: Till) -> None:
    booking_id, first_id, first_page = till.at_checkout()
    with as_nobody(till.cast):
        second_id = buy_instead(first_id, None)
    till.open_page(second_id)
    till.gateway.pay(first_page)
    till.gateway.pay(till.gateway.the_checkout())
    till.sync(second_id)
    till.sync(first_id)
    till.settle()
    [refund] = till.refunds()
    assert (refund.reason, refund.purchase_id) == (RefundReason.PAID_TWICE, first_id)
    assert till.ledger() == [("payment", 9000), ("payment", 9000), ("refund", -9000)]
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


def test_it_gives_back_what_a_credit_has_paid_for_meanwhile(till: Till) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    with as_nobody(till.cast):
        confirm_booking(booking_id, PaidWith.CREDIT)
    till.gateway.pay(checkout_id)
    till.sync(purchase_id)
    till.settle()
    assert [refund.reason for refund in till.refunds()] == [RefundReason.PAID_TWICE]


def test_it_ends_the_page_of_a_purchase_that_another_replaces(till: Till) -> None:
    booking_id, first_id, first_page = till.at_checkout()
    with as_nobody(till.cast):
        second_id = buy_instead(first_id, None)
    till.settle()
    assert till.gateway.checkouts[first_page].state.status == "expired"
    assert till.purchase(first_id).status is PurchaseStatus.EXPIRED
    assert till.purchase(second_id).status is PurchaseStatus.OPEN
    assert till.booking(booking_id).status is BookingStatus.HELD


def test_it_waits_for_a_bank_and_keeps_the_slot(till: Till, clock: FixedClock) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    till.gateway.pay(checkout_id, slowly=True)
    till.sync(purchase_id)
    clock.advance(timedelta(days=2))
    till.settle()
    assert till.purchase(purchase_id).status is PurchaseStatus.WAITING
    assert till.booking(booking_id).status is BookingStatus.HELD
    till.gateway.bank_decides(checkout_id, yes=True)
    clock.advance(AN_HOUR)
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


def test_it_frees_the_slot_when_the_bank_says_no(till: Till) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    till.gateway.pay(checkout_id, slowly=True)
    till.sync(purchase_id)
    till.gateway.bank_decides(checkout_id, yes=False)
    till.sync(purchase_id)
    assert till.purchase(purchase_id).status is PurchaseStatus.FAILED
    assert till.booking(booking_id).status is BookingStatus.EXPIRED


def test_it_keeps_no_slot_for_a_bank_past_its_beginning(till: Till, clock: FixedClock) -> None:
    booking_id, purchase_id, checkout_id = till.at_checkout()
    till.gateway.pay(checkout_id, slowly=True)
    till.sync(purchase_id)
    assert till.booking(booking_id).held_until == NEXT_MONDAY
    clock.instant = NEXT_MONDAY + AN_HOUR
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.EXPIRED
    till.gateway.bank_decides(checkout_id, yes=True)
    till.sync(purchase_id)
    till.settle()
    assert [refund.reason for refund in till.refunds()] == [RefundReason.SLOT_GONE]


def test_it_finds_a_page_that_nobody_lived_to_write_down(till: Till, clock: FixedClock) -> None:
    booking_id = till.hold()
    purchase_id = till.buy(booking_id)
    till.gateway.fail("open_checkout", RuntimeError("killed"), "after")
    try:
        till.open_page(purchase_id)
    except RuntimeError:
        till.gateway.pay(till.gateway.the_checkout())
    assert till.purchase(purchase_id).checkout_id is None
    clock.advance(OVER)
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


def test_it_opens_a_new_page_when_the_words_of_the_first_are_too_old(till: Till, clock: FixedClock) -> None:
    booking_id = till.hold()
    first_id = till.buy(booking_id)
    till.gateway.fail("open_checkout", RuntimeError("killed"), "before")
    try:
        till.open_page(first_id)
    except RuntimeError:
        clock.advance(timedelta(minutes=5))
    assert till.open_page(first_id).startswith("https://checkout.stripe.example/")
    till.gateway.pay(till.gateway.the_checkout())
    till.sync(till.buy(booking_id))
    till.settle()
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert till.purchase(first_id).status is PurchaseStatus.EXPIRED
