"""What coaches put into their calendar themselves: not bound by hours and notice, but by what is there already."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row, insert, select, update

from coachhub.accounts.models import Practice, User
from coachhub.booking.models import Booking, BookingStatus, Offering, PaidWith, PlaceKind, Side
from coachhub.booking.service.changes import BOOKINGS, CHANGED, CONFIRMED, FREED, MOVED
from coachhub.booking.service.overlaps import refuse_overlap
from coachhub.booking.service.reading import BookingRow, lock_booking
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.service.records import check_coach
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class _Terms:
    """What an offering says of a booking that a coach makes; by hand alone there is no price and no rule."""

    title: str
    place_kind: str
    price: int
    currency: str
    is_intro: bool
    before: timedelta
    after: timedelta
    free_until_minutes: int
    late_percent: int
    move_until_minutes: int


def book_by_hand(
    client_id: UUID, coach_id: UUID, starts_at: datetime, minutes: int, place: str, offering_id: UUID | None = None
) -> UUID:
    """Put a booking into a coach's calendar, confirmed at once; returns its id. Asked twice, it is one booking.

    `starts_at` is UTC. Raises NotFound, Overlap, and Refused for a client in the archive, a time that has passed, or
    who is no coach.
    """
    client, now = _hold_client(client_id), clock.now()
    check_coach(coach_id)
    same = _same_booking(client_id, coach_id, starts_at)
    if same is not None:
        return same
    _refuse_past(starts_at, now)
    terms, ends_at = _terms(offering_id), starts_at + timedelta(minutes=minutes)
    values = _of_person(client) | _of_terms(terms, starts_at, ends_at) | {"place": place, "offering_id": offering_id}
    with refuse_overlap(coach_id, starts_at - terms.before, ends_at + terms.after):
        row = insert(Booking).values(
            practice_id=current_practice(),
            coach_id=coach_id,
            status=BookingStatus.CONFIRMED.value,
            paid_with=PaidWith.COACH.value,
            created_at=now,
            confirmed_at=now,
            **values,
        )
        booking_id: UUID = db.session.execute(row.returning(Booking.id)).scalar_one()
    BOOKINGS.happened(BookingStatus.CONFIRMED.value)
    CONFIRMED.tell(booking_id)
    return booking_id


def change_by_hand(booking_id: UUID, coach_id: UUID, starts_at: datetime, minutes: int, place: str) -> None:
    """Change when, how long, where and with whom a confirmed booking takes place. Unchanged, nothing is written.

    Raises NotFound, Overlap, and Refused for what is not open any more, a time that has passed, or who is no coach.
    """
    found, now = lock_booking(booking_id), clock.now()
    if (coach_id, starts_at, minutes, place) == (found.coach_id, found.starts_at, found.minutes, found.place):
        return
    if found.status is not BookingStatus.CONFIRMED:
        raise Refused(409, _("This booking is not open any more: there is nothing to change."))
    check_coach(coach_id)
    values: dict[str, object] = {"coach_id": coach_id, "place": place, "sequence": found.sequence + 1}
    if starts_at != found.starts_at:
        _refuse_past(starts_at, now)
        values |= {"moved_from": found.starts_at, "moved_at": now}
    times = _times_beside(found, starts_at, minutes)
    with refuse_overlap(coach_id, times["busy_from"], times["busy_until"], ignoring=booking_id):
        this = (Booking.practice_id == current_practice(), Booking.id == booking_id)
        db.session.execute(update(Booking).where(*this).values(values | times))
    CHANGED.tell(booking_id, Side.COACH)
    if (coach_id, starts_at) != (found.coach_id, found.starts_at):
        BOOKINGS.happened(MOVED)
        FREED.tell(booking_id)


def change_what_pays(booking_id: UUID, paid_with: PaidWith) -> None:
    """Write down what a booking is settled with after all. Whoever asks holds the booking."""
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    db.session.execute(update(Booking).where(*this).values(paid_with=paid_with.value))


def _times_beside(found: BookingRow, starts_at: datetime, minutes: int) -> dict[str, datetime]:
    """The new times, with the buffers that it has."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "busy_from": starts_at - (found.starts_at - found.busy_from),
        "busy_until": ends_at + (found.busy_until - found.ends_at),
    }


def _hold_client(client_id: UUID) -> Row[*tuple[Any, ...]]:
    """Who it is for, held so that a second click waits for the first."""
    client = db.session.execute(
        select(Client.id, Client.name, Client.email, Client.time_zone, Client.status, User.locale)
        .outerjoin(User, User.id == Client.user_id)
        .where(Client.practice_id == current_practice(), Client.id == client_id)
        .with_for_update(of=Client, key_share=True)
    ).one_or_none()
    if client is None:
        raise NotFound
    if client.status == ClientStatus.ARCHIVED:
        raise Refused(409, _("This client is in the archive. Bring them back first."))
    return client


def _same_booking(client_id: UUID, coach_id: UUID, starts_at: datetime) -> UUID | None:
    same = select(Booking.id).where(
        Booking.practice_id == current_practice(),
        Booking.client_id == client_id,
        Booking.coach_id == coach_id,
        Booking.starts_at == starts_at,
        Booking.status == BookingStatus.CONFIRMED,
    )
    return db.session.scalar(same.limit(1))


def _refuse_past(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise Refused(409, _("That time has already passed. Choose one that is still ahead."))


def _of_person(client: Row[*tuple[Any, ...]]) -> dict[str, object]:
    locale = client.locale or db.session.scalar(select(Practice.locale).where(Practice.id == current_practice()))
    said = {"name": client.name, "email": client.email, "time_zone": client.time_zone}
    return {"client_id": client.id, "locale": locale, **said}


def _terms(offering_id: UUID | None) -> _Terms:
    if offering_id is None:
        currency = db.session.scalar(select(Practice.currency).where(Practice.id == current_practice()))
        kind, none = PlaceKind.ADDRESS.value, timedelta()
        return _Terms("", kind, 0, currency or "", False, none, none, 0, 0, 0)
    offering = db.session.get(Offering, (current_practice(), offering_id))
    if offering is None:
        raise NotFound
    return _Terms(
        title=offering.title,
        place_kind=offering.place_kind,
        price=offering.price,
        currency=offering.currency,
        is_intro=offering.is_intro,
        before=timedelta(minutes=offering.buffer_before),
        after=timedelta(minutes=offering.buffer_after),
        free_until_minutes=offering.free_until_minutes,
        late_percent=offering.late_percent,
        move_until_minutes=offering.move_until_minutes,
    )


def _of_terms(terms: _Terms, starts_at: datetime, ends_at: datetime) -> dict[str, object]:
    return {
        "title": terms.title,
        "place_kind": terms.place_kind,
        "price": terms.price,
        "currency": terms.currency,
        "is_intro": terms.is_intro,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "busy_from": starts_at - terms.before,
        "busy_until": ends_at + terms.after,
        "free_until_minutes": terms.free_until_minutes,
        "late_percent": terms.late_percent,
        "move_until_minutes": terms.move_until_minutes,
    }
