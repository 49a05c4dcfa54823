"""Coaching sessions as pages, files and mails of others read them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, select

from coachhub.accounts.models import User
from coachhub.clients.models import Client
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_day, start_of_day
from coachhub.platform.tenancy import current_practice

A_PAGE = 50
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CoachingSessionRow:
    """A coaching session, with the names of both and the zone by whose clock the client lives."""

    id: UUID
    client_id: UUID
    client_name: str
    client_zone: ZoneInfo
    coach_id: UUID
    coach_name: str
    booking_id: UUID | None
    starts_at: datetime
    minutes: int
    place: str
    agenda: str
    status: CoachingSessionStatus
    sequence: int
    created_at: datetime
    moved_from: datetime | None
    cancelled_at: datetime | None
    topic: str
    topic_at: datetime | None

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_open(self) -> bool:
        """Whether it has neither ended nor was cancelled; its time may have passed."""
        return self.status is CoachingSessionStatus.SCHEDULED

    @property
    def has_ended(self) -> bool:
        """Whether somebody has said what came of it: it was held, or the client did not come."""
        return self.status in (CoachingSessionStatus.HELD, CoachingSessionStatus.MISSED)


@dataclass(frozen=True, slots=True)
class ClientsSessions:
    """A client's coaching sessions: those still open, soonest first, and a page of the others, newest first."""

    open: tuple[CoachingSessionRow, ...]
    past: tuple[CoachingSessionRow, ...]
    has_more: bool


def coaching_session_of(client_id: UUID, coaching_session_id: UUID) -> CoachingSessionRow:
    """One coaching session of a client of the practice. Raises NotFound, also where it is another client's."""
    row = db.session.execute(_select(_is_of(client_id, coaching_session_id))).one_or_none()
    if row is None:
        raise NotFound
    return session_row(row)


def coaching_sessions_named(ids: Sequence[UUID]) -> tuple[CoachingSessionRow, ...]:
    """Those of these coaching sessions that there are, soonest first."""
    named = _select(CoachingSession.id.in_(ids)).order_by(CoachingSession.starts_at, CoachingSession.id)
    return tuple(_rows(named))


def coaching_session_behind(coaching_session_id: UUID) -> CoachingSessionRow:
    """One coaching session of the practice, whichever client's, for whoever has proved to know it. Raises NotFound."""
    row = db.session.execute(_select(CoachingSession.id == coaching_session_id)).one_or_none()
    if row is None:
        raise NotFound
    return session_row(row)


def hold_coaching_session(client_id: UUID, coaching_session_id: UUID) -> CoachingSessionRow:
    """The same, held until the transaction ends so that a second click waits. Raises NotFound."""
    held = select(CoachingSession.id).where(_is_of(client_id, coaching_session_id)).with_for_update()
    if db.session.scalar(held) is None:
        raise NotFound
    return coaching_session_of(client_id, coaching_session_id)


def coaching_sessions_of(client_id: UUID, page: int = 1) -> ClientsSessions:
    """The coaching sessions of a client; `page` counts the pages of those held or cancelled, from 1."""
    is_open = CoachingSession.status == CoachingSessionStatus.SCHEDULED
    mine = _select(CoachingSession.client_id == client_id)
    ended = mine.where(~is_open).order_by(CoachingSession.starts_at.desc(), CoachingSession.id.desc())
    past = _rows(ended.limit(A_PAGE + 1).offset(A_PAGE * (page - 1)))
    return ClientsSessions(open_sessions_of(client_id), tuple(past[:A_PAGE]), len(past) > A_PAGE)


def open_sessions_of(client_id: UUID) -> tuple[CoachingSessionRow, ...]:
    """Those of a client that have neither ended nor were cancelled, soonest first."""
    is_open = CoachingSession.status == CoachingSessionStatus.SCHEDULED
    mine = _select(is_open, CoachingSession.client_id == client_id)
    return tuple(_rows(mine.order_by(CoachingSession.starts_at, CoachingSession.id)))


def sessions_between(coach_id: UUID | None, start: datetime, end: datetime) -> tuple[CoachingSessionRow, ...]:
    """The coaching sessions of a coach (None: of all) that begin from `start` until before `end`, soonest first.

    Cancelled ones are left out.
    """
    return tuple(_rows(_select_between(coach_id, start, end)))


def _select_between(coach_id: UUID | None, start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    wanted = [
        CoachingSession.starts_at >= start,
        CoachingSession.starts_at < end,
        CoachingSession.status != CoachingSessionStatus.CANCELLED,
    ]
    if coach_id is not None:
        wanted.append(CoachingSession.coach_id == coach_id)
    return _select(*wanted).order_by(CoachingSession.starts_at, CoachingSession.id)


def sessions_since(
    since: datetime, *, client_id: UUID | None = None, coach_id: UUID | None = None
) -> tuple[CoachingSessionRow, ...]:
    """Those of a client or of a coach that begin at this instant or later, soonest first, without cancelled ones."""
    whose = CoachingSession.client_id == client_id if client_id else CoachingSession.coach_id == coach_id
    standing = CoachingSession.status != CoachingSessionStatus.CANCELLED
    found = _select(whose, standing, CoachingSession.starts_at >= since)
    return tuple(_rows(found.order_by(CoachingSession.starts_at, CoachingSession.id)))


def select_of_day(coach_id: UUID | None, now: datetime, zone: ZoneInfo) -> Select[*tuple[Any, ...]]:
    """Those of a coach (None: of all) in the local day in which `now` lies, for whoever reads more with each."""
    today = local_day(now, zone)
    begins, ends = (start_of_day(day, zone) for day in (today, today + _A_DAY))
    return _select_between(coach_id, begins, ends)


def _is_of(client_id: UUID, coaching_session_id: UUID) -> ColumnElement[bool]:
    return and_(
        CoachingSession.practice_id == current_practice(),
        CoachingSession.client_id == client_id,
        CoachingSession.id == coaching_session_id,
    )


def _select(*wanted: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    client = and_(Client.practice_id == CoachingSession.practice_id, Client.id == CoachingSession.client_id)
    return (
        select(
            CoachingSession.id,
            CoachingSession.client_id,
            Client.name.label("client_name"),
            Client.time_zone.label("client_zone"),
            CoachingSession.coach_id,
            User.name.label("coach_name"),
            CoachingSession.booking_id,
            CoachingSession.starts_at,
            CoachingSession.minutes,
            CoachingSession.place,
            CoachingSession.agenda,
            CoachingSession.status,
            CoachingSession.sequence,
            CoachingSession.created_at,
            CoachingSession.moved_from,
            CoachingSession.cancelled_at,
            CoachingSession.topic,
            CoachingSession.topic_at,
        )
        .join(Client, client)
        .join(User, User.id == CoachingSession.coach_id)
        .where(CoachingSession.practice_id == current_practice(), *wanted)
    )


def _rows(query: Select[*tuple[Any, ...]]) -> Sequence[CoachingSessionRow]:
    return [session_row(row) for row in db.session.execute(query)]


def session_row(row: Row[Any]) -> CoachingSessionRow:
    """What such a select has found; what else was read with it is left out."""
    known = {"status": CoachingSessionStatus(row.status), "client_zone": ZoneInfo(row.client_zone)}
    read = {field.name: row._mapping[field.name] for field in fields(CoachingSessionRow)}
    return CoachingSessionRow(**{**read, **known})
