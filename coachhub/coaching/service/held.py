"""How many coaching sessions were held, coach by coach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from coachhub.booking.service.coach_periods import begins_in, periods
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class Held:
    """So many sessions of a coach's were held, and so many minutes of them."""

    sessions: int
    minutes: int


def held_by_coach(zones: Mapping[UUID, ZoneInfo], first: date, last: date) -> dict[UUID, Held]:
    """What each of these coaches held in the months from one to another, each named by its first day. One statement."""
    spans = periods(zones, first, last)
    chosen = (
        select(CoachingSession.coach_id, func.count(), func.sum(CoachingSession.minutes))
        .join(spans, begins_in(spans, CoachingSession.coach_id, CoachingSession.starts_at))
        .where(CoachingSession.practice_id == current_practice(), CoachingSession.status == CoachingSessionStatus.HELD)
        .group_by(CoachingSession.coach_id)
    )
    return {coach_id: Held(sessions, minutes) for coach_id, sessions, minutes in db.session.execute(chosen)}
