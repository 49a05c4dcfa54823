"""A time has opened for somebody who waits: told once, at once, as long as it is still free.

Where somebody else has been quicker meanwhile, nothing is sent, and the wait goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import Update, and_, exists, select, update
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import aliased

from coachhub.accounts.models import Practice, User
from coachhub.booking.models import Offering, OfferingStatus, Wait
from coachhub.booking.service.slots import is_free
from coachhub.booking.service.visitor_links import wait_address
from coachhub.booking.service.waiting import wait_on
from coachhub.platform.db import db
from coachhub.platform.links import address_of
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
    instant_words,
    is_claimed,
)
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import cannot_wait

LOST_AFTER = timedelta(days=7)
"""How long a time that was found is told of: longer than any outage."""
wished = aliased(User, name="wished")
"""The coach with whom a time is wanted; nobody where any will do."""
_FOUND = (
    Wait.practice_id == HERE,
    Wait.found_at <= NOW,
    Wait.found_at > SINCE,
    Wait.told_at.is_(None),
    Wait.ended_at.is_(None),
)


@dataclass(frozen=True)
class WaitFacts:
    """What is free, and when. `coach` is empty where any will do; `wait` is the page of the wait."""

    title: str
    coach: str
    starts_at: datetime
    wait: str


def _plan(now: datetime) -> int:
    """Plan it for each time that was found; from then on it counts as told."""
    since = now - LOST_AFTER
    added = add_messages(_adding(), now, since=since)
    db.session.connection().execute(_noting(), {"now": now, "since": since})
    return added


@cache
def _adding() -> Insert:
    about = About(Wait.id, Wait.found_at, client=Wait.client_id, day=instant_words(Wait.found_at))
    return adding(WAIT_FOUND, select(Wait).where(*_FOUND), about)


@cache
def _noting() -> Update:
    planned = aliased(Message, name="planned")
    mine = (planned.practice_id == Wait.practice_id, planned.kind == WAIT_FOUND.name, planned.subject_id == Wait.id)
    return update(Wait).where(*_FOUND, exists().where(*mine)).values(told_at=NOW)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("planned_for"),
            instant_words(Wait.found_at).label("found"),
            Wait.id.label("wait_id"),
            Wait.offering_id,
            Wait.coach_id,
            Wait.name,
            Wait.email,
            Wait.locale,
            Wait.time_zone,
            Wait.found_starts_at,
            Wait.ended_at,
            Offering.title,
            Offering.slug.label("offering_slug"),
            Offering.status.label("offering_status"),
            wished.name.label("coach_name"),
            Practice.name.label("practice_name"),
            Practice.slug.label("practice_slug"),
        )
        .select_from(Message)
        .join(Wait, and_(Wait.practice_id == Message.practice_id, Wait.id == Message.subject_id))
        .join(Offering, and_(Offering.practice_id == Wait.practice_id, Offering.id == Wait.offering_id))
        .outerjoin(wished, wished.id == Wait.coach_id)
        .join(Practice, Practice.id == Wait.practice_id)
        .where(*is_claimed(claims))
    )
    return {row.id: _reading(row, now) for row in db.session.execute(query).all()}


def _reading(row: Any, now: datetime) -> Reading:
    if row.ended_at is not None:
        return Pointless("ended waiting")
    if row.planned_for != row.found or row.offering_status != OfferingStatus.OPEN:
        return Pointless("superseded")
    if not is_free(row.offering_id, row.found_starts_at, now, row.coach_id):
        wait_on(row.wait_id)
        return Pointless("taken")
    return _letter(row, now)


def _letter(row: Any, now: datetime) -> Letter:
    facts = WaitFacts(row.title, row.coach_name or "", row.found_starts_at, wait_address(row.wait_id))
    return Letter(
        to=Recipient(row.email, row.name, row.locale, zone_named(row.time_zone)),
        coach_name=None,
        reply_to=None,
        practice_name=row.practice_name,
        leads_to=_slot(row),
        facts=facts,
        is_pressing=cannot_wait(row.found_starts_at, now),
    )


def _slot(row: Any) -> str:
    """The time itself in the booker, by the clock of whoever waits."""
    asked = {"at": f"{row.found_starts_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}", "zone": row.time_zone}
    asked |= {"coach": str(row.coach_id)} if row.coach_id else {}
    return address_of(f"/p/{row.practice_slug}/{row.offering_slug}?{urlencode(asked)}")


WAIT_FOUND = Kind("wait_found", is_reminder=False, plan=_plan, read=_read, is_quiet=True)
