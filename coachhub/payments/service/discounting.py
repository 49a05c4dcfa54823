"""A code typed at the pay step: what it takes off a purchase that is open; where it takes all, there is none."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import insert, select

from coachhub.accounts.models import Practice
from coachhub.booking.models import BookingStatus, PaidWith
from coachhub.booking.service.confirming import Outcome, confirm_booking
from coachhub.booking.service.offers import package_of
from coachhub.booking.service.reading import BookingRow, booking_of, lock_booking
from coachhub.booking.service.taking import queue_for_person
from coachhub.payments.models import CouponGift
from coachhub.payments.rules.coupon_codes import tidy_code
from coachhub.payments.rules.coupons import Basket, Refusal, discount_of, refusal_of
from coachhub.payments.rules.currencies import chargeable
from coachhub.payments.service.buying import Buyer, Discount, buy_booking, buy_instead, buy_package, fee_on
from coachhub.payments.service.coupon_book import CouponRow, coupon_with_code
from coachhub.payments.service.coupon_uses import hold_coupon, uses_of
from coachhub.payments.service.granting import Receiver, grant_gift, is_gift
from coachhub.payments.service.purchases import PurchaseRow, change_purchase, lock_purchase, purchase_for
from coachhub.platform import clock
from coachhub.platform.addresses import as_we_write_it
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice


class NoSuchCode(Refused):
    """The code takes nothing off; the text says why, kindly. Raised before anything has changed."""

    def __init__(self, refusal: Refusal | None = None) -> None:
        words: dict[Refusal | None, str] = {
            None: _("We do not know this code. Look at it again: letters and digits, as they were given to you."),
            Refusal.OFF: _("This code is no longer in use."),
            Refusal.NOT_YET: _("This code is not good yet. Try again on its first day."),
            Refusal.OVER: _("The last day of this code has passed."),
            Refusal.ELSEWHERE: _("This code is for something else."),
            Refusal.CURRENCY: _("This code is for another currency."),
            Refusal.USED_UP: _("This code was used as often as it may be."),
            Refusal.USED_BEFORE: _("You have used this code before: it is good once for each person."),
        }
        super().__init__(422, words[refusal])


def use_coupon(booking_id: UUID, code: str) -> bool:
    """Take a code off what a booking costs; True where nothing is left to pay: then it is confirmed.

    The page of payment that was opened at another price is ended. Asked twice, it is one use. Raises NotFound,
    NoSuchCode, and Refused where the time is no longer held.
    """
    booking = lock_booking(booking_id)
    if booking.status is not BookingStatus.HELD or not booking.price:
        raise Refused(409, _("This time is no longer held for you. Please choose a time again."))
    bought = purchase_for(booking_id)
    basket = Basket(booking.offering_id, None, chargeable(booking.price, booking.currency), booking.currency)
    coupon, off = _worth(code, basket, booking.email, bought.id if bought and bought.is_open else None)
    if off == basket.price:
        _give(booking, coupon)
        return True
    purchase_id = buy_booking(booking_id)
    _reprice(lock_purchase(purchase_id), Discount(coupon.id, off))
    return False


def drop_coupon(booking_id: UUID) -> None:
    """Pay the list price after all. Where no code is used nothing changes. Raises NotFound."""
    lock_booking(booking_id)
    bought = purchase_for(booking_id)
    if bought is not None and bought.is_open and bought.coupon_id is not None:
        _reprice(lock_purchase(bought.id), None)


def buy_package_with(package_id: UUID, buyer: Buyer, code: str, once: UUID) -> UUID | None:
    """Buy a package, with a code where one was typed; returns the purchase, or None where nothing is left to pay.

    `once` is the number of the form: a second click buys nothing more. Raises NotFound, NoSuchCode, and Refused where
    the practice takes no payments.
    """
    queue_for_person(as_we_write_it(buyer.email))
    if not code.strip():
        return buy_package(package_id, buyer, once=once)
    if is_gift(once):
        return None
    package = package_of(package_id)
    basket = Basket(None, package_id, chargeable(package.price, package.currency), package.currency)
    coupon, off = _worth(code, basket, buyer.email, None)
    if off == basket.price:
        who = Receiver(buyer.name, buyer.email, buyer.time_zone, buyer.client_id)
        client_id, holding_id = grant_gift(package_id, package.title, who, once)
        _note(coupon.id, buyer.email, package.price, package.currency, client_id=client_id, holding_id=holding_id)
        return None
    return buy_package(package_id, buyer, Discount(coupon.id, off), once)


def gift_of(booking_id: UUID) -> UUID | None:
    """The coupon that paid for a booking entirely; None where none did."""
    mine = (CouponGift.practice_id == current_practice(), CouponGift.booking_id == booking_id)
    return db.session.scalar(select(CouponGift.coupon_id).where(*mine))


def _worth(code: str, basket: Basket, email: str, apart_from: UUID | None) -> tuple[CouponRow, int]:
    tidied = tidy_code(code)
    coupon = coupon_with_code(tidied) if tidied else None
    if coupon is None:
        raise NoSuchCode
    hold_coupon(coupon.id)
    uses = uses_of(coupon.id, email, apart_from=apart_from)
    refusal = refusal_of(coupon, basket, local_day(clock.now(), _zone()), uses)
    if refusal is not None:
        raise NoSuchCode(refusal)
    return coupon, discount_of(coupon, basket.price, basket.currency)


def _give(booking: BookingRow, coupon: CouponRow) -> None:
    if confirm_booking(booking.id, PaidWith.NOTHING) is not Outcome.CONFIRMED:
        raise Refused(409, _("This time is no longer held for you. Please choose a time again."))
    client_id = booking_of(booking.id).client_id
    _note(coupon.id, booking.email, booking.price, booking.currency, client_id=client_id, booking_id=booking.id)


def _note(coupon_id: UUID, email: str, amount: int, currency: str, **of_what: UUID | None) -> None:
    said = {"coupon_id": coupon_id, "email": email, "amount": amount, "currency": currency, "created_at": clock.now()}
    db.session.execute(insert(CouponGift).values(practice_id=current_practice(), **said, **of_what))


def _reprice(purchase: PurchaseRow, discount: Discount | None) -> None:
    """At another price: in place while no page was asked for, else as a new purchase in its place."""
    if purchase.coupon_id == (discount.coupon_id if discount else None):
        return
    if purchase.asked_at is not None:
        buy_instead(purchase.id, discount)
        return
    off = discount.amount if discount else 0
    amount = purchase.list_amount - off
    fee = fee_on(amount, purchase.currency)
    coupon_id = discount.coupon_id if discount else None
    change_purchase(purchase.id, discount=off, amount=amount, fee=fee, coupon_id=coupon_id)


def _zone() -> ZoneInfo:
    query = select(Practice.time_zone).where(Practice.id == current_practice())
    return ZoneInfo(db.session.execute(query).scalar_one())
