"""Rules of coupons: whether a code is good for a purchase, and what it takes off."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from coachhub.booking.rules.prices import least_charged
from coachhub.payments.rules.currencies import chargeable


class Refusal(StrEnum):
    """Why a code takes nothing off."""

    OFF = "off"
    NOT_YET = "not_yet"
    OVER = "over"
    ELSEWHERE = "elsewhere"
    CURRENCY = "currency"
    USED_UP = "used_up"
    USED_BEFORE = "used_before"


class Terms(Protocol):
    """What a coupon says of itself. Days are of the practice's zone, both included."""

    @property
    def is_off(self) -> bool: ...
    @property
    def percent(self) -> int | None: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def first_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def most_uses(self) -> int | None: ...
    @property
    def is_once_a_person(self) -> bool: ...
    @property
    def offering_id(self) -> UUID | None: ...
    @property
    def package_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Basket:
    """What is to be paid: a booking of an offering, or a package; `price` in the minor unit of `currency`."""

    offering_id: UUID | None
    package_id: UUID | None
    price: int
    currency: str


@dataclass(frozen=True, slots=True)
class Uses:
    """How often a code was used by others and before: in all, and by this person."""

    of_all: int
    of_person: int


def refusal_of(coupon: Terms, basket: Basket, today: date, uses: Uses) -> Refusal | None:
    """Why the code is not good for this; None where it is. `today` is the practice's day.

    A code for one offering is good for bookings of it and for no package, and the other way round.
    """
    if coupon.is_off:
        return Refusal.OFF
    if coupon.first_day is not None and today < coupon.first_day:
        return Refusal.NOT_YET
    if coupon.last_day is not None and today > coupon.last_day:
        return Refusal.OVER
    if not _is_for(coupon, basket):
        return Refusal.ELSEWHERE
    if coupon.amount is not None and coupon.currency != basket.currency:
        return Refusal.CURRENCY
    if coupon.most_uses is not None and uses.of_all >= coupon.most_uses:
        return Refusal.USED_UP
    return Refusal.USED_BEFORE if coupon.is_once_a_person and uses.of_person else None


def discount_of(coupon: Terms, price: int, currency: str) -> int:
    """What it takes off a price, never more than all of it, in minor units.

    A percentage is rounded down: what cannot be divided is paid. What then remains is what the gateway can charge; less
    than the least that it charges is let go.
    """
    off = price * coupon.percent // 100 if coupon.percent is not None else coupon.amount or 0
    remains = chargeable(max(0, price - off), currency)
    return price if remains < least_charged(currency) else max(0, price - remains)


def _is_for(coupon: Terms, basket: Basket) -> bool:
    if coupon.offering_id is not None:
        return coupon.offering_id == basket.offering_id
    return coupon.package_id is None or coupon.package_id == basket.package_id
