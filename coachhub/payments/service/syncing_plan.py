"""Asking how a practice's plan stands at Stripe's, and writing it down: whatever was told, in any order, late."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy import text

from coachhub.accounts.service import audit
from coachhub.payments.gateway import GatewayAway, GatewayRefused, SubscriptionState, gateway
from coachhub.payments.rules.plans import TRIAL_TOLD, Stand, grace_from, status_at_stripe
from coachhub.payments.service.events import EventRow, note_handled
from coachhub.payments.service.plans import PlanRow, change_plan_since, plan_of_practice
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor
from coachhub.platform.wakes import look_at, look_now

log = structlog.get_logger(__name__)

Found = TypeVar("Found")
_ABOUT_PLANS = ("customer.subscription.", "invoice.", "checkout.session.")
_PLANS = text("select lookup.practices_with_plan()")
_MISSING = "resource_missing"
_TRIES = 3
_BEST_FIRST = (Stand.ACTIVE, Stand.TRIALING, Stand.PAST_DUE)
_NEVER = datetime.min.replace(tzinfo=UTC)


def is_about_plan(event: EventRow) -> bool:
    """Whether an event is about what practices pay us: only what the platform's own account tells can be."""
    return not event.account_id and event.kind.startswith(_ABOUT_PLANS)


def sync_plan(practice_id: UUID, events: Sequence[EventRow] = ()) -> None:
    """Ask how the plan stands, and write it down. In no transaction.

    Of the events nothing is taken but what they are about; they are done with once what was asked is written. Who has
    written meanwhile has asked later, so we ask again. Raises GatewayAway, GatewayRefused.
    """
    for _ in range(_TRIES):
        with as_practice(practice_id):
            plan = plan_of_practice()
        stands = _asked(practice_id, plan, [event.object_id for event in events])
        with as_practice(practice_id):
            if stands is None or _write(plan, stands):
                note_handled([event.event_id for event in events], "ignored" if stands is None else "handled")
                return
    raise GatewayAway("somebody else asks about this plan, too")


def ring_for_plans() -> None:
    """Ring for each practice that has a plan, or had one."""
    with as_visitor():
        for practice_id in db.session.scalars(_PLANS).all():
            enqueue("workers.jobs.sync_plan", practice_id)


def practices_with_plan() -> list[UUID]:
    """Those of which anything is written down, in a steady order. No transaction is open."""
    with as_visitor():
        return list(db.session.scalars(_PLANS))


def _asked(practice_id: UUID, plan: PlanRow, hints: Iterable[str]) -> SubscriptionState | None:
    """The best of what Stripe has of this practice; None where it has nothing."""
    known = {each for each in (plan.subscription_id, plan.checkout_id, *hints) if each}
    pages = [_told(gateway().plan_checkout, each) for each in sorted(known) if each.startswith("cs_")]
    ids = {each for each in known if each.startswith("sub_")}
    ids |= {page.subscription_id for page in pages if page and page.practice_id == practice_id and page.subscription_id}
    told = [_told(gateway().subscription, each) for each in sorted(ids)]
    theirs = [each for each in told if each and _belongs(each, practice_id, plan)]
    running = [each.id for each in theirs if status_at_stripe(each.status).is_running]
    if len(running) > 1:
        log.error("two_plans", practice_id=str(practice_id), subscriptions=running)  # somebody pays twice
    return max(theirs, key=_goodness, default=None)


def _told(ask: Callable[[str], Found], object_id: str) -> Found | None:
    """What Stripe says of it; None where it knows of no such thing, as after a change of keys."""
    try:
        return ask(object_id)
    except GatewayRefused as error:
        if error.code != _MISSING:
            raise
        log.warning("plan_unknown", object_id=object_id)
        return None


def _belongs(stands: SubscriptionState, practice_id: UUID, plan: PlanRow) -> bool:
    if stands.practice_id is not None:
        return stands.practice_id == practice_id
    return plan.customer_id is not None and stands.customer_id == plan.customer_id


def _goodness(stands: SubscriptionState) -> tuple[int, datetime, str]:
    """One that runs before one that is over; the longer one; and steadily one of two that are alike."""
    stand = status_at_stripe(stands.status)
    rank = len(_BEST_FIRST) - _BEST_FIRST.index(stand) if stand in _BEST_FIRST else 0
    return rank, stands.period_ends_at or _NEVER, stands.id


def _write(plan: PlanRow, stands: SubscriptionState) -> bool:
    """False where somebody else has written since it was read."""
    stand = status_at_stripe(stands.status)
    is_written = change_plan_since(
        plan.changed_at,
        status=stand.value,
        customer_id=stands.customer_id,
        subscription_id=stands.id,
        trial_ends_at=stands.trial_ends_at or plan.trial_ends_at,
        period_ends_at=stands.period_ends_at,
        ends_at=stands.ends_at,
        grace_until=grace_from(stand, plan.grace_until, clock.now()),
    )
    if is_written and stand != plan.status:
        audit.note(f"plan_{stand.value}")
        look_now()
        if stand is Stand.TRIALING and stands.trial_ends_at is not None:
            look_at(stands.trial_ends_at - TRIAL_TOLD)
    return is_written
