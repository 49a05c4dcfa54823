"""Making a purchase: what is bought, by whom, for how much, and into whose account."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import insert, select

from coachhub.booking.models import BookingStatus, OfferingStatus, Package
from coachhub.booking.service.reading import lock_booking
from coachhub.payments.models import Purchase, PurchaseStatus, StripeAccount
from coachhub.payments.rules.amounts import platform_fee
from coachhub.payments.rules.currencies import chargeable, step_of
from coachhub.payments.rules.waiting import CHECKOUT_LASTS
from coachhub.payments.service.purchases import PurchaseRow, change_purchase, find_purchase, lock_purchase
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.jobs import enqueue
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class Buyer:
    """Who buys: where to write to, in which language and time zone; `client_id` where they are a client already."""

    name: str
    email: str
    locale: str
    time_zone: str
    client_id: UUID | None = None


@dataclass(frozen=True)
class Discount:
    """What a coupon takes off a price, in minor units."""

    coupon_id: UUID
    amount: int


def buy_booking(booking_id: UUID) -> UUID:
    """Buy a booking that is held; returns its purchase. Asked for twice, it is one purchase.

    Raises NotFound; Refused where the hold has ended, or where the practice takes no payments.
    """
    booking = lock_booking(booking_id)
    paid = find_purchase(Purchase.booking_id == booking_id, Purchase.status == PurchaseStatus.PAID)
    under_way = paid or _under_way(booking_id)
    if under_way is not None:
        return under_way.id
    if booking.status is not BookingStatus.HELD or not booking.price:
        raise Refused(409, _("This time is no longer held for you. Please choose a time again."))
    buyer = Buyer(booking.name, booking.email, booking.locale, booking.time_zone, booking.client_id)
    what = {"booking_id": booking_id, "title": booking.title, "expires_at": booking.held_until}
    return _add(what, buyer, booking.price, booking.currency)


def buy_package(package_id: UUID, buyer: Buyer, discount: Discount | None = None, once: UUID | None = None) -> UUID:
    """Buy a package; returns the purchase. Raises NotFound; Refused where the practice takes no payments.

    `once` is the number of the form: sent twice by one person, at one price, it is one purchase while that can be paid.
    """
    here = (Package.practice_id == current_practice(), Package.id == package_id)
    package = db.session.execute(select(Package.title, Package.price, Package.currency, Package.status).where(*here))
    found = package.one_or_none()
    if found is None or found.status != OfferingStatus.OPEN or not found.price:
        raise NotFound
    what = {"package_id": package_id, "title": found.title, "expires_at": clock.now() + CHECKOUT_LASTS}
    before = find_purchase(Purchase.id == once) if once is not None else None
    if before is None:
        return _add(what | {"id": once or uuid4()}, buyer, found.price, found.currency, discount)
    is_same = (before.package_id, before.email, discount_on(before)) == (package_id, buyer.email, discount)
    return before.id if is_same and _can_be_paid(before) else _add(what, buyer, found.price, found.currency, discount)


def _can_be_paid(purchase: PurchaseRow) -> bool:
    """Whether it can, or is: its page says how it stands."""
    is_young = purchase.is_open and purchase.expires_at > clock.now()
    return is_young or purchase.status in (PurchaseStatus.WAITING, PurchaseStatus.PAID)


def buy_instead(purchase_id: UUID, discount: Discount | None) -> UUID:
    """Put a new purchase in the place of one that is open, at another price or on a new page; returns the new one.

    The old one's page is ended by the worker that looks after it. Should it be paid before that, it counts all the
    same. Raises NotFound; Refused where it can no longer be paid.
    """
    old = lock_purchase(purchase_id)
    if not old.is_open:
        raise Refused(409, _("This payment is over already."))
    change_purchase(old.id, closed_at=clock.now())
    enqueue("workers.jobs.settle_payments", current_practice())
    what = {name: getattr(old, name) for name in ("booking_id", "package_id", "title", "expires_at")}
    buyer = Buyer(old.name, old.email, old.locale, old.time_zone, old.client_id)
    return _add(what, buyer, old.list_amount, old.currency, discount)


def discount_on(purchase: PurchaseRow) -> Discount | None:
    """What a code takes off a purchase; None where none was used."""
    return Discount(purchase.coupon_id, purchase.discount) if purchase.coupon_id else None


def end_payments(booking_id: UUID) -> None:
    """A booking, which is held, is confirmed, or its time went free: what is open for it is not to be paid any more."""
    here = (Purchase.practice_id == current_practice(), Purchase.booking_id == booking_id)
    is_open = (Purchase.status == PurchaseStatus.OPEN, Purchase.closed_at.is_(None))
    found = db.session.scalars(select(Purchase.id).where(*here, *is_open).with_for_update()).all()
    for purchase_id in found:
        change_purchase(purchase_id, closed_at=clock.now())
    if found:
        enqueue("workers.jobs.settle_payments", current_practice())


def takes_payments() -> str | None:
    """The account into which the practice is paid; None while it takes no payments."""
    active = (StripeAccount.practice_id == current_practice(), StripeAccount.card_payments == "active")
    return db.session.scalar(select(StripeAccount.account_id).where(*active))


def _add(what: dict[str, Any], buyer: Buyer, price: int, currency: str, discount: Discount | None = None) -> UUID:
    account_id = takes_payments()
    if account_id is None:
        raise Refused(409, _("This practice cannot take payments at the moment. Please get in touch with them."))
    price, off = chargeable(price, currency), discount.amount if discount else 0
    made = insert(Purchase).values(
        practice_id=current_practice(),
        **what,
        name=buyer.name,
        email=buyer.email,
        locale=buyer.locale,
        time_zone=buyer.time_zone,
        client_id=buyer.client_id,
        list_amount=price,
        discount=off,
        coupon_id=discount.coupon_id if discount else None,
        amount=price - off,
        fee=fee_on(price - off, currency),
        currency=currency,
        status=PurchaseStatus.OPEN.value,
        account_id=account_id,
        created_at=clock.now(),
    )
    return db.session.execute(made.returning(Purchase.id)).scalar_one()


def fee_on(amount: int, currency: str) -> int:
    """The platform's part of what is paid."""
    return platform_fee(amount, ports().settings.platform_fee_basis_points, step_of(currency))


def _under_way(booking_id: UUID) -> PurchaseRow | None:
    undecided = Purchase.status.in_((PurchaseStatus.OPEN, PurchaseStatus.WAITING))
    return find_purchase(Purchase.booking_id == booking_id, undecided, Purchase.closed_at.is_(None))
