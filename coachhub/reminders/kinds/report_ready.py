"""A report is there for its client to read: told once, when the coach sends it or it is made by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.clients.models import Client, ClientStatus
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import (
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    Script,
    Texts,
    add_messages,
    adding,
    instant_words,
    read_claimed,
)
from coachhub.reminders.kinds.parties import PARTIES, is_switched_off, join_parties, letter_to_client
from coachhub.reminders.models import Message, ReportLetter
from coachhub.reminders.phrases import report_title
from coachhub.reminders.rules import Part

LOST_AFTER = timedelta(days=30)
"""How long a report is looked for that nobody was told of: longer than any outage."""
_READS = (ClientStatus.ACTIVE, ClientStatus.PAUSED)


@dataclass(frozen=True)
class ReportFacts:
    """Whom it greets, whose report it is, and which one."""

    name: str
    coach: str
    kind: str
    session_at: datetime | None
    first_month: date | None
    last_month: date | None

    def fields(self) -> dict[str, Part]:
        """The reader's first name, the coach's name, and what the report is called."""
        return {
            "name": self.name,
            "coach": self.coach,
            "report": report_title(self.kind, self.session_at, self.first_month, self.last_month),
        }


def _texts() -> Texts:
    lines = (_("There is something for you to read: {report}."), _("It stays in your portal."), "{coach}")
    return Texts(_("{report}"), "\n\n".join(lines), _("Open the report"))


def _sample() -> dict[str, Part]:
    month = date(2026, 3, 1)
    return ReportFacts("Robin", "Maria Muster", "progress", None, month, month).fields()


def _plan(now: datetime) -> int:
    return add_messages(_adding(), now, since=now - LOST_AFTER)


@cache
def _adding() -> Insert:
    rows = (
        select()
        .select_from(ReportLetter)
        .join(Client, and_(Client.practice_id == ReportLetter.practice_id, Client.id == ReportLetter.client_id))
        .where(
            ReportLetter.practice_id == HERE,
            ReportLetter.told_at <= NOW,
            ReportLetter.told_at > SINCE,
        )
    )
    day = instant_words(ReportLetter.told_at)
    about = About(ReportLetter.report_id, ReportLetter.told_at, user=Client.user_id, client=Client.id, day=day)
    return adding(REPORT_READY, rows, about)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    its = and_(ReportLetter.practice_id == Message.practice_id, ReportLetter.report_id == Message.subject_id)
    query = (
        select(
            Message.id,
            ReportLetter.report_id,
            ReportLetter.kind,
            ReportLetter.session_at,
            ReportLetter.first_month,
            ReportLetter.last_month,
            is_switched_off(REPORT_READY.name).label("is_off"),
            *PARTIES,
        )
        .select_from(Message)
        .join(ReportLetter, its)
    )
    query = join_parties(query, ReportLetter.client_id, ReportLetter.practice_id)
    return {row.id: _reading(row) for row in read_claimed(query, claims)}


def _reading(row: Any) -> Reading:
    """Whoever has not started cannot sign in yet; the report waits for them in the portal."""
    if row.status not in _READS:
        return Pointless(str(row.status))
    if row.is_off:
        return Pointless("switched off")
    letter = letter_to_client(row, address_of(f"/sessions/reports/{row.report_id}"), None)
    which = (row.kind, row.session_at, row.first_month, row.last_month)
    return letter._replace(facts=ReportFacts(letter.to.greeting_name, row.coach_name, *which))


REPORT_READY = Kind(
    "report_ready", is_reminder=False, plan=_plan, read=_read, is_quiet=True, script=Script(_texts, _sample)
)
