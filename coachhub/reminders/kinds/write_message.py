"""Day 15 of the client's month, 09:00, a friend chosen and not written to: your message is written, send it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import Insert

from coachhub.habits.rules import Stage
from coachhub.network.service.names import first_name
from coachhub.platform.db import db
from coachhub.platform.language import month_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.days import months_due, plan_days
from coachhub.reminders.kinds.kind import Claim, Kind, Pointless, Reading, Script, Texts
from coachhub.reminders.kinds.months import (
    NOT_INVITED,
    adding_months,
    has_choice,
    select_months,
    why_gone_further,
    why_not,
    with_choice,
)
from coachhub.reminders.kinds.parties import letter_to_client
from coachhub.reminders.rules import Part, write_message_due


@dataclass(frozen=True)
class WriteMessageFacts:
    """The month (its first day), and the friend who is chosen for it."""

    month: date
    friend: str

    def fields(self) -> dict[str, Part]:
        """The month by its name, and the friend by theirs."""
        return {"month": month_words(self.month), "friend": self.friend, "first_name": first_name(self.friend)}


def _texts() -> Texts:
    lines = (
        _("You chose {friend} for {month}, and your message is written already."),
        _("Read it, change what you like, send it. Two minutes, and the hardest step is behind you."),
    )
    return Texts(_("Your message to {first_name} is written: send it?"), "\n\n".join(lines), _("Read it and send it"))


def _sample() -> dict[str, Part]:
    return WriteMessageFacts(date(2026, 3, 1), "Robin Example").fields()


def plan_write_message(now: datetime) -> int:
    """Plan it for every active client with somebody chosen for the month, below "invited"."""
    return plan_days(_adding, months_due(write_message_due, now), now)


@cache
def _adding() -> Insert:
    return adding_months(WRITE_MESSAGE, NOT_INVITED, has_choice())


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    rows = db.session.execute(with_choice(select_months(WRITE_MESSAGE, claims)))
    return {row.id: _reading(row, now) for row in rows}


def _reading(row: Any, now: datetime) -> Reading:
    reason = why_not(row, now) or why_gone_further(row, Stage.INVITED)
    if reason is None and row.friend_name is None:
        reason = "nobody chosen"
    if reason is not None:
        return Pointless(reason)
    return letter_to_client(row, address_of("/month?ask=write"), WriteMessageFacts(row.month, row.friend_name))


WRITE_MESSAGE = Kind(
    "write_message", is_reminder=True, plan=plan_write_message, read=_read, script=Script(_texts, _sample)
)
