"""Handling what the gateway told: an event is a hint that an object changed, so its purchase is looked at anew.

Any order, twice, late: it makes no difference, because nothing is taken from the event but whose it is.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select

from coachhub.payments.gateway import GatewayAway, GatewayRefused, gateway
from coachhub.payments.models import Dispute, Purchase, Refund
from coachhub.payments.service.connecting import sync_account
from coachhub.payments.service.events import EventRow, note_handled, note_trouble, open_events
from coachhub.payments.service.purchases import find_purchase
from coachhub.payments.service.settling import sync_purchase
from coachhub.payments.service.syncing_plan import is_about_plan, sync_plan
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, current_practice

log = structlog.get_logger(__name__)

_MISSING = "resource_missing"
_OF_ACCOUNT = ("account.", "capability.", "v2.core.account")
"""The practice's own account has changed: whether it takes money, or what Stripe asks of it."""


def handle_events(practice_id: UUID) -> int:
    """Act on what was told of a practice's purchases; returns how many events were looked at. In no transaction.

    Raises GatewayAway, once that is written down.
    """
    with as_practice(practice_id):
        events = open_events(clock.now())
    of_account = [event for event in events if event.kind.startswith(_OF_ACCOUNT)]
    if of_account:
        _tried(practice_id, of_account, partial(_account_synced, practice_id, of_account))
    of_plan = [event for event in events if is_about_plan(event)]
    if of_plan:
        _tried(practice_id, of_plan, partial(sync_plan, practice_id, of_plan))
    of_purchase: dict[UUID, list[EventRow]] = defaultdict(list)
    for event in [event for event in events if event not in of_account and event not in of_plan]:
        purchase_id = _tried(practice_id, [event], partial(_purchase_of, practice_id, event))
        if purchase_id is not None:
            of_purchase[purchase_id].append(event)
    for purchase_id, told in of_purchase.items():
        ids = [event.event_id for event in told]
        _tried(practice_id, told, partial(_synced, practice_id, purchase_id, ids))
    return len(events)


def _account_synced(practice_id: UUID, events: list[EventRow]) -> None:
    sync_account(practice_id)
    with as_practice(practice_id):
        note_handled([event.event_id for event in events])


def _synced(practice_id: UUID, purchase_id: UUID, ids: list[str]) -> UUID:
    sync_purchase(practice_id, purchase_id, ids)
    return purchase_id


def _tried(practice_id: UUID, events: list[EventRow], act: Callable[[], UUID | None]) -> UUID | None:
    """One that fails holds up no other: it is tried again later. Raises GatewayAway: the others would fail, too."""
    try:
        return act()
    except GatewayAway as error:
        _note(practice_id, events, str(error))
        raise
    except GatewayRefused as error:
        _note(practice_id, events, error.text)
    except Exception as error:
        log.exception("event_not_handled", kinds=sorted({event.kind for event in events}))
        _note(practice_id, events, type(error).__name__)
    return None


def _note(practice_id: UUID, events: list[EventRow], trouble: str) -> None:
    with as_practice(practice_id):
        note_trouble(events, trouble)


def _purchase_of(practice_id: UUID, event: EventRow) -> UUID | None:
    """Whose event it is. What concerns no purchase of ours is ignored, and so is a kind that we do not know."""
    with as_practice(practice_id):
        known = _known(event.object_id)
    purchase_id = known or _asked(event)
    with as_practice(practice_id):
        if purchase_id is not None and find_purchase(Purchase.id == purchase_id) is not None:
            return purchase_id
        note_handled([event.event_id], "ignored")
    return None


def _known(object_id: str) -> UUID | None:
    """By what is written down already."""
    purchase = find_purchase((Purchase.checkout_id == object_id) | (Purchase.payment_id == object_id))
    if purchase is not None:
        return purchase.id
    for table in (Refund, Dispute):
        here: tuple[ColumnElement[bool], ...] = (table.practice_id == current_practice(), table.reference == object_id)
        found = db.session.scalar(select(table.purchase_id).where(*here))
        if found is not None:
            return found
    return None


def _asked(event: EventRow) -> UUID | None:
    """By what the gateway says of the object, of whatever kind the event is. Raises GatewayAway, GatewayRefused."""
    account_id, object_id = event.account_id, event.object_id
    try:
        if object_id.startswith("cs_"):
            return gateway().checkout(account_id, object_id).purchase_id
        if object_id.startswith("pi_"):
            return gateway().payment(account_id, object_id).purchase_id
        if object_id.startswith(("ch_", "py_")):
            payment_id = gateway().payment_of_charge(account_id, object_id)
            return gateway().payment(account_id, payment_id).purchase_id if payment_id else None
    except GatewayRefused as error:
        if error.code != _MISSING:
            raise
    return None
