"""How often a code was used: by what is paid, by what can still be paid, and by what it paid for entirely."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from coachhub.payments.models import Coupon, CouponGift, Purchase, PurchaseStatus
from coachhub.payments.rules.coupons import Uses
from coachhub.platform import clock
from coachhub.platform.addresses import as_we_write_it
from coachhub.platform.db import db
from coachhub.platform.mailboxes import mailbox_in, mailbox_of
from coachhub.platform.tenancy import current_practice

_USED = (PurchaseStatus.PAID, PurchaseStatus.WAITING)


def uses_of(coupon_id: UUID, email: str, *, apart_from: UUID | None) -> Uses:
    """The uses of a code that is held, without those of one purchase. A mailbox is a person, however it is written."""
    own = mailbox_of(as_we_write_it(email))
    bought = _counted(
        Purchase, mailbox_in(Purchase.email) == own, Purchase.coupon_id == coupon_id, _counts(), apart_from
    )
    given = _counted(CouponGift, mailbox_in(CouponGift.email) == own, CouponGift.coupon_id == coupon_id)
    return Uses(bought[0] + given[0], bought[1] + given[1])


def hold_coupon(coupon_id: UUID) -> None:
    """Whoever else wants to use it waits until this transaction ends: the last use is had once."""
    mine = (Coupon.practice_id == current_practice(), Coupon.id == coupon_id)
    db.session.execute(select(Coupon.id).where(*mine).with_for_update())


def used_for_nothing() -> Any:
    """In a query of coupons: how often each left nothing to pay."""
    same = (CouponGift.practice_id == Coupon.practice_id, CouponGift.coupon_id == Coupon.id)
    return select(func.count()).select_from(CouponGift).where(*same).correlate(Coupon).scalar_subquery()


def _counts() -> ColumnElement[bool]:
    """What is not paid counts as long as it can be: else two would share the last use."""
    can_be_paid = (Purchase.status == PurchaseStatus.OPEN) & (Purchase.expires_at > clock.now())
    return or_(Purchase.status.in_(_USED), and_(can_be_paid, Purchase.closed_at.is_(None)))


def _counted(table: Any, is_theirs: ColumnElement[bool], *which: ColumnElement[bool] | UUID | None) -> tuple[int, int]:
    conditions = [each for each in which if isinstance(each, ColumnElement)]
    others = [table.id != each for each in which if isinstance(each, UUID)]
    query = select(func.count(), func.count().filter(is_theirs)).select_from(table)
    row = db.session.execute(query.where(table.practice_id == current_practice(), *conditions, *others)).one()
    return row[0], row[1]
