"""Moving a booking: it stays the same one, with its history and its event in both calendars."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from coachhub.booking.models import Booking, BookingStatus, Offering, PaidWith, Side
from coachhub.booking.rules.cancellation import may_move
from coachhub.booking.rules.series import PAID_AHEAD_DAYS
from coachhub.booking.service.changes import BOOKINGS, CHANGED, FREED, MOVED
from coachhub.booking.service.holding import SlotTaken
from coachhub.booking.service.overlaps import refuse_overlap
from coachhub.booking.service.reading import BookingRow, lock_booking
from coachhub.booking.service.slots import is_free, nearest_free
from coachhub.booking.service.taking import TimeTaken, taking
from coachhub.booking.service.working import what_is_unusual
from coachhub.clients.service.records import check_coach
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice


def move_booking(booking_id: UUID, starts_at: datetime, by: Side, coach_id: UUID | None = None) -> None:
    """Move a confirmed booking to begin at `starts_at` (UTC). Where it stands there already, nothing changes.

    A client moves it by the rule, to a time that is for booking; without `coach_id` to another coach only where the
    offering leaves open who takes it. A coach moves it to any time ahead that is not taken. Raises NotFound, SlotTaken
    (client), Overlap (coach) and Refused.
    """
    found, now = lock_booking(booking_id), clock.now()
    if starts_at == found.starts_at and coach_id in (None, found.coach_id):
        return
    _refuse_unless_open(found, by, now)
    if by is Side.CLIENT:
        _move_by_client(found, starts_at, coach_id, now)
    else:
        _move_by_coach(found, starts_at, coach_id or found.coach_id, now)
    BOOKINGS.happened(MOVED)
    CHANGED.tell(booking_id, by)
    FREED.tell(booking_id)


def reach_days_of(found: BookingRow) -> int:
    """How far ahead a client may move it beyond the offering's horizon: one of a series as far as it was booked."""
    return PAID_AHEAD_DAYS if found.series_id is not None and found.paid_with is PaidWith.CREDIT else 0


def _refuse_unless_open(found: BookingRow, by: Side, now: datetime) -> None:
    if found.status is not BookingStatus.CONFIRMED:
        raise Refused(409, _("This booking is not open any more: there is nothing to move."))
    if by is Side.CLIENT and not may_move(found, now):
        raise Refused(409, _("It is too late to move this booking. Write to your coach instead."))


def _move_by_client(found: BookingRow, starts_at: datetime, coach_id: UUID | None, now: datetime) -> None:
    if found.offering_id is None:
        raise Refused(409, _("Your coach planned this by hand. Ask them for another time."))
    wanted, reach = coach_id or _bound_to(found), reach_days_of(found)
    free = is_free(found.offering_id, starts_at, now, wanted, ignoring=found.id, reach_days=reach)
    for candidate in sorted(free, key=lambda each: each != found.coach_id):  # rather the same coach
        try:
            with taking(candidate):
                is_open = is_free(found.offering_id, starts_at, now, candidate, ignoring=found.id, reach_days=reach)
                if not is_open or _is_too_long(found, starts_at, candidate):
                    raise TimeTaken
                return _put(found, starts_at, candidate, now)
        except TimeTaken:
            continue
    raise SlotTaken(nearest_free(found.offering_id, starts_at, now, reach_days=reach))


def _is_too_long(found: BookingRow, starts_at: datetime, coach_id: UUID) -> bool:
    """Whether the offering has become shorter since, and what was booked does not fit into the coach's time there."""
    this = (Offering.practice_id == current_practice(), Offering.id == found.offering_id)
    length = db.session.scalar(select(Offering.minutes).where(*this))
    is_longer = length is not None and found.minutes > length
    return is_longer and bool(what_is_unusual(coach_id, starts_at, starts_at + (found.ends_at - found.starts_at)))


def _bound_to(found: BookingRow) -> UUID | None:
    """The coach who stays, where the person who booked may have chosen them."""
    this = (Offering.practice_id == current_practice(), Offering.id == found.offering_id)
    return found.coach_id if db.session.scalar(select(Offering.coach_choice).where(*this)) else None


def _move_by_coach(found: BookingRow, starts_at: datetime, coach_id: UUID, now: datetime) -> None:
    if starts_at <= now:
        raise Refused(409, _("That time has already passed. Choose one that is still ahead."))
    if coach_id != found.coach_id:
        check_coach(coach_id)
    with refuse_overlap(coach_id, starts_at, starts_at + (found.ends_at - found.starts_at), ignoring=found.id):
        _put(found, starts_at, coach_id, now)


def _put(found: BookingRow, starts_at: datetime, coach_id: UUID, now: datetime) -> None:
    """Write where it stands from now on; length and buffers move along."""
    by = starts_at - found.starts_at
    values = {
        "coach_id": coach_id,
        "starts_at": starts_at,
        "ends_at": found.ends_at + by,
        "busy_from": found.busy_from + by,
        "busy_until": found.busy_until + by,
        "moved_from": found.starts_at,
        "moved_at": now,
        "sequence": found.sequence + 1,
    }
    this = (Booking.practice_id == current_practice(), Booking.id == found.id)
    db.session.execute(update(Booking).where(*this).values(values))
