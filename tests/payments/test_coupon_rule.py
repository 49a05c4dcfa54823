"""What a code takes off, and why it may take nothing."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.booking.rules.prices import least_charged
from coachhub.payments.rules.coupons import Basket, Refusal, Uses, discount_of, refusal_of
from coachhub.payments.rules.currencies import chargeable

TODAY = date(2026, 3, 5)
A_DAY = timedelta(days=1)
HOUR, FIVE = uuid4(), uuid4()
NEVER = Uses(0, 0)


@dataclass(frozen=True)
class Code:
    """A coupon of 20 percent for everything."""

    is_off: bool = False
    percent: int | None = 20
    amount: int | None = None
    currency: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    most_uses: int | None = None
    is_once_a_person: bool = False
    offering_id: UUID | None = None
    package_id: UUID | None = None


BOOKING, PACKAGE = Basket(HOUR, None, 9000, "GBP"), Basket(None, FIVE, 9000, "GBP")


@pytest.mark.parametrize(
    ("code", "basket", "uses", "why"),
    [
        (Code(), BOOKING, NEVER, None),
        (Code(is_off=True), BOOKING, NEVER, Refusal.OFF),
        (Code(first_day=TODAY, last_day=TODAY), BOOKING, NEVER, None),
        (Code(first_day=TODAY + A_DAY), BOOKING, NEVER, Refusal.NOT_YET),
        (Code(last_day=TODAY - A_DAY), BOOKING, NEVER, Refusal.OVER),
        (Code(offering_id=HOUR), BOOKING, NEVER, None),
        (Code(offering_id=HOUR), PACKAGE, NEVER, Refusal.ELSEWHERE),
        (Code(package_id=FIVE), PACKAGE, NEVER, None),
        (Code(package_id=FIVE), BOOKING, NEVER, Refusal.ELSEWHERE),
        (Code(percent=None, amount=500, currency="EUR"), BOOKING, NEVER, Refusal.CURRENCY),
        (Code(most_uses=3), BOOKING, Uses(2, 2), None),
        (Code(most_uses=3), BOOKING, Uses(3, 0), Refusal.USED_UP),
        (Code(is_once_a_person=True), BOOKING, Uses(9, 0), None),
        (Code(is_once_a_person=True), BOOKING, Uses(1, 1), Refusal.USED_BEFORE),
    ],
)
def test_it_says_why_a_code_is_not_good(code: Code, basket: Basket, uses: Uses, why: Refusal | None) -> None:
    assert refusal_of(code, basket, TODAY, uses) == why


@pytest.mark.parametrize(
    ("code", "price", "currency", "off"),
    [
        (Code(percent=33), 1000, "GBP", 330),
        (Code(percent=33), 1001, "GBP", 330),
        (Code(percent=33), 1001, "JPY", 330),
        (Code(percent=33), 10_010, "KWD", 3300),
        (Code(percent=None, amount=500), 9000, "GBP", 500),
        (Code(percent=None, amount=9500), 9000, "GBP", 9000),
        (Code(percent=99), 1000, "GBP", 1000),
    ],
)
def test_it_takes_off_what_it_says(code: Code, price: int, currency: str, off: int) -> None:
    assert discount_of(code, price, currency) == off


@given(
    percent=st.integers(1, 100), price=st.integers(50, 10**7), currency=st.sampled_from(("GBP", "JPY", "KWD", "ISK"))
)
def test_it_leaves_nothing_or_what_can_be_charged(percent: int, price: int, currency: str) -> None:
    code, price = replace(Code(), percent=percent), chargeable(price, currency)
    off = discount_of(code, price, currency)
    left = price - off
    assert 0 <= left <= price
    assert left == 0 or left == chargeable(left, currency) >= least_charged(currency)
    step = 10 if currency == "KWD" else 1
    assert left == 0 or abs(off - price * percent / 100) < step
