"""A coaching session was planned, booked, changed or cancelled: the client is told, with a calendar file that keeps up.

It is news and no reminder: it cannot be switched off. At night it waits for the morning, unless the session is, or was,
within a day. Only the newest change is told; whoever was never told of a session is not told that it is off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, cast, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.booking.models import PaidWith
from coachhub.booking.service.reading import BookingRow, booking_of
from coachhub.clients.models import Client, ClientStatus
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.service.calendars import FILE_NAME, session_content_type, session_file
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.mailer import Attachment
from coachhub.reminders.kinds.booked_parts import BookedFacts, booked_facts
from coachhub.reminders.kinds.kind import (
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    add_messages,
    adding,
)
from coachhub.reminders.kinds.session_parts import (
    LOST_AFTER,
    SessionFacts,
    claimed_sessions,
    facts_of,
    letter_about_session,
    page_of,
    was_told,
)
from coachhub.reminders.rules import cannot_wait

_TOLD = (CoachingSessionStatus.SCHEDULED, CoachingSessionStatus.CANCELLED)
"""How it came out is no news: both were there."""


class Did(StrEnum):
    """What was done: a coach planned it, or the client booked it."""

    PLANNED = "planned"
    BOOKED = "booked"
    CHANGED = "changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class ChangeFacts:
    """What was done, and how the session stands. `stood_at` is from when it was moved.

    `booking` is what was booked, of what the client chose themselves. Where there is no `page`, there is no button.
    `ask` is where they say what they would like to talk about: within a day no other mail asks in time.
    """

    did: Did
    session: SessionFacts
    stood_at: datetime | None
    page: str
    booking: BookedFacts | None
    ask: str = ""


def _plan(now: datetime) -> int:
    """Plan it for each change of a session still ahead. The key holds the number of the change."""
    return add_messages(_adding(), now, since=now - LOST_AFTER)


@cache
def _adding() -> Insert:
    rows = (
        select()
        .select_from(CoachingSession)
        .join(Client, and_(Client.practice_id == CoachingSession.practice_id, Client.id == CoachingSession.client_id))
        .where(
            CoachingSession.practice_id == HERE,
            CoachingSession.news_at <= NOW,
            CoachingSession.news_at > SINCE,
            CoachingSession.starts_at > NOW,
            CoachingSession.status.in_(_TOLD),
            Client.status != ClientStatus.ARCHIVED,
        )
    )
    number = cast(CoachingSession.news_sequence, Text)
    about = About(CoachingSession.id, CoachingSession.news_at, user=Client.user_id, client=Client.id, day=number)
    return adding(SESSION_CHANGED, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    more = (
        CoachingSession.news_sequence,
        CoachingSession.news_at,
        CoachingSession.changed_at,
        CoachingSession.moved_from,
        was_told(SESSION_CHANGED.name, now).label("was_told"),
    )
    return {row.id: _reading(row, now) for row in db.session.execute(claimed_sessions(claims, *more)).all()}


def _reading(row: Any, now: datetime) -> Reading:
    reason = _why_pointless(row, now)
    return Pointless(reason) if reason is not None else _letter(row, now)


def _why_pointless(row: Any, now: datetime) -> str | None:
    if row.status == ClientStatus.ARCHIVED:
        return str(row.status)
    if row.planned_for != str(row.news_sequence):
        return "superseded"
    if row.session_status not in _TOLD or row.starts_at <= now:
        return "over"
    return "never told" if row.session_status == CoachingSessionStatus.CANCELLED and not row.was_told else None


def _letter(row: Any, now: datetime) -> Letter:
    is_moved = row.was_told and row.changed_at == row.news_at
    stood_at = row.moved_from if is_moved and row.session_status == CoachingSessionStatus.SCHEDULED else None
    booking = booking_of(row.booking_id) if row.offering_id else None
    session = facts_of(row)
    facts = ChangeFacts(
        did=_did(row, booking),
        session=session,
        stood_at=stood_at,
        page=page_of(row),
        booking=booked_facts(booking, now) if booking else None,
        ask=session.ask if cannot_wait(row.starts_at, now) else "",
    )
    letter = letter_about_session(row, facts)
    is_pressing = cannot_wait(row.starts_at, now) or cannot_wait(stood_at, now)
    return letter._replace(attachments=_files(row, letter, facts), is_pressing=is_pressing)


def _did(row: Any, booking: BookingRow | None) -> Did:
    if row.session_status == CoachingSessionStatus.CANCELLED:
        return Did.CANCELLED
    if row.was_told:
        return Did.CHANGED
    return Did.BOOKED if booking is not None and booking.paid_with is not PaidWith.COACH else Did.PLANNED


def _files(row: Any, letter: Letter, facts: ChangeFacts) -> tuple[Attachment, ...]:
    found = coaching_session_of(row.client_id, row.coaching_session_id)
    with as_reader(letter.to.locale, letter.to.zone.key):
        file = session_file(found, found.coach_name, facts.page)
    return (Attachment(FILE_NAME, session_content_type(found), file),)


SESSION_CHANGED = Kind("session_changed", is_reminder=False, plan=_plan, read=_read, is_quiet=True)
