"""Many at once: clicks on one button, workers at one purchase, refunds of one payment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from coachhub.booking.models import BookingStatus, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.payments.models import PurchaseStatus, RefundReason
from coachhub.payments.service.buying import buy_instead
from coachhub.payments.service.refunding import ask_refund
from coachhub.platform.errors import Refused
from tests.booking.booked import as_nobody
from tests.payments.till import Till

AT_ONCE = 6


def _at_once(act: Callable[[], Any], times: int = AT_ONCE) -> list[Any]:
    """What came of each; a refusal is an answer."""

    def tried(_: int) -> Any:
        try:
            return act()
        except Refused as refused:
            return refused.status

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(tried, range(times)))


def test_it_makes_one_purchase_and_one_page_of_many_clicks(till: Till) -> None:
    booking_id = till.hold()
    pages = _at_once(lambda: till.open_page(till.buy(booking_id)))
    assert len(set(pages)) == len(till.purchases()) == len(till.gateway.checkouts) == 1


def test_it_confirms_once_when_many_workers_look(till: Till) -> None:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page)
    till.tell()
    _at_once(till.settle)
    assert till.ledger() == [("payment", 9000)]
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED
    assert {event.outcome for event in till.events()} == {"handled"}
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID


def test_it_never_gives_back_more_than_there_is_to_many_who_ask(till: Till) -> None:
    _, purchase_id = till.paid()

    def ask() -> str:
        with as_nobody(till.cast):
            ask_refund(purchase_id, 4000, RefundReason.ASKED_FOR)
        return "asked"

    assert sorted(map(str, _at_once(ask))) == ["422"] * (AT_ONCE - 2) + ["asked"] * 2
    _at_once(till.settle)
    assert till.ledger() == [("payment", 9000), ("refund", -4000), ("refund", -4000)]


def test_it_keeps_one_of_two_payments_that_come_at_the_same_moment(till: Till) -> None:
    booking_id, first_id, first_page = till.at_checkout()
    with as_nobody(till.cast):
        second_id = buy_instead(first_id, None)
    till.open_page(second_id)
    till.gateway.pay(first_page)
    till.gateway.pay(till.gateway.the_checkout())
    both = iter((first_id, second_id))
    _at_once(lambda: till.sync(next(both)), times=2)
    till.settle()
    assert [refund.reason for refund in till.refunds()] == [RefundReason.PAID_TWICE]
    assert sum(amount for _, amount in till.ledger()) == 9000
    assert till.booking(booking_id).status is BookingStatus.CONFIRMED


def test_it_holds_up_nobody_when_a_booking_is_called_off_while_it_is_paid(till: Till) -> None:
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.pay(page)

    def cancel() -> None:
        with as_nobody(till.cast):
            cancel_booking(booking_id, Side.CLIENT)

    acts = iter((cancel, lambda: till.sync(purchase_id)))
    _at_once(lambda: next(acts)(), times=2)
    till.settle()
    booking = till.booking(booking_id)
    is_back = sum(amount for _, amount in till.ledger()) == 0
    assert is_back == (booking.status is BookingStatus.CANCELLED)
