"""Coaching sessions follow their bookings: each that was ever confirmed has a session, which stands as it does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from coachhub.booking.models import BookingStatus, PaidWith, PlaceKind, Side
from coachhub.booking.service.reading import BookingRow, booking_of
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.telling import tell
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

_STANDS = {
    BookingStatus.CONFIRMED: CoachingSessionStatus.SCHEDULED,
    BookingStatus.COMPLETED: CoachingSessionStatus.HELD,
    BookingStatus.NO_SHOW: CoachingSessionStatus.MISSED,
    BookingStatus.CANCELLED: CoachingSessionStatus.CANCELLED,
}
_NEWS = (CoachingSessionStatus.SCHEDULED, CoachingSessionStatus.CANCELLED)
_FOLLOWED = ("coach_id", "starts_at", "minutes", "place", "status")
_CALLED = (PlaceKind.PHONE, PlaceKind.CLIENT)


def follow_booking(booking_id: UUID, by: Side | None = None) -> None:
    """Bring the session of a booking to how the booking stands. Told again, it changes nothing.

    Held bookings and those that ran out have none. The session has the booking's id, so that it is one event in every
    calendar. `by`: whose doing it is, where the news say so. Raises NotFound.
    """
    booking = booking_of(booking_id)
    if booking.status not in _STANDS:
        return
    stands, now = _stands(booking), clock.now()
    kept = _kept(booking_id)
    if kept is not None:
        _bring_along(kept, stands, booking, by, now)
    elif stands["status"] is not CoachingSessionStatus.CANCELLED:
        _begin(stands, booking, by, now)


def _kept(booking_id: UUID) -> Row[Any] | None:
    columns = (getattr(CoachingSession, name) for name in (*_FOLLOWED, "sequence"))
    return db.session.execute(select(*columns).where(*_of(booking_id)).with_for_update()).one_or_none()


def _of(booking_id: UUID) -> tuple[Any, ...]:
    return (CoachingSession.practice_id == current_practice(), CoachingSession.booking_id == booking_id)


def _stands(booking: BookingRow) -> dict[str, Any]:
    """What the session has of its booking."""
    return {
        "coach_id": booking.coach_id,
        "starts_at": booking.starts_at,
        "minutes": booking.minutes,
        "place": _place(booking),
        "status": _STANDS[booking.status],
    }


def _place(booking: BookingRow) -> str:
    """Where it takes place; the number to call, where the coach calls."""
    return booking.place or (booking.phone if booking.place_kind in _CALLED else "")


def _begin(stands: Mapping[str, Any], booking: BookingRow, by: Side | None, now: datetime) -> None:
    who = by or (Side.COACH if booking.paid_with is PaidWith.COACH else Side.CLIENT)
    made = insert(CoachingSession).values(
        practice_id=current_practice(),
        id=booking.id,
        booking_id=booking.id,
        client_id=booking.client_id,
        sequence=booking.sequence,
        created_at=now,
        changed_at=now,
        news_sequence=booking.sequence,
        news_at=now,
        news_by=who.value,
        **stands,
    )
    db.session.execute(made)
    tell(booking.starts_at, now)


def _bring_along(
    kept: Row[Any], stands: Mapping[str, Any], booking: BookingRow, by: Side | None, now: datetime
) -> None:
    changed = {name: value for name, value in stands.items() if value != getattr(kept, name)}
    if not changed:
        return
    if changed.get("status") is CoachingSessionStatus.SCHEDULED:
        changed |= {"cancelled_at": None, "changed_at": now}
    elif changed.get("status") is CoachingSessionStatus.CANCELLED:
        changed["cancelled_at"] = now
    if "starts_at" in changed:
        changed |= {"moved_from": kept.starts_at, "changed_at": now}
    is_news = stands["status"] in _NEWS
    if is_news:
        changed |= _news(kept, booking, by, now)
    db.session.execute(update(CoachingSession).where(*_of(booking.id)).values(**changed))
    if is_news:
        tell(booking.starts_at, now)


def _news(kept: Row[Any], booking: BookingRow, by: Side | None, now: datetime) -> dict[str, Any]:
    """The files of a session and of its booking are one event: whichever has counted further, both go on from there."""
    sequence = max(kept.sequence + 1, booking.sequence)
    who = by or (booking.cancelled_by if booking.status is BookingStatus.CANCELLED else None)
    return {"sequence": sequence, "news_sequence": sequence, "news_at": now, "news_by": who}
