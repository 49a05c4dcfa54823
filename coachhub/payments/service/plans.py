"""What the practice has of the platform: reading it, and whether it is on sale here at all."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.service import audit
from coachhub.payments.gateways import is_plan_sold
from coachhub.payments.models import PracticePlan
from coachhub.payments.rules.plans import Kept, Stand, most_active_clients, stand_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class PlanRow(Kept):
    """The practice's plan as last heard of; without a row it is the free one, and `changed_at` is None."""

    customer_id: str | None = None
    subscription_id: str | None = None
    checkout_id: str | None = None
    period_ends_at: datetime | None = None
    changed_at: datetime | None = None


def plan_of_practice() -> PlanRow:
    """What is written down of the practice's plan."""
    columns = [getattr(PracticePlan, field.name) for field in fields(PlanRow)]
    row = db.session.execute(select(*columns).where(PracticePlan.practice_id == current_practice())).first()
    return PlanRow(**row._mapping) if row else PlanRow()


def most_active_now() -> int | None:
    """How many active clients the practice may have now; None: no limit. Where no plan is sold there is none."""
    return most_active_clients(stand_of(plan_of_practice(), clock.now())) if is_plan_sold() else None


def card_failed_until(plan: Kept) -> datetime | None:
    """Until when nothing changes although the plan's card failed; None where that is not so."""
    has_failed = is_plan_sold() and stand_of(plan, clock.now()) is Stand.PAST_DUE
    return plan.grace_until if has_failed else None


def grant_plan(until: datetime) -> None:
    """Give the practice the plan until then, whatever it pays or does not."""
    change_plan(granted_until=until)
    audit.note("plan_granted", current_practice())


def revoke_plan() -> bool:
    """Take back what was granted; what the practice pays for stays. False where nothing was granted."""
    is_granted = plan_of_practice().granted_until is not None
    if is_granted:
        change_plan(granted_until=None)
        audit.note("plan_revoked", current_practice())
    return is_granted


def change_plan(**values: object) -> None:
    """Write down something else of the practice's plan."""
    said = {**values, "changed_at": clock.now()}
    made = insert(PracticePlan).values(practice_id=current_practice(), **said)
    db.session.execute(made.on_conflict_do_update(index_elements=["practice_id"], set_=said))


def change_plan_since(before: datetime | None, **values: object) -> bool:
    """The same, unless somebody has changed it since `before`: then it is False, and nothing is written."""
    said = {**values, "changed_at": clock.now()}
    made = insert(PracticePlan).values(practice_id=current_practice(), **said)
    is_as_read = PracticePlan.changed_at.is_not_distinct_from(before)
    written = made.on_conflict_do_update(index_elements=["practice_id"], set_=said, where=is_as_read)
    return db.session.execute(written.returning(PracticePlan.practice_id)).first() is not None
