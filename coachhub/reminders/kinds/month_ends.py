"""Five days before the client's month ends, 09:00, nothing agreed: a 15-minute call counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.dialects.postgresql import Insert

from coachhub.habits.rules import Stage, days_left
from coachhub.network.service.names import first_name
from coachhub.platform.db import db
from coachhub.platform.language import month_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.days import months_due, plan_days
from coachhub.reminders.kinds.kind import Claim, Kind, Pointless, Reading, Script, Texts
from coachhub.reminders.kinds.months import (
    NOTHING_AGREED,
    adding_months,
    select_months,
    why_gone_further,
    why_not,
    with_choice,
)
from coachhub.reminders.kinds.parties import letter_to_client
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.rules import Part, month_ends_due


@dataclass(frozen=True)
class MonthEndsFacts:
    """The month (its first day), its days that are left, today counted, and who is chosen, where somebody is."""

    month: date
    days_left: int
    friend: str | None

    def fields(self) -> dict[str, Part]:
        """The month by its name, the days as "5 days", and the friend by name."""
        return {
            "month": month_words(self.month),
            "left": ngettext("%(num)s day", "%(num)s days", self.days_left),
            "friend": self.friend or "",
            "first_name": first_name(self.friend) if self.friend else "",
        }


def _texts() -> Texts:
    lines = (
        _("A short call is a meetup, too: a quarter of an hour with somebody you like, and {month} counts."),
        _("You thought of {friend}. Perhaps {first_name} has fifteen minutes this week?"),
        _("And if not this month, the next one begins afresh."),
    )
    return Texts(_("{left} of {month} left: a 15-minute call counts"), "\n\n".join(lines), _("Find fifteen minutes"))


def _sample() -> dict[str, Part]:
    return MonthEndsFacts(date(2026, 3, 1), 5, "Robin Example").fields()


def plan_month_ends(now: datetime) -> int:
    """Plan it for every active client whose month runs and is below "agreed"."""
    return plan_days(_adding, months_due(month_ends_due, now), now)


@cache
def _adding() -> Insert:
    return adding_months(MONTH_ENDS, NOTHING_AGREED)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    rows = db.session.execute(with_choice(select_months(MONTH_ENDS, claims)))
    return {row.id: _reading(row, now) for row in rows}


def _reading(row: Any, now: datetime) -> Reading:
    reason = why_not(row, now) or why_gone_further(row, Stage.AGREED)
    if reason is not None:
        return Pointless(reason)
    facts = MonthEndsFacts(row.month, days_left(now, zone_named(row.time_zone)), row.friend_name)
    return letter_to_client(row, address_of("/month"), facts)


MONTH_ENDS = Kind("month_ends", is_reminder=True, plan=plan_month_ends, read=_read, script=Script(_texts, _sample))
