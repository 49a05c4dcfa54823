"""Day 8 of the client's month, 09:00, nobody chosen: who would you enjoy seeing?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import Insert

from coachhub.habits.rules import Stage
from coachhub.network.service.suggestions import Suggestion, three_for
from coachhub.platform.db import db
from coachhub.platform.language import month_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.days import months_due, plan_days
from coachhub.reminders.kinds.kind import Claim, Kind, Pointless, Reading, Script, Texts
from coachhub.reminders.kinds.months import (
    NOBODY_CHOSEN,
    adding_months,
    owner_in,
    select_months,
    why_gone_further,
    why_not,
)
from coachhub.reminders.kinds.parties import letter_to_client
from coachhub.reminders.kinds.parts import friend_items, sample_friends
from coachhub.reminders.rules import Part, choose_friend_due


@dataclass(frozen=True)
class ChooseFriendFacts:
    """The month (its first day), and up to three friends."""

    month: date
    friends: Sequence[Suggestion]

    def fields(self) -> dict[str, Part]:
        """The month by its name, and whom they might see."""
        return {"month": month_words(self.month), "friends": friend_items(self.friends)}


def _texts() -> Texts:
    lines = (
        _("There is an hour in {month} for somebody you liked working with."),
        _("Perhaps one of these names makes you smile:"),
        "{friends}",
        _("Choosing takes a minute, and you may change your mind."),
    )
    return Texts(_("Who would you enjoy seeing?"), "\n\n".join(lines), _("Choose somebody"))


def _sample() -> dict[str, Part]:
    return {"month": month_words(date(2026, 3, 1)), "friends": sample_friends()}


def plan_choose_friend(now: datetime) -> int:
    """Plan it for every active client whose month runs and is below "chosen"."""
    return plan_days(_adding, months_due(choose_friend_due, now), now)


@cache
def _adding() -> Insert:
    return adding_months(CHOOSE_FRIEND, NOBODY_CHOSEN)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    rows = db.session.execute(select_months(CHOOSE_FRIEND, claims)).all()
    reasons = {row.id: why_not(row, now) or why_gone_further(row, Stage.CHOSEN) for row in rows}
    found = three_for([owner_in(row) for row in rows if reasons[row.id] is None], now)
    return {row.id: _reading(row, reasons[row.id], found.get(row.client_id, ())) for row in rows}


def _reading(row: Any, reason: str | None, found: Sequence[Suggestion]) -> Reading:
    if reason is not None:
        return Pointless(reason)
    return letter_to_client(row, address_of("/month?ask=choose"), ChooseFriendFacts(row.month, found))


CHOOSE_FRIEND = Kind(
    "choose_friend", is_reminder=True, plan=plan_choose_friend, read=_read, script=Script(_texts, _sample)
)
