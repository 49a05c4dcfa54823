"""Taking refunds to the gateway: look whether it has them already, call with a key of ours, write down the answer."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select, update

from coachhub.payments.gateway import GatewayAway, GatewayRefused, gateway
from coachhub.payments.models import Refund, RefundStatus
from coachhub.payments.rules.waiting import wait_before_asking_again
from coachhub.payments.service.purchases import lock_purchase, purchase_of
from coachhub.payments.service.settling import sync_purchase
from coachhub.payments.service.taking_in import take_in_refund
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, current_practice

log = structlog.get_logger(__name__)

BATCH = 200
_LONGEST_TROUBLE = 300


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    purchase_id: UUID
    amount: int
    currency: str
    tries: int


def give_back_due(practice_id: UUID) -> None:
    """Ask for each refund that is due, and how those stand that are under way. Runs outside of any transaction.

    Raises GatewayAway, once that is written down: it is asked for again later, each time later.
    """
    with as_practice(practice_id):
        due = _due()
    for refund in due:
        try:
            _give_back(practice_id, refund)
        except GatewayAway as error:
            _try_again(practice_id, refund, str(error))
            raise
        except GatewayRefused as error:
            log.error("refund_refused", refund_id=str(refund.id), code=error.code)
            _give_up(practice_id, refund, error.text)
            _try_again(practice_id, refund, error.text)


def _due() -> list[_Due]:
    columns = [getattr(Refund, name) for name in _Due.__dataclass_fields__]
    undecided = Refund.status.in_((RefundStatus.ASKED, RefundStatus.PENDING))
    here = (Refund.practice_id == current_practice(), undecided, Refund.next_try_at <= clock.now())
    rows = db.session.execute(select(*columns).where(*here).order_by(Refund.next_try_at).limit(BATCH))
    return [_Due(**row._mapping) for row in rows]


def _give_back(practice_id: UUID, refund: _Due) -> None:
    """A call whose answer was lost has given the money back: the payment says so, however old our key is."""
    sync_purchase(practice_id, refund.purchase_id)
    with as_practice(practice_id):
        purchase = purchase_of(refund.purchase_id)
        is_asked = _status(refund.id) == RefundStatus.ASKED
    if not is_asked or purchase.payment_id is None:
        return
    key = f"refund-{refund.id}"
    account_id, payment_id = purchase.account_id, purchase.payment_id
    told = gateway().refund(key, account_id, payment_id, refund.amount, refund.currency, refund.id)
    with as_practice(practice_id):
        take_in_refund(lock_purchase(refund.purchase_id), told)


def _status(refund_id: UUID) -> str | None:
    return db.session.scalar(select(Refund.status).where(*_this(refund_id)))


def _try_again(practice_id: UUID, refund: _Due, trouble: str) -> None:
    tries = refund.tries + 1
    again = clock.now() + wait_before_asking_again(tries, refund.id.int % 1000 / 1000)
    with as_practice(practice_id):
        values = {"tries": tries, "next_try_at": again, "trouble": trouble[:_LONGEST_TROUBLE]}
        undecided = Refund.status.in_((RefundStatus.ASKED, RefundStatus.PENDING))
        db.session.execute(update(Refund).where(*_this(refund.id), undecided).values(**values))


def _give_up(practice_id: UUID, refund: _Due, trouble: str) -> None:
    """A clear no: the coach sees why, and the money is there to be asked for again. One under way goes on."""
    with as_practice(practice_id):
        lock_purchase(refund.purchase_id)
        failed = {"status": RefundStatus.FAILED.value, "next_try_at": None, "settled_at": clock.now()}
        asked = Refund.status == RefundStatus.ASKED
        values = {**failed, "trouble": trouble[:_LONGEST_TROUBLE]}
        db.session.execute(update(Refund).where(*_this(refund.id), asked).values(**values))


def _this(refund_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Refund.practice_id == current_practice(), Refund.id == refund_id)
