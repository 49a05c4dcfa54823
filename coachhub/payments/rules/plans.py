"""What a practice has of the platform: how its plan stands, how many clients it holds, how long a failed card is borne.

The status that is kept is what was last heard; how the plan stands depends on the day as well, so it is asked for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FREE_CLIENTS = 3
"""How many active clients the free plan holds; those with an invitation under way count."""
TRIAL_DAYS = 14
"""How long the plan costs nothing, once in a practice's life."""
GRACE = timedelta(days=14)
"""How long nothing changes after a card failed."""
TRIAL_TOLD = timedelta(days=3)
"""How long before a trial ends its owner is told."""


class Stand(StrEnum):
    """How a practice stands. `past_due`: the card failed, and the grace has not run out; `ended`: back to free."""

    FREE = "free"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDED = "ended"
    GRANTED = "granted"

    @property
    def is_running(self) -> bool:
        """Whether there is a plan at Stripe's that goes on unless somebody ends it."""
        return self in (Stand.TRIALING, Stand.ACTIVE, Stand.PAST_DUE)


@dataclass(frozen=True)
class Kept:
    """What is written down of a plan. `grace_until`: a card failed; `granted_until`: the operator gave it."""

    status: str = Stand.FREE.value
    trial_ends_at: datetime | None = None
    ends_at: datetime | None = None
    grace_until: datetime | None = None
    granted_until: datetime | None = None


def stand_of(kept: Kept, now: datetime) -> Stand:
    """How the practice stands: by what it pays for, else by what it was granted.

    What was to end by now has ended, and a grace that is over is over, also where nobody has told so yet.
    """
    stand = _paid_for(kept, now)
    is_granted = kept.granted_until is not None and kept.granted_until > now
    return Stand.GRANTED if is_granted and stand not in (Stand.TRIALING, Stand.ACTIVE) else stand


def _paid_for(kept: Kept, now: datetime) -> Stand:
    stand = Stand(kept.status)
    if stand.is_running and kept.ends_at is not None and kept.ends_at <= now:
        return Stand.ENDED
    if stand is Stand.PAST_DUE and (kept.grace_until is None or kept.grace_until <= now):
        return Stand.ENDED
    return stand


def most_active_clients(stand: Stand) -> int | None:
    """How many active clients the practice may have; None: as many as it likes."""
    return FREE_CLIENTS if stand in (Stand.FREE, Stand.ENDED) else None


def trial_days_left_to_give(kept: Kept) -> int:
    """How many days a plan that is taken now costs nothing: a trial is had once, whatever became of it."""
    return 0 if kept.trial_ends_at is not None else TRIAL_DAYS


def status_at_stripe(status: str) -> Stand:
    """Stripe's word for a subscription as ours.

    `unpaid` is a card that failed for good: the grace decides. `incomplete` never began.
    """
    words = {
        "trialing": Stand.TRIALING,
        "active": Stand.ACTIVE,
        "past_due": Stand.PAST_DUE,
        "unpaid": Stand.PAST_DUE,
        "incomplete": Stand.FREE,
        "incomplete_expired": Stand.FREE,
    }
    return words.get(status, Stand.ENDED)


def grace_from(stand: Stand, before: datetime | None, now: datetime) -> datetime | None:
    """Until when a failed card is borne: counted from the first time we heard of it, and forgotten once it is paid."""
    if stand is not Stand.PAST_DUE:
        return None
    return before or now + GRACE
