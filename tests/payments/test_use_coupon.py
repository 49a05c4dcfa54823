"""Codes at the pay step: cheaper, for nothing, once, and not more often than they may be."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from coachhub.booking.models import BookingStatus, PaidWith
from coachhub.booking.service.profiles import practice_page
from coachhub.booking.service.visitor_links import booking_token
from coachhub.payments.models import Coupon, CouponGift, Holding, PurchaseStatus
from coachhub.payments.service.coupon_book import coupon_of
from coachhub.payments.service.discounting import NoSuchCode, use_coupon
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, as_nobody, held
from tests.factories import LONG_AGO
from tests.payments.packages import Shelf
from tests.payments.till import Till


def _coupon(till: Till, **said: Any) -> UUID:
    coupon_id = uuid4()
    with as_nobody(till.cast):
        row = {"code": "SPRING", "percent": 20, "created_at": LONG_AGO} | said
        db.session.add(Coupon(practice_id=till.practice_id, id=coupon_id, **row))
    return coupon_id


def _use(till: Till, booking_id: UUID, code: str = "spring") -> bool:
    with as_nobody(till.cast):
        return use_coupon(booking_id, code)


def _link(till: Till, booking_id: UUID) -> str:
    with as_nobody(till.cast):
        return f"/b/{booking_token(booking_id)}"


def _uses(till: Till, coupon_id: UUID) -> int:
    with as_nobody(till.cast):
        return coupon_of(coupon_id).uses


@pytest.fixture
def browser(till: Till) -> FlaskClient:
    return till.cast.browser()


def test_it_makes_it_cheaper_and_says_by_how_much(till: Till, browser: FlaskClient) -> None:
    coupon_id, link = _coupon(till), _link(till, till.hold())
    assert browser.post(f"{link}/coupon", data={"code": "spring"}).location.endswith("/pay")
    page = browser.get(f"{link}/pay").text
    assert all(words in page for words in ("£90.00", "Off by SPRING", "-£18.00", "Pay £72.00"))
    browser.post(f"{link}/pay")
    assert till.gateway.asked[-1].amount == 7200
    till.gateway.pay(till.gateway.the_checkout())
    till.sync(till.purchases()[-1].id)
    assert (till.ledger(), _uses(till, coupon_id)) == ([("payment", 7200)], 1)


def test_it_takes_a_code_once_and_off_again(till: Till, browser: FlaskClient) -> None:
    _coupon(till)
    link = _link(till, till.hold())
    for _ in range(2):
        browser.post(f"{link}/coupon", data={"code": "SPRING"})
    assert [row.amount for row in till.purchases()] == [7200]
    browser.post(f"{link}/coupon/off")
    assert [(row.amount, row.coupon_id) for row in till.purchases()] == [(9000, None)]


def test_it_puts_a_cheaper_page_in_the_place_of_one_that_is_open(till: Till) -> None:
    _coupon(till)
    booking_id, dear, page = till.at_checkout()
    _use(till, booking_id)
    assert sorted(row.amount for row in till.purchases()) == [7200, 9000]
    till.settle()
    assert (till.purchase(dear).status, till.gateway.checkouts[page].state.status) == (
        PurchaseStatus.EXPIRED,
        "expired",
    )
    assert till.booking(booking_id).status is BookingStatus.HELD


def test_it_books_without_payment_what_a_code_pays_for_entirely(till: Till, browser: FlaskClient) -> None:
    coupon_id, booking_id = _coupon(till, percent=100), till.hold()
    link = _link(till, booking_id)
    assert browser.post(f"{link}/coupon", data={"code": "spring"}).location.endswith("/paid")
    booking = till.booking(booking_id)
    assert (booking.status, booking.paid_with) == (BookingStatus.CONFIRMED, PaidWith.NOTHING)
    assert (till.purchases(), _uses(till, coupon_id)) == ([], 1)
    assert "the code SPRING, all of it" in browser.get(link).text


def test_it_gives_back_what_was_paid_beside_a_code_for_all(till: Till) -> None:
    _coupon(till, percent=100)
    booking_id, purchase_id, page = till.at_checkout()
    till.gateway.checkouts[page].ends_at = None
    _use(till, booking_id)
    till.gateway.pay(page)
    till.sync(purchase_id)
    till.settle()
    assert [row.reason for row in till.refunds()] == ["paid_twice"]


def test_it_counts_uses_that_can_still_be_paid_and_no_others(till: Till, clock: FixedClock) -> None:
    _coupon(till, most_uses=1)
    _use(till, till.hold("Vera"))
    second = till.hold("Wim", NEXT_MONDAY + AN_HOUR)
    with pytest.raises(NoSuchCode, match="as often as it may be"):
        _use(till, second)
    clock.advance(timedelta(minutes=34))
    third = till.hold("Xaver", NEXT_MONDAY + 2 * AN_HOUR)
    clock.advance(timedelta(minutes=2))
    assert _use(till, third) is False


def test_it_counts_what_a_code_paid_for_entirely(till: Till) -> None:
    _coupon(till, percent=100, most_uses=1)
    _use(till, till.hold("Vera"))
    with pytest.raises(NoSuchCode):
        _use(till, till.hold("Wim", NEXT_MONDAY + AN_HOUR))
    assert len(till.rows(CouponGift)) == 1


def test_it_is_good_once_for_each_person(till: Till) -> None:
    _coupon(till, is_once_a_person=True)
    _use(till, till.hold("Vera"))
    with pytest.raises(NoSuchCode, match="once for each person"):
        _use(till, till.hold("Vera", NEXT_MONDAY + AN_HOUR))
    _use(till, till.hold("Wim", NEXT_MONDAY + 2 * AN_HOUR))
    other_spelling = held(till.cast, "Vera", till.offering_id, NEXT_MONDAY + 3 * AN_HOUR, email="Vera+2@example.org")
    with pytest.raises(NoSuchCode, match="once for each person"):
        _use(till, other_spelling)


@pytest.mark.parametrize("code", ["", "nonsense", "?!"])
def test_it_refuses_kindly_and_keeps_what_was_typed(till: Till, browser: FlaskClient, code: str) -> None:
    _coupon(till)
    answer = browser.post(f"{_link(till, till.hold())}/coupon", data={"code": code})
    assert (answer.status_code, f'value="{code}"' in answer.text) == (422, True)
    assert till.purchases() == []


def test_it_takes_no_code_for_what_is_over(till: Till, browser: FlaskClient) -> None:
    _coupon(till)
    booking_id, _ = till.paid()
    assert browser.post(f"{_link(till, booking_id)}/coupon", data={"code": "spring"}).status_code == 409


def test_it_makes_a_package_cheaper_or_gives_it(shelf: Shelf, browser: FlaskClient) -> None:
    till = shelf.till
    shelf.package()
    _coupon(till)
    _coupon(till, code="GIFT", percent=100)
    with as_nobody(till.cast):
        address = f"/p/{practice_page().slug}/packages/five"
    person = {"name": "Vera Vogel", "email": "vera@example.org"}
    assert browser.post(address, data=person | {"code": "nonsense"}).status_code == 422
    assert "checkout" in browser.post(address, data=person | {"code": "spring"}).location
    assert till.purchases()[-1].amount == 32_000
    assert "It is yours" in browser.post(address, data=person | {"code": "gift"}, follow_redirects=True).text
    [holding] = till.rows(Holding)
    assert (holding.sessions, holding.purchase_id) == (5, None)
