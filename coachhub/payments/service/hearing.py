"""Keeping what the gateway tells, in the inbox of the practice that it is about. A job works out what it means."""

from uuid import UUID

import structlog
from sqlalchemy import text

from coachhub.payments.gateway import Told
from coachhub.payments.service.events import PROVIDER
from coachhub.platform import clock
from coachhub.platform.counts import WEBHOOKS
from coachhub.platform.db import db
from coachhub.platform.jobs import URGENT, enqueue
from coachhub.platform.tenancy import as_visitor, bind

log = structlog.get_logger(__name__)

_OF_ACCOUNT = text("select lookup.practice_of_account(:id)")
_OF_CUSTOMER = text("select lookup.practice_of_customer(:id)")
_KEEP = text(
    "insert into stripe_events (practice_id, event_id, account_id, kind, object_id, happened_at, received_at) "
    "select id, :event_id, :account_id, :kind, :object_id, :happened_at, :now from practices where id = :practice_id "
    "on conflict do nothing"
)


def take_event(told: Told) -> bool:
    """Keep an event, once, and ring for it; False where it is about nobody here. In no transaction."""
    with as_visitor():
        practice_id = _practice_of(told)
        if practice_id is None:
            log.info("event_of_nobody", kind=told.kind)
            return False
        bind(practice_id, None)
        _keep(practice_id, told)
    return True


def _practice_of(told: Told) -> UUID | None:
    """Whose it is. What an account tells is its practice's alone, whatever stands in the metadata."""
    if told.account_id:
        return _found(db.session.scalar(_OF_ACCOUNT, {"id": told.account_id}))
    customer = told.customer_id and db.session.scalar(_OF_CUSTOMER, {"id": told.customer_id})
    return _found(customer) or told.practice_id


def _found(practice_id: object) -> UUID | None:
    return practice_id if isinstance(practice_id, UUID) else None


def _keep(practice_id: UUID, told: Told) -> None:
    event = {name: getattr(told, name) for name in ("event_id", "account_id", "kind", "object_id", "happened_at")}
    kept = db.session.execute(_KEEP, {"practice_id": practice_id, "now": clock.now(), **event})
    is_new = bool(kept.rowcount)  # type: ignore[attr-defined]
    WEBHOOKS.happened(PROVIDER, told.kind, "kept" if is_new else "known")
    if is_new:
        enqueue("workers.jobs.settle_payments", practice_id, queue=URGENT)
