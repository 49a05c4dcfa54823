"""The waiting list: "tell me if a time opens". Each wait is told once, of one time; then it has done its work."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import insert, select, text, update

from coachhub.booking.models import Booking, Wait
from coachhub.booking.rules.waiting import HEAD_START, Opening, Promised, Waiting, who_is_told
from coachhub.booking.service.slots import free_slots
from coachhub.booking.service.taking import queue_for_person
from coachhub.platform import clock
from coachhub.platform.addresses import as_we_write_it
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.jobs import enqueue
from coachhub.platform.local_time import local_day, start_of_day
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice
from coachhub.platform.wakes import mail_now

MOST_WAITS = 10
"""So many times one address may wait for in a practice."""
_AT_ONCE = 500
_A_DAY = timedelta(days=1)
_PRACTICES = text("select lookup.practices_with_waits(:since)")


@dataclass(frozen=True, slots=True)
class WaitAsked:
    """Who wants to be told of a time of an offering that begins on one of these days, by the clock of `time_zone`.

    `coach_id` None: with any coach.
    """

    offering_id: UUID
    coach_id: UUID | None
    client_id: UUID | None
    name: str
    email: str
    time_zone: str
    locale: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class WaitRow:
    """A wait and how it stands. `found_starts_at` (UTC) is the time that it is told of."""

    id: UUID
    offering_id: UUID
    coach_id: UUID | None
    name: str
    email: str
    time_zone: str
    locale: str
    first_day: date
    last_day: date
    found_at: datetime | None
    found_starts_at: datetime | None
    told_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is still looked for."""
        return self.found_at is None and self.ended_at is None


_COLUMNS = tuple(getattr(Wait, name) for name in WaitRow.__dataclass_fields__)


def ask_to_be_told(asked: WaitAsked) -> UUID:
    """Put somebody on the list; asked twice for the same days it is one wait. Returns its id.

    Raises Refused where the address waits for MOST_WAITS times already.
    """
    email = as_we_write_it(asked.email)
    queue_for_person(email)
    open_ones = db.session.execute(select(Wait.id, *_ASKED_FOR).where(*_waiting(), Wait.email == email)).all()
    wanted = (asked.offering_id, asked.coach_id, asked.first_day, asked.last_day)
    same = next((row.id for row in open_ones if tuple(row)[1:] == wanted), None)
    if same is not None:
        return UUID(str(same))
    if len(open_ones) >= MOST_WAITS:
        raise Refused(409, _("This address waits for as many times as it may. One of them must end first."))
    values = {name: getattr(asked, name) for name in WaitAsked.__dataclass_fields__}
    row = insert(Wait).values(**values | {"email": email, "practice_id": current_practice(), "created_at": clock.now()})
    made: UUID = db.session.execute(row.returning(Wait.id)).scalar_one()
    return made


def wait_of(wait_id: UUID) -> WaitRow:
    """One wait of the bound practice. Raises NotFound."""
    row = db.session.execute(select(*_COLUMNS).where(*_this(wait_id))).one_or_none()
    if row is None:
        raise NotFound
    return WaitRow(*row)


def end_wait(wait_id: UUID) -> None:
    """Nothing is told any more; what is over already stays as it is."""
    db.session.execute(update(Wait).where(*_this(wait_id), Wait.ended_at.is_(None)).values(ended_at=clock.now()))


def wait_on(wait_id: UUID) -> None:
    """The time that was found was taken before anybody was told of it: look for another."""
    nothing_yet = {"found_at": None, "found_starts_at": None, "told_at": None}
    db.session.execute(update(Wait).where(*_this(wait_id)).values(nothing_yet))
    enqueue("workers.jobs.find_waits", current_practice())


def end_waits_of_booking(booking_id: UUID) -> None:
    """Whoever has booked a time of the days for which they waited need not be told of another."""
    key = (Booking.practice_id == current_practice(), Booking.id == booking_id)
    row = db.session.execute(select(Booking.email, Booking.offering_id, Booking.starts_at).where(*key)).one_or_none()
    if row is None:
        return
    mine = (*_waiting(), Wait.email == row.email, Wait.offering_id == row.offering_id)
    for wait in db.session.execute(select(Wait.id, Wait.time_zone, Wait.first_day, Wait.last_day).where(*mine)).all():
        if wait.first_day <= local_day(row.starts_at, ZoneInfo(wait.time_zone)) <= wait.last_day:
            end_wait(wait.id)


