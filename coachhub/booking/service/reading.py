"""Bookings as pages, files and the domains above read them."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, select

from coachhub.accounts.models import User
from coachhub.booking.models import Booking, BookingAnswer, BookingStatus, PaidWith, PlaceKind, Side
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice

TAKING = (BookingStatus.HELD.value, BookingStatus.CONFIRMED.value)
"""The states in which a booking keeps its time from everybody else."""


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking, with its coach's name. Instants are UTC; `price` is in the currency's minor unit.

    `time_zone` is the zone of whoever booked. Of a hold, `client_id` is known only where a client booked who is signed
    in.
    """

    id: UUID
    offering_id: UUID | None
    coach_id: UUID
    coach_name: str
    client_id: UUID | None
    status: BookingStatus
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_until: datetime
    held_until: datetime | None
    title: str
    name: str
    email: str
    phone: str
    time_zone: str
    locale: str
    place_kind: PlaceKind
    place: str
    price: int
    currency: str
    paid_with: PaidWith
    is_intro: bool
    free_until_minutes: int
    late_percent: int
    move_until_minutes: int
    series_id: UUID | None
    sequence: int
    created_at: datetime
    confirmed_at: datetime | None
    moved_from: datetime | None
    moved_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: Side | None
    cancel_reason: str

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def zone(self) -> ZoneInfo:
        """By whose clock the person who booked lives."""
        return ZoneInfo(self.time_zone)

    @property
    def is_live(self) -> bool:
        """Whether it keeps its time from everybody else: held or confirmed."""
        return self.status in TAKING


def booking_of(booking_id: UUID) -> BookingRow:
    """One booking of the practice. Raises NotFound."""
    row = db.session.execute(_select(Booking.id == booking_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def lock_booking(booking_id: UUID) -> BookingRow:
    """The same, held until the transaction ends, so that whoever else acts on it waits. Raises NotFound."""
    mine = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    if db.session.scalar(select(Booking.id).where(*mine).with_for_update()) is None:
        raise NotFound
    return booking_of(booking_id)


def bookings_between(coach_id: UUID | None, start: datetime, end: datetime) -> tuple[BookingRow, ...]:
    """The bookings of a coach (None: of all) that touch the time from `start` until before `end`, soonest first.

    Buffers do not count; expired and cancelled ones are left out.
    """
    off = (BookingStatus.EXPIRED.value, BookingStatus.CANCELLED.value)
    wanted = [Booking.starts_at < end, Booking.ends_at > start, Booking.status.not_in(off)]
    if coach_id is not None:
        wanted.append(Booking.coach_id == coach_id)
    return _rows(_select(*wanted).order_by(Booking.starts_at, Booking.id))


def bookings_of_client(client_id: UUID) -> tuple[BookingRow, ...]:
    """All bookings that were ever confirmed for a client, newest first."""
    mine = _select(Booking.client_id == client_id, Booking.confirmed_at.is_not(None))
    return _rows(mine.order_by(Booking.starts_at.desc(), Booking.id.desc()))


def bookings_of_series(series_id: UUID) -> tuple[BookingRow, ...]:
    """The bookings that were made in one go, soonest first."""
    return _rows(_select(Booking.series_id == series_id).order_by(Booking.starts_at, Booking.id))


def answers_of(booking_id: UUID) -> tuple[tuple[str, str], ...]:
    """What was asked at booking, and what was answered, in order."""
    mine = (BookingAnswer.practice_id == current_practice(), BookingAnswer.booking_id == booking_id)
    query = select(BookingAnswer.label, BookingAnswer.answer).where(*mine).order_by(BookingAnswer.position)
    return tuple((label, answer) for label, answer in db.session.execute(query))


_COLUMNS = [getattr(Booking, field.name) for field in fields(BookingRow) if field.name != "coach_name"]


def _select(*wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS, User.name.label("coach_name"))
        .join(User, User.id == Booking.coach_id)
        .where(Booking.practice_id == current_practice(), *wanted)
    )


def _rows(query: Select[*tuple[Any, ...]]) -> tuple[BookingRow, ...]:
    return tuple(_row(row) for row in db.session.execute(query))


def _row(row: Row[Any]) -> BookingRow:
    known = {
        "status": BookingStatus(row.status),
        "place_kind": PlaceKind(row.place_kind),
        "paid_with": PaidWith(row.paid_with),
        "cancelled_by": Side(row.cancelled_by) if row.cancelled_by else None,
    }
    return BookingRow(**{**row._mapping, **known})
