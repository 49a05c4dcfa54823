"""Periods of whole months, by the zone of each coach: for figures that set coaches side by side."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, ColumnElement, DateTime, Uuid, and_, column, func, literal, select

from coachhub.accounts.models import Membership, User
from coachhub.booking.models import CoachProfile
from coachhub.platform.db import db
from coachhub.platform.local_time import first_of_month, start_of_day
from coachhub.platform.tenancy import current_practice

_INSTANTS = ARRAY(DateTime(timezone=True))


def zones_of_coaches() -> dict[UUID, ZoneInfo]:
    """The zone of everybody who works in the practice: that of their weekly hours, else their own."""
    profile = and_(CoachProfile.practice_id == Membership.practice_id, CoachProfile.coach_id == Membership.user_id)
    chosen = (
        select(Membership.user_id, func.coalesce(CoachProfile.time_zone, User.time_zone))
        .join(User, User.id == Membership.user_id)
        .outerjoin(CoachProfile, profile)
        .where(Membership.practice_id == current_practice(), Membership.role != "client")
    )
    return {coach_id: ZoneInfo(zone) for coach_id, zone in db.session.execute(chosen)}


def periods(zones: Mapping[UUID, ZoneInfo], first: date, last: date) -> Any:
    """A row a coach, to be joined: from when until when (UTC) the months from one to another last where they live."""
    end = first_of_month(last, 1)
    starts = [start_of_day(first, zone) for zone in zones.values()]
    ends = [start_of_day(end, zone) for zone in zones.values()]
    return (
        func.unnest(literal(list(zones), ARRAY(Uuid)), literal(starts, _INSTANTS), literal(ends, _INSTANTS))
        .table_valued(
            column("coach_id", Uuid),
            column("starts_at", DateTime(timezone=True)),
            column("ends_at", DateTime(timezone=True)),
        )
        .render_derived(name="periods")
    )


def begins_in(of_coach: Any, coach_id: Any, starts_at: Any) -> ColumnElement[bool]:
    """Whether something of a coach's begins in their period."""
    return and_(of_coach.c.coach_id == coach_id, starts_at >= of_coach.c.starts_at, starts_at < of_coach.c.ends_at)
