"""The practice's coupons as its owner keeps them: add, change, switch off and on; and how often each was used."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from coachhub.accounts.service import audit
from coachhub.booking.service.offers import offering_of, package_of
from coachhub.booking.service.setting_up import SECOND_CLICK, one_at_a_time
from coachhub.payments.models import Coupon, Purchase, PurchaseStatus
from coachhub.payments.service.coupon_uses import used_for_nothing
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice

USED = (PurchaseStatus.PAID, PurchaseStatus.WAITING)
"""A purchase that stands like this has used its coupon."""


@dataclass(frozen=True, slots=True)
class CouponEntry:
    """What an owner says of a coupon: either `percent` or `amount`, in the minor unit of the practice's currency.

    Days are of the practice's zone, both included; None for no beginning or no end. `offering_id` or `package_id`: for
    that alone.
    """

    code: str
    percent: int | None
    amount: int | None
    first_day: date | None
    last_day: date | None
    most_uses: int | None
    is_once_a_person: bool
    offering_id: UUID | None
    package_id: UUID | None


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon, and how many purchases have used it. `amount` is in the minor unit of `currency`."""

    id: UUID
    code: str
    percent: int | None
    amount: int | None
    currency: str | None
    first_day: date | None
    last_day: date | None
    most_uses: int | None
    is_once_a_person: bool
    offering_id: UUID | None
    package_id: UUID | None
    is_off: bool
    uses: int


class CodeTaken(Refused):
    """Another coupon has this code."""

    def __init__(self) -> None:
        super().__init__(409, _("There is a coupon with this code already."))


def coupons() -> tuple[CouponRow, ...]:
    """All coupons of the practice: those that are on first, then by code."""
    ordered = _rows().order_by(Coupon.is_off, Coupon.code)
    return tuple(CouponRow(*row) for row in db.session.execute(ordered))


def coupon_of(coupon_id: UUID) -> CouponRow:
    """One coupon. Raises NotFound."""
    row = db.session.execute(_rows().where(Coupon.id == coupon_id)).one_or_none()
    if row is None:
        raise NotFound
    return CouponRow(*row)


def code_of(coupon_id: UUID | None) -> str:
    """The code of a coupon that was used; empty where none was."""
    return coupon_of(coupon_id).code if coupon_id else ""


def coupon_with_code(code: str) -> CouponRow | None:
    """The coupon with this tidied code, on or off; None where there is none."""
    row = db.session.execute(_rows().where(Coupon.code == code)).one_or_none()
    return None if row is None else CouponRow(*row)


def add_coupon(entry: CouponEntry) -> UUID:
    """A further coupon, on at once; returns its id. The same code within two minutes is a second click.

    Raises CodeTaken, Refused for one that takes nothing off, and NotFound for somebody else's offering or package.
    """
    currency = one_at_a_time()
    _check(entry)
    kept = select(Coupon.id, Coupon.created_at).where(Coupon.practice_id == current_practice())
    same = db.session.execute(kept.where(Coupon.code == entry.code)).one_or_none()
    if same is not None:
        same_id: UUID = same.id
        if same.created_at > clock.now() - SECOND_CLICK:
            return same_id
        raise CodeTaken
    values = _columns(entry, currency) | {"practice_id": current_practice(), "created_at": clock.now()}
    coupon_id = db.session.execute(insert(Coupon).values(**values).returning(Coupon.id)).scalar_one()
    audit.note("coupon_added", coupon_id)
    return coupon_id


def change_coupon(coupon_id: UUID, entry: CouponEntry) -> None:
    """Change a coupon; what was bought with it keeps its price. Raises NotFound, CodeTaken, Refused."""
    currency = one_at_a_time()
    coupon_of(coupon_id)
    _check(entry)
    try:
        with db.session.begin_nested():
            _change(coupon_id, _columns(entry, currency))
    except IntegrityError:
        raise CodeTaken from None
    audit.note("coupon_changed", coupon_id)


def switch_coupon(coupon_id: UUID, *, off: bool) -> None:
    """Take it no longer, or again. A second click changes nothing. Raises NotFound."""
    coupon_of(coupon_id)
    _change(coupon_id, {"is_off": off})
    audit.note("coupon_off" if off else "coupon_on", coupon_id)


def _check(entry: CouponEntry) -> None:
    if (entry.percent is None) is (entry.amount is None) or entry.amount == 0:
        raise Refused(422, _("A coupon takes off either a percentage or an amount."))
    if entry.offering_id is not None:
        offering_of(entry.offering_id)
    if entry.package_id is not None:
        package_of(entry.package_id)


def _columns(entry: CouponEntry, currency: str) -> dict[str, object]:
    written = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return written | {"currency": currency if entry.amount is not None else None}


def _change(coupon_id: UUID, values: dict[str, object]) -> None:
    mine = (Coupon.practice_id == current_practice()) & (Coupon.id == coupon_id)
    db.session.execute(update(Coupon).where(mine).values(**values))


def _rows() -> Select[Any]:
    used = (
        select(func.count())
        .select_from(Purchase)
        .where(Purchase.practice_id == Coupon.practice_id, Purchase.coupon_id == Coupon.id)
        .where(Purchase.status.in_(USED))
        .correlate(Coupon)
        .scalar_subquery()
    )
    columns = [getattr(Coupon, name) for name in CouponRow.__dataclass_fields__ if name != "uses"]
    return select(*columns, (used + used_for_nothing()).label("uses")).where(Coupon.practice_id == current_practice())
