"""Packages that are over: what is left of them is written off, once."""

from uuid import UUID

from sqlalchemy import select, text

from coachhub.payments.models import CreditKind, Holding
from coachhub.payments.rules.credits import WRITTEN_OFF_AFTER
from coachhub.payments.service.credit_ledger import add_entry, change_holding, hold_holdings
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice

_BATCH = 500
_OVER = text("select lookup.practices_with_credits_over(:at)")


def look_for_credits_over() -> None:
    """Ring for each practice in which a package is over."""
    with as_visitor():
        for practice_id in db.session.scalars(_OVER, {"at": clock.now() - WRITTEN_OFF_AFTER}).all():
            enqueue("workers.jobs.write_off_credits", practice_id)


def write_off_credits(practice_id: UUID) -> None:
    """Write off what is left of the practice's packages that are over. Runs outside of any transaction."""
    with as_practice(practice_id):
        expire_credits()


def expire_credits() -> int:
    """The same inside a transaction; returns how many packages are over now. Done twice, it does it once."""
    now = clock.now()
    over = (Holding.expires_at <= now - WRITTEN_OFF_AFTER, Holding.expired_at.is_(None))
    found = select(Holding.id).where(Holding.practice_id == current_practice(), *over).limit(_BATCH)
    held = hold_holdings(Holding.id.in_(db.session.scalars(found).all()), *over)
    for each in held:
        change_holding(each.id, expired_at=now)
        if each.left > 0:
            add_entry(each.id, CreditKind.EXPIRED, -each.left, now)
    return len(held)