def look_for_waits(booking_id: UUID) -> None:
    """The time of a booking went free: have a worker see who waits for it."""
    if db.session.scalar(select(Wait.id).where(*_waiting()).limit(1)) is not None:
        enqueue("workers.jobs.find_waits", current_practice())


def ring_where_somebody_waits() -> None:
    """Ring for each practice with somebody who waits: it is what finds hours that were added, and lost rings."""
    with as_visitor():
        for practice_id in db.session.scalars(_PRACTICES, {"since": clock.now().date() - _A_DAY}).all():
            enqueue("workers.jobs.find_waits", practice_id)


def find_waits(practice_id: UUID) -> int:
    """Note for each wait of a practice the time that has opened for it, and ask for the mails; returns how many."""
    with as_practice(practice_id):
        now = clock.now()
        told = _found(now)
        for wait_id, starts_at in told:
            this = update(Wait).where(*_this(wait_id))
            db.session.execute(this.values(found_at=now, found_starts_at=starts_at))
        if told:
            mail_now(practice_id)
    return len(told)


def _found(now: datetime) -> list[tuple[UUID, datetime]]:
    """Two workers at once share the waits out: what one of them looks at, the other leaves alone."""
    is_ahead = Wait.last_day >= now.date() - _A_DAY
    open_ones = select(*_COLUMNS).where(*_waiting(), is_ahead).order_by(Wait.created_at, Wait.id).limit(_AT_ONCE)
    groups = _by_offering(db.session.execute(open_ones.with_for_update(skip_locked=True)).all())
    openings = {key: _openings(key, waits, now) for key, waits in groups.items()}
    promised = _promised(now)
    told = []
    for key, waits in groups.items():
        told += who_is_told([_waiting_for(wait) for wait in waits], openings[key], promised)
    return told


def _by_offering(rows: Iterable[Any]) -> dict[tuple[UUID, UUID | None], list[WaitRow]]:
    groups = defaultdict(list)
    for row in rows:
        wait = WaitRow(*row)
        groups[wait.offering_id, wait.coach_id].append(wait)
    return groups


def _openings(key: tuple[UUID, UUID | None], waits: Sequence[WaitRow], now: datetime) -> list[Opening]:
    offering_id, coach_id = key
    spans = [_waiting_for(wait) for wait in waits]
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    slots = free_slots(offering_id, first, last, now, coach_id)
    return [Opening(slot.starts_at, slot.ends_at, slot.coach_ids) for slot in slots]


def _promised(now: datetime) -> Promised:
    """What somebody has been told of a moment ago and may still be about to book."""
    promised = Promised()
    lately = (Wait.practice_id == current_practice(), Wait.found_at > now - HEAD_START)
    found: list[Any] = [*db.session.execute(select(*_FOUND).where(*lately))]
    for offering_id, coach_id, starts_at in found:
        for slot in free_slots(offering_id, starts_at, starts_at + timedelta(seconds=1), now, coach_id):
            promised.take(Opening(slot.starts_at, slot.ends_at, slot.coach_ids))
    return promised


def _waiting_for(wait: WaitRow) -> Waiting:
    zone = ZoneInfo(wait.time_zone)
    return Waiting(wait.id, start_of_day(wait.first_day, zone), start_of_day(wait.last_day + _A_DAY, zone))


_FOUND = (Wait.offering_id, Wait.coach_id, Wait.found_starts_at)
_ASKED_FOR = (Wait.offering_id, Wait.coach_id, Wait.first_day, Wait.last_day)


def _waiting() -> tuple[Any, ...]:
    return (Wait.practice_id == current_practice(), Wait.found_at.is_(None), Wait.ended_at.is_(None))


def _this(wait_id: UUID) -> tuple[Any, ...]:
    return (Wait.practice_id == current_practice(), Wait.id == wait_id)
