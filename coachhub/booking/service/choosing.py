"""Who could take a time, and what is near to it when nobody can."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from coachhub.booking.models import OfferingCoach
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def is_free(
    offering_id: UUID, starts_at: datetime, now: datetime, coach_id: UUID | None = None, ignoring: UUID | None = None
) -> tuple[UUID, ...]:
    """The coaches who give the offering; the constraint says who is free."""
    here = (OfferingCoach.practice_id == current_practice(), OfferingCoach.offering_id == offering_id)
    found = db.session.scalars(select(OfferingCoach.coach_id).where(*here).order_by(OfferingCoach.coach_id))
    return tuple(each for each in found if coach_id in (None, each) and starts_at > now)


def nearest_free(offering_id: UUID, starts_at: datetime, now: datetime, count: int = 6) -> tuple[object, ...]:
    """None that we know of."""
    return ()
