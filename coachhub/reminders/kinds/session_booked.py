"""A client booked, moved or cancelled a session: told to the coach who holds it, with the file for their calendar.

Each may switch it off for themselves. At night it waits for the morning, unless the session is, or was, within a day.
What a coach did themselves they are not told of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Text, and_, cast, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.accounts.models import Membership, Practice
from coachhub.booking.models import Side
from coachhub.booking.service.reading import booking_of
from coachhub.clients.models import Client
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.rules import clocks_differ
from coachhub.coaching.service.calendars import FILE_NAME, session_content_type, session_file
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.platform.db import db
from coachhub.platform.language import as_reader
from coachhub.platform.links import address_of
from coachhub.platform.mailer import Attachment
from coachhub.reminders.kinds.booked_parts import BookedFacts, booked_facts
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    Recipient,
    add_messages,
    adding,
    is_claimed,
)
from coachhub.reminders.kinds.session_parts import LOST_AFTER, holder, was_told
from coachhub.reminders.kinds.staff import STAFF, is_off_for_staff
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import COACH_NIGHT, cannot_wait


class ClientDid(StrEnum):
    """What the client did."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class ClientDidFacts:
    """Who did what with which booking. `stood_at` is from when it was moved.

    `their_zone` is the client's, where their clock shows another time than the coach's.
    """

    did: ClientDid
    booked: BookedFacts
    stood_at: datetime | None
    their_zone: ZoneInfo | None


def _plan(now: datetime) -> int:
    """Plan it for each change by a client of a session still ahead. The key holds the number of the change."""
    return add_messages(_adding(), now, since=now - LOST_AFTER)


@cache
def _adding() -> Insert:
    is_member = (Membership.practice_id == CoachingSession.practice_id, Membership.user_id == CoachingSession.coach_id)
    rows = (
        select()
        .select_from(CoachingSession)
        .join(Membership, and_(*is_member))
        .join(holder, holder.id == CoachingSession.coach_id)
        .where(
            CoachingSession.practice_id == HERE,
            CoachingSession.news_at <= NOW,
            CoachingSession.news_at > SINCE,
            CoachingSession.news_by == Side.CLIENT.value,
            CoachingSession.starts_at > NOW,
            CoachingSession.booking_id.is_not(None),
            Membership.role.in_(STAFF),
            holder.email_verified_at.is_not(None),
            ~is_off_for_staff(SESSION_BOOKED.name, CoachingSession.news_at),
        )
    )
    number = cast(CoachingSession.news_sequence, Text)
    about = About(CoachingSession.id, CoachingSession.news_at, user=CoachingSession.coach_id, day=number)
    return adding(SESSION_BOOKED, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    its = (CoachingSession.practice_id == Message.practice_id, CoachingSession.id == Message.subject_id)
    is_member = (Membership.practice_id == Message.practice_id, Membership.user_id == Message.user_id)
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("planned_for"),
            CoachingSession.id.label("coaching_session_id"),
            CoachingSession.client_id,
            CoachingSession.booking_id,
            CoachingSession.coach_id,
            CoachingSession.starts_at,
            CoachingSession.status,
            CoachingSession.news_sequence,
            CoachingSession.news_at,
            CoachingSession.changed_at,
            CoachingSession.moved_from,
            Client.time_zone.label("client_zone"),
            Message.user_id,
            holder.email,
            holder.name,
            holder.locale,
            holder.time_zone,
            Membership.role,
            Practice.name.label("practice_name"),
            is_off_for_staff(SESSION_BOOKED.name).label("is_off"),
            was_told(SESSION_BOOKED.name, now).label("was_told"),
        )
        .select_from(Message)
        .join(CoachingSession, and_(*its))
        .join(Client, and_(Client.practice_id == CoachingSession.practice_id, Client.id == CoachingSession.client_id))
        .join(Membership, and_(*is_member))
        .join(holder, holder.id == Membership.user_id)
        .join(Practice, Practice.id == Membership.practice_id)
        .where(*is_claimed(claims))
    )
    return {row.id: _reading(row, now) for row in db.session.execute(query).all()}


def _reading(row: Any, now: datetime) -> Reading:
    reason = _why_pointless(row, now)
    return Pointless(reason) if reason is not None else _letter(row, now)


def _why_pointless(row: Any, now: datetime) -> str | None:
    if row.role not in STAFF:
        return "no coach"
    if row.is_off:
        return "switched off"
    if row.planned_for != str(row.news_sequence) or row.user_id != row.coach_id:
        return "superseded"
    if row.starts_at <= now:
        return "over"
    return "never told" if row.status == CoachingSessionStatus.CANCELLED and not row.was_told else None


def _letter(row: Any, now: datetime) -> Letter:
    zone = zone_named(row.time_zone)
    did, booked = _did(row), booked_facts(booking_of(row.booking_id), now)
    stood_at = row.moved_from if did is ClientDid.MOVED else None
    theirs = zone_named(row.client_zone)
    differs = clocks_differ(row.starts_at, zone, theirs)
    leads_to = address_of(f"/clients/{row.client_id}/sessions/{row.coaching_session_id}")
    letter = Letter(
        to=Recipient(row.email, row.name, row.locale, zone, COACH_NIGHT),
        coach_name=None,
        reply_to=booked.booking.email,
        practice_name=row.practice_name,
        leads_to=leads_to,
        facts=ClientDidFacts(did, booked, stood_at, theirs if differs else None),
        is_pressing=cannot_wait(row.starts_at, now) or cannot_wait(stood_at, now),
    )
    return letter._replace(attachments=_files(row, letter))


def _did(row: Any) -> ClientDid:
    if row.status == CoachingSessionStatus.CANCELLED:
        return ClientDid.CANCELLED
    is_moved = row.moved_from is not None and row.changed_at == row.news_at
    return ClientDid.MOVED if is_moved and row.was_told else ClientDid.BOOKED


def _files(row: Any, letter: Letter) -> tuple[Attachment, ...]:
    found = coaching_session_of(row.client_id, row.coaching_session_id)
    with as_reader(letter.to.locale, letter.to.zone.key):
        file = session_file(found, found.client_name, letter.leads_to)
    return (Attachment(FILE_NAME, session_content_type(found), file),)


SESSION_BOOKED = Kind(
    "session_booked", is_reminder=False, plan=_plan, read=_read, is_quiet=True, to_staff=True, is_optional=True
)
