"""Several bookings in one go, at the same time by the clock: all of them or none."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import select

from coachhub.booking.models import Booking, BookingStatus, Offering, PaidWith
from coachhub.booking.rules.series import PAID_AHEAD_DAYS
from coachhub.booking.service.confirming import confirm_booking
from coachhub.booking.service.holding import (
    A_SECOND_CLICK,
    BookingAsked,
    bookable,
    place_hold,
)
from coachhub.booking.service.slots import Slot, free_slots, is_free, nearest_free
from coachhub.booking.service.taking import TimeTaken, queue_for_person, taking
from coachhub.platform import clock
from coachhub.platform.addresses import as_we_write_it
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

_A_MOMENT = timedelta(seconds=1)
_LOOKED_AT, _OFFERED = 24, 4


class DateState(StrEnum):
    """Whether a date of a series can be booked. `too_far`: later than the offering can be booked as yet."""

    FREE = "free"
    TAKEN = "taken"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One date of a series: a UTC instant, and for one that is taken the nearest free times of the same coach."""

    starts_at: datetime
    state: DateState
    nearest: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """What booking these dates would do. `coach_id`: the one coach of all of them; None where nobody gives it."""

    coach_id: UUID | None
    dates: tuple[SeriesDate, ...]

    @property
    def is_free(self) -> bool:
        """Whether all of it can be booked."""
        return all(each.state is DateState.FREE for each in self.dates)


class SeriesTaken(Refused):
    """One date at least is not free any more; nothing is booked. `preview` says which, and what is near."""

    def __init__(self, preview: SeriesPreview) -> None:
        super().__init__(409, _("Not all of these times are free any more. Nothing is booked: choose again."))
        self.preview = preview


def preview_series(
    offering_id: UUID,
    starts: Sequence[datetime],
    coach_id: UUID | None = None,
    paid_with: PaidWith = PaidWith.CREDIT,
) -> SeriesPreview:
    """Which of these times are free with one and the same coach: the one asked for, or who has most of them free.

    Raises NotFound and Refused as holding a slot does.
    """
    offering, now = bookable(offering_id), clock.now()
    wanted = sorted(set(starts))
    if not wanted:
        return SeriesPreview(coach_id, ())
    reach_days = _reach_days(offering, wanted[0], now, paid_with)
    slots = free_slots(offering_id, wanted[0], wanted[-1] + _A_MOMENT, now, coach_id, reach_days=reach_days)
    who = {slot.starts_at: slot.coach_ids for slot in slots}
    counted = Counter(each for at in wanted for each in who.get(at, ()))
    chosen = coach_id or (counted.most_common(1)[0][0] if counted else None)
    seen = _Seen(offering_id, chosen, now, max(offering.horizon_days, reach_days))
    return SeriesPreview(chosen, tuple(_date(seen, at, who.get(at, ())) for at in wanted))


@dataclass(frozen=True)
class _Seen:
    """What dates are looked at for: an offering, its coach, when, and how far ahead."""

    offering_id: UUID
    coach_id: UUID | None
    now: datetime
    reach_days: int


def _reach_days(offering: Offering, first: datetime, now: datetime, paid_with: PaidWith) -> int:
    """How far ahead the dates may lie: those of sessions that are paid for beyond the horizon, but for the first."""
    is_near = first <= now + timedelta(days=offering.horizon_days) or bool(is_free(offering.id, first, now))
    return PAID_AHEAD_DAYS if paid_with is PaidWith.CREDIT and is_near else 0


def _date(seen: _Seen, at: datetime, who: Sequence[UUID]) -> SeriesDate:
    if seen.coach_id in who:
        return SeriesDate(at, DateState.FREE)
    if at > seen.now + timedelta(days=seen.reach_days):
        return SeriesDate(at, DateState.TOO_FAR)
    near = nearest_free(seen.offering_id, at, seen.now, _LOOKED_AT, reach_days=seen.reach_days)
    of_coach = sorted(
        (slot for slot in near if seen.coach_id in slot.coach_ids), key=lambda slot: abs(slot.starts_at - at)
    )
    return SeriesDate(at, DateState.TAKEN, tuple(sorted(of_coach[:_OFFERED], key=lambda slot: slot.starts_at)))


def book_series(
    asked: BookingAsked, starts: Sequence[datetime], paid_with: PaidWith, settle: Callable[[UUID], None]
) -> UUID:
    """Book all of these times with one coach, confirmed at once, or none of them; returns the id of the series.

    `settle` is told each booking before it is confirmed, takes what it costs (a credit, say), and refuses where there
    is not enough: then nothing is booked. `asked.starts_at` is not looked at. Asked twice, it is one series. The first
    lies within the offering's horizon; those after it may lie a year ahead where they are paid with credits. Raises
    NotFound, SeriesTaken, and Refused.
    """
    now, wanted = clock.now(), sorted(set(starts))
    offering = bookable(asked.offering_id)
    if not wanted or offering.is_intro:
        raise Refused(422, _("This cannot be booked several times at once."))
    queue_for_person(as_we_write_it(asked.email))
    same = _same_series(asked, wanted, now)
    if same is not None:
        return same
    series_id = uuid4()
    with db.session.begin_nested():
        for booking_id in _hold_all(asked, offering, wanted, series_id, now, paid_with):
            settle(booking_id)
            confirm_booking(booking_id, paid_with)
    return series_id


def _hold_all(
    asked: BookingAsked,
    offering: Offering,
    wanted: list[datetime],
    series_id: UUID,
    now: datetime,
    paid_with: PaidWith,
) -> list[UUID]:
    reach_days = _reach_days(offering, wanted[0], now, paid_with)
    for coach_id in is_free(offering.id, wanted[0], now, asked.coach_id):
        try:
            with taking(coach_id):
                each = [replace(asked, starts_at=at) for at in wanted]
                return [place_hold(coach_id, one, offering, now, series_id, reach_days) for one in each]
        except TimeTaken:
            continue
    raise SeriesTaken(preview_series(offering.id, wanted, asked.coach_id, paid_with))


def _same_series(asked: BookingAsked, wanted: list[datetime], now: datetime) -> UUID | None:
    """What the first of two clicks has just made."""
    just_made = select(Booking.series_id, Booking.starts_at).where(
        Booking.practice_id == current_practice(),
        Booking.email == as_we_write_it(asked.email),
        Booking.offering_id == asked.offering_id,
        Booking.series_id.is_not(None),
        Booking.status == BookingStatus.CONFIRMED,
        Booking.created_at > now - A_SECOND_CLICK,
    )
    made: dict[UUID | None, list[datetime]] = {}
    for series_id, starts_at in db.session.execute(just_made.order_by(Booking.starts_at)):
        made.setdefault(series_id, []).append(starts_at)
    return next((series_id for series_id, starts in made.items() if starts == wanted), None)
