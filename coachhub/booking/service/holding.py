"""Taking a slot for half an hour, while the visitor pays."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, update

from coachhub.booking.models import (
    Booking,
    BookingAnswer,
    BookingStatus,
    CoachProfile,
    Offering,
    OfferingStatus,
    PaidWith,
    PlaceKind,
)
from coachhub.booking.service.changes import BOOKINGS
from coachhub.booking.service.slots import Slot, is_free, nearest_free
from coachhub.booking.service.taking import TimeTaken, queue_for_person, taking
from coachhub.clients.models import Client
from coachhub.platform import clock
from coachhub.platform.addresses import as_we_write_it
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.mailboxes import mailbox_in, mailbox_of
from coachhub.platform.tenancy import current_practice

HOLD_MINUTES = 35
"""Half an hour to pay, and a little: the page at Stripe ends after 31 minutes, and what it tells takes a moment."""
MOST_HOLDS = 3
A_SECOND_CLICK = timedelta(minutes=2)
_COUNTS = tuple(
    status.value
    for status in (BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
)


class SlotTaken(Refused):
    """Somebody else has the time, or it is not for booking. `nearest`: free times around it, sorted."""

    def __init__(self, nearest: tuple[Slot, ...] = ()) -> None:
        super().__init__(409, _("Somebody has just taken this time. Choose another one."))
        self.nearest = nearest


@dataclass(frozen=True)
class BookingAsked:
    """What a visitor asks for. `coach_id` None: any coach who is free. `answers`: each question with its answer.

    `client_id` is the record of a client who is signed in; nobody else may be trusted to say who they are. `held_here`
    are the holds that the same browser has made.
    """

    offering_id: UUID
    starts_at: datetime
    coach_id: UUID | None
    name: str
    email: str
    phone: str
    time_zone: str
    locale: str
    place: str
    answers: tuple[tuple[str, str], ...] = ()
    client_id: UUID | None = None
    held_here: tuple[UUID, ...] = ()


def hold_slot(asked: BookingAsked) -> UUID:
    """Take the slot for HOLD_MINUTES; returns the booking's id. Asked twice by one person, it is one hold.

    Raises NotFound, SlotTaken, and Refused where the offering is closed, the person holds MOST_HOLDS others already,
    or has had the intro that there is once for each person.
    """
    now, email = clock.now(), as_we_write_it(asked.email)
    offering = bookable(asked.offering_id)
    queue_for_person(email)
    same = _same_booking(asked, email, now)
    if same is not None:
        return same
    _refuse_too_many(email, now)
    if offering.is_intro:
        refuse_second_intro(email, asked.client_id)
    for coach_id in is_free(offering.id, asked.starts_at, now, asked.coach_id):
        try:
            with taking(coach_id):
                return place_hold(coach_id, asked, offering, now)
        except TimeTaken:
            continue
    raise SlotTaken(nearest_free(offering.id, asked.starts_at, now))


def bookable(offering_id: UUID) -> Offering:
    """The offering, if it is open. Raises NotFound for a draft or none, Refused for a closed one."""
    offering = db.session.get(Offering, (current_practice(), offering_id))
    if offering is None or offering.status == OfferingStatus.DRAFT:
        raise NotFound
    if offering.status != OfferingStatus.OPEN:
        raise Refused(409, _("This cannot be booked any more."))
    return offering


def _same_booking(asked: BookingAsked, email: str, now: datetime) -> UUID | None:
    """What the first of two clicks has made. A hold takes on what was typed last; nobody loses time by a typo.

    An address proves nobody: a hold is found again by the browser or the client that made it. Otherwise only the very
    same words just now are a second click.
    """
    wanted = (
        Booking.practice_id == current_practice(),
        Booking.email == email,
        Booking.offering_id == asked.offering_id,
        Booking.starts_at == asked.starts_at,
    )
    is_held, is_confirmed = (Booking.status == state for state in (BookingStatus.HELD, BookingStatus.CONFIRMED))
    is_theirs: ColumnElement[bool] = Booking.id.in_(asked.held_here)
    if asked.client_id is not None:
        is_theirs = or_(is_theirs, Booking.client_id == asked.client_id)
    since = now - A_SECOND_CLICK
    just_now = or_(is_held & (Booking.created_at > since), is_confirmed & (Booking.confirmed_at > since))
    is_second = or_(is_held & is_theirs, just_now & (Booking.name == asked.name) & (Booking.phone == asked.phone))
    found = db.session.execute(select(Booking.id, Booking.status).where(*wanted, is_second).limit(1)).one_or_none()
    if found is None:
        return None
    if found.status == BookingStatus.HELD:
        _take_on(found.id, asked)
    return UUID(str(found.id))


def _take_on(booking_id: UUID, asked: BookingAsked) -> None:
    this = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    said = {"name": asked.name, "phone": asked.phone, "time_zone": asked.time_zone, "locale": asked.locale}
    said_by_client = case((Booking.place_kind == PlaceKind.CLIENT, asked.place), else_=Booking.place)
    db.session.execute(update(Booking).where(*this).values(**said, place=said_by_client))
    answered = (BookingAnswer.practice_id == current_practice(), BookingAnswer.booking_id == booking_id)
    db.session.execute(delete(BookingAnswer).where(*answered))
    _keep_answers(booking_id, asked.answers)


def _refuse_too_many(email: str, now: datetime) -> None:
    held = (
        Booking.practice_id == current_practice(),
        Booking.email == email,
        Booking.status == BookingStatus.HELD,
        Booking.held_until > now,
    )
    if (db.session.scalar(select(func.count()).select_from(Booking).where(*held)) or 0) >= MOST_HOLDS:
        raise Refused(
            429, _("You are holding several times already. Pay for one of them, or wait until they are free again.")
        )


def refuse_second_intro(email: str, client_id: UUID | None) -> None:
    """Refuse whoever has, or has had, a booking of the kind that there is once for each person. Raises Refused.

    Another spelling of an address that leads to the same mailbox is the same person.
    """
    own = mailbox_of(email)
    known = select(Client.id).where(Client.practice_id == current_practice(), mailbox_in(Client.email) == own)
    is_theirs = or_(mailbox_in(Booking.email) == own, Booking.client_id.in_(known))
    if client_id is not None:
        is_theirs = or_(is_theirs, Booking.client_id == client_id)
    had = select(Booking.id).where(
        Booking.practice_id == current_practice(), Booking.is_intro, Booking.status.in_(_COUNTS), is_theirs
    )
    if db.session.scalar(had.limit(1)) is not None:
        raise Refused(409, _("This one is there once for each person, and you have booked it already."))


def place_hold(
    coach_id: UUID,
    asked: BookingAsked,
    offering: Offering,
    now: datetime,
    series_id: UUID | None = None,
    reach_days: int = 0,
) -> UUID:
    """Write the hold inside `taking`, where the coach is ours alone; returns its id. Raises TimeTaken.

    `reach_days`: it may lie so far ahead, though the offering's horizon be nearer.
    """
    if not is_free(offering.id, asked.starts_at, now, coach_id, reach_days=reach_days):
        raise TimeTaken
    values = _what_is_asked(asked) | _what_is_offered(offering, coach_id, asked) | _times(offering, asked.starts_at)
    values |= {"status": BookingStatus.HELD.value, "held_until": now + timedelta(minutes=HOLD_MINUTES)}
    row = insert(Booking).values(practice_id=current_practice(), series_id=series_id, created_at=now, **values)
    booking_id: UUID = db.session.execute(row.returning(Booking.id)).scalar_one()
    _keep_answers(booking_id, asked.answers)
    BOOKINGS.happened(BookingStatus.HELD.value)
    return booking_id


def _what_is_asked(asked: BookingAsked) -> dict[str, object]:
    return {
        "client_id": asked.client_id,
        "name": asked.name,
        "email": as_we_write_it(asked.email),
        "phone": asked.phone,
        "time_zone": asked.time_zone,
        "locale": asked.locale,
    }


def _what_is_offered(offering: Offering, coach_id: UUID, asked: BookingAsked) -> dict[str, object]:
    return {
        "offering_id": offering.id,
        "coach_id": coach_id,
        "title": offering.title,
        "place_kind": offering.place_kind,
        "place": _place(offering, coach_id, asked),
        "price": offering.price,
        "currency": offering.currency,
        "paid_with": (PaidWith.MONEY if offering.price else PaidWith.NOTHING).value,
        "is_intro": offering.is_intro,
        "free_until_minutes": offering.free_until_minutes,
        "late_percent": offering.late_percent,
        "move_until_minutes": offering.move_until_minutes,
    }


def _place(offering: Offering, coach_id: UUID, asked: BookingAsked) -> str:
    """Where: as the visitor says, as the offering says, or at the coach's usual place."""
    if offering.place_kind == PlaceKind.CLIENT:
        return asked.place
    if offering.place or offering.place_kind == PlaceKind.PHONE:
        return offering.place
    mine = (CoachProfile.practice_id == current_practice(), CoachProfile.coach_id == coach_id)
    return db.session.scalar(select(CoachProfile.place).where(*mine)) or ""


def _times(offering: Offering, starts_at: datetime) -> dict[str, object]:
    ends_at = starts_at + timedelta(minutes=offering.minutes)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "busy_from": starts_at - timedelta(minutes=offering.buffer_before),
        "busy_until": ends_at + timedelta(minutes=offering.buffer_after),
    }


def _keep_answers(booking_id: UUID, answers: tuple[tuple[str, str], ...]) -> None:
    same = {"practice_id": current_practice(), "booking_id": booking_id}
    rows = [
        {**same, "position": position, "label": label, "answer": answer}
        for position, (label, answer) in enumerate(answers)
    ]
    if rows:
        db.session.execute(insert(BookingAnswer).values(rows))
