"""Mails to the owner about the practice's own plan: its trial ends soon, or its card failed. Neither can be switched
off: what they tell costs money, or keeps it from being lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.accounts.models import Membership, Practice, User
from coachhub.payments.models import PlanStatus, PracticePlan
from coachhub.payments.rules.plans import GRACE, TRIAL_TOLD
from coachhub.platform.db import db
from coachhub.platform.identity import Role
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    NOW,
    UNTIL,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    Recipient,
    add_messages,
    adding,
    instant_words,
    is_claimed,
)
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import COACH_NIGHT


@dataclass(frozen=True)
class OwnPlanFacts:
    """Until when it costs nothing, or until when nothing changes although the card failed."""

    until: datetime


_UNTIL: dict[PlanStatus, Any] = {
    PlanStatus.TRIALING: PracticePlan.trial_ends_at,
    PlanStatus.PAST_DUE: PracticePlan.grace_until,
}
"""The day that each is about; with another day it is told again."""
_TOLD_BEFORE = {PlanStatus.TRIALING: TRIAL_TOLD, PlanStatus.PAST_DUE: GRACE}


def _plan(status: PlanStatus, now: datetime) -> int:
    """Nothing for a plan that was given up already, and nothing once the day is over."""
    return add_messages(_adding(status), now, until=now + _TOLD_BEFORE[status])


@cache
def _adding(status: PlanStatus) -> Insert:
    until = _UNTIL[status]
    rows = (
        select()
        .select_from(PracticePlan)
        .join(Membership, Membership.practice_id == PracticePlan.practice_id)
        .where(
            PracticePlan.practice_id == HERE,
            Membership.role == Role.OWNER.value,
            PracticePlan.status == status.value,
            PracticePlan.ends_at.is_(None),
            until > NOW,
            until <= UNTIL,
        )
    )
    about = About(
        PracticePlan.practice_id, until - _TOLD_BEFORE[status], user=Membership.user_id, day=instant_words(until)
    )
    return adding(_KINDS[status], rows, about)


def _read(status: PlanStatus, claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    until = _UNTIL[status]
    is_member = (Membership.practice_id == Message.practice_id, Membership.user_id == Message.user_id)
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("day"),
            instant_words(until).label("day_now"),
            until.label("until"),
            PracticePlan.status,
            PracticePlan.ends_at,
            Membership.role,
            User.email,
            User.name,
            User.locale,
            User.time_zone,
            Practice.name.label("practice_name"),
        )
        .select_from(Message)
        .join(PracticePlan, PracticePlan.practice_id == Message.practice_id)
        .join(Membership, and_(*is_member))
        .join(User, User.id == Membership.user_id)
        .join(Practice, Practice.id == Message.practice_id)
        .where(*is_claimed(claims))
    )
    return {row.id: _reading(row, status, now) for row in db.session.execute(query)}


def _reading(row: Any, status: PlanStatus, now: datetime) -> Reading:
    if row.role != Role.OWNER:
        return Pointless("no owner")
    if row.status != status or row.ends_at is not None or row.day != row.day_now:
        return Pointless("changed")
    if row.until <= now:
        return Pointless("over")
    return Letter(
        to=Recipient(row.email, row.name, row.locale, zone_named(row.time_zone), COACH_NIGHT),
        coach_name=None,
        reply_to=None,
        practice_name=row.practice_name,
        leads_to=address_of("/settings/plan"),
        facts=OwnPlanFacts(row.until),
    )


def _kind(name: str, status: PlanStatus) -> Kind:
    return Kind(name, is_reminder=False, plan=partial(_plan, status), read=partial(_read, status), is_quiet=True)


PLAN_TRIAL_ENDS = _kind("plan_trial_ends", PlanStatus.TRIALING)
PLAN_CARD_FAILED = _kind("plan_card_failed", PlanStatus.PAST_DUE)
_KINDS = {PlanStatus.TRIALING: PLAN_TRIAL_ENDS, PlanStatus.PAST_DUE: PLAN_CARD_FAILED}
