"""What is to be settled in a practice, looked for again and again: what no webhook told, and what was not finished."""

from uuid import UUID

import structlog
from sqlalchemy import select, text

from coachhub.payments.gateway import GatewayAway, GatewayRefused
from coachhub.payments.models import Purchase
from coachhub.payments.rules.waiting import wait_for_answer
from coachhub.payments.service.giving_back import give_back_due
from coachhub.payments.service.inbox import handle_events
from coachhub.payments.service.looking import Found
from coachhub.payments.service.purchases import UNDECIDED, change_purchase, lock_purchase
from coachhub.payments.service.settling import bring_in_line, sync_purchase
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice

log = structlog.get_logger(__name__)

BATCH = 200
_TO_SETTLE = text("select lookup.practices_to_settle(:at)")


def look_after_payments() -> None:
    """Ring for each practice in which something is to be settled."""
    with as_visitor():
        for practice_id in db.session.scalars(_TO_SETTLE, {"at": clock.now()}).all():
            enqueue("workers.jobs.settle_payments", practice_id)


def settle(practice_id: UUID) -> None:
    """Handle what was told, end what is over, give back what is due. Runs outside of any transaction.

    Done twice, or by two at once, it does no harm. Where the gateway does not answer, the rest waits for another turn.
    """
    try:
        handle_events(practice_id)
        for purchase_id in _over(practice_id):
            _end(practice_id, purchase_id)
        give_back_due(practice_id)
    except GatewayAway as error:
        log.warning("gateway_away", practice_id=str(practice_id), trouble=str(error))


def _over(practice_id: UUID) -> list[UUID]:
    """Purchases whose time has passed, or which another has taken the place of."""
    with as_practice(practice_id):
        due = (Purchase.expires_at <= clock.now()) | Purchase.closed_at.is_not(None)
        here = (Purchase.practice_id == current_practice(), Purchase.status.in_(UNDECIDED), due)
        return list(db.session.scalars(select(Purchase.id).where(*here).order_by(Purchase.expires_at).limit(BATCH)))


def _end(practice_id: UUID, purchase_id: UUID) -> None:
    """Ask first, then free the slot. Raises GatewayAway: the slot stays taken, and we ask again."""
    try:
        sync_purchase(practice_id, purchase_id, end=True)
    except GatewayAway:
        _look_again(practice_id, purchase_id)
        raise
    except GatewayRefused as error:
        # Whoever refuses to tell knows of no payment of ours. Should money come all the same, it still counts.
        log.error("purchase_unknown", purchase_id=str(purchase_id), code=error.code)
        with as_practice(practice_id):
            bring_in_line(purchase_id, Found())


def _look_again(practice_id: UUID, purchase_id: UUID) -> None:
    with as_practice(practice_id):
        purchase, now = lock_purchase(purchase_id), clock.now()
        if purchase.status in UNDECIDED:
            change_purchase(purchase_id, expires_at=now + wait_for_answer(now - purchase.created_at))
