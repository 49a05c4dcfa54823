"""The log of coaching hours: sessions that took place, by client, as a coach's credential asks for them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, select, update

from coachhub.booking.models import Booking, PaidWith
from coachhub.clients.models import Client
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.rules.hours import Counts, HourOfCoaching, Sums, counts_as, sums_of
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.platform.db import db
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice

_BY_BOOKING = {PaidWith.MONEY: True, PaidWith.CREDIT: True, PaidWith.NOTHING: False, PaidWith.COACH: None}


@dataclass(frozen=True, slots=True)
class LogLine:
    """The hours with one client: who, how to reach them, and the sums."""

    client_id: UUID
    name: str
    contact: str
    sums: Sums


@dataclass(frozen=True)
class CoachingLog:
    """A coach's log of one year, or of all: a line for each client by name, all lines together, the years there are."""

    lines: tuple[LogLine, ...]
    total: Sums | None
    years: tuple[int, ...]


def coaching_log(coach_id: UUID, zone: ZoneInfo, year: int | None) -> CoachingLog:
    """The log of a coach; days and years are by the clock of `zone`. None: all years."""
    rows = list(db.session.execute(_held_by(coach_id)))
    years = sorted({local_day(row.starts_at, zone).year for row in rows}, reverse=True)
    of_client: dict[UUID, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        if year in (None, local_day(row.starts_at, zone).year):
            of_client[row.client_id].append(row)
    lines = tuple(_lines(of_client, zone))
    chosen = [_hour(row, zone) for found in of_client.values() for row in found]
    return CoachingLog(lines, sums_of(chosen), tuple(years))


def say_paid(client_id: UUID, coaching_session_id: UUID, is_paid: bool | None) -> None:
    """Say what a session counts as; None: what its booking says. Raises NotFound."""
    coaching_session_of(client_id, coaching_session_id)
    _say([coaching_session_id], is_paid)


def say_unsaid(coach_id: UUID, client_id: UUID, zone: ZoneInfo, year: int | None, is_paid: bool) -> int:
    """Say it of all sessions with a client of which nobody has said it, in a year or in all; returns how many."""
    rows = db.session.execute(_held_by(coach_id).where(CoachingSession.client_id == client_id))
    unsaid = [row.id for row in rows if _hour(row, zone).counts is Counts.UNSAID and _is_of(row.starts_at, zone, year)]
    _say(unsaid, is_paid)
    return len(unsaid)


def counts_of(client_id: UUID, coaching_session_id: UUID) -> tuple[bool | None, Counts]:
    """What was said of a session, and what it counts as. Raises NotFound."""
    coaching_session_of(client_id, coaching_session_id)
    row = db.session.execute(_select().where(CoachingSession.id == coaching_session_id)).one()
    return row.is_paid, _counts(row)


def _lines(of_client: dict[UUID, list[Row[*tuple[Any, ...]]]], zone: ZoneInfo) -> Iterator[LogLine]:
    by_name = sorted(of_client.items(), key=lambda item: (item[1][0].name.casefold(), item[0]))
    for client_id, rows in by_name:
        sums = sums_of(_hour(row, zone) for row in rows)
        if sums is not None:
            yield LogLine(client_id, rows[0].name, rows[0].email, sums)


def _hour(row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> HourOfCoaching:
    return HourOfCoaching(local_day(row.starts_at, zone), row.minutes, _counts(row))


def _counts(row: Row[*tuple[Any, ...]]) -> Counts:
    is_settled = _BY_BOOKING[PaidWith(row.paid_with)] if row.paid_with else None
    return counts_as(row.is_paid, is_settled, bool(row.is_intro))


def _is_of(starts_at: datetime, zone: ZoneInfo, year: int | None) -> bool:
    return year in (None, local_day(starts_at, zone).year)


def _held_by(coach_id: UUID) -> Select[*tuple[Any, ...]]:
    held = CoachingSession.status == CoachingSessionStatus.HELD
    return _select().where(CoachingSession.coach_id == coach_id, held).order_by(CoachingSession.starts_at)


def _select() -> Select[*tuple[Any, ...]]:
    its_booking = and_(Booking.practice_id == CoachingSession.practice_id, Booking.id == CoachingSession.booking_id)
    its_client = and_(Client.practice_id == CoachingSession.practice_id, Client.id == CoachingSession.client_id)
    return (
        select(
            CoachingSession.id,
            CoachingSession.client_id,
            Client.name,
            Client.email,
            CoachingSession.starts_at,
            CoachingSession.minutes,
            CoachingSession.is_paid,
            Booking.paid_with,
            Booking.is_intro,
        )
        .join(Client, its_client)
        .outerjoin(Booking, its_booking)
        .where(CoachingSession.practice_id == current_practice())
    )


def _say(session_ids: list[UUID], is_paid: bool | None) -> None:
    these = (CoachingSession.practice_id == current_practice(), CoachingSession.id.in_(session_ids))
    db.session.execute(update(CoachingSession).where(*these).values(is_paid=is_paid))
