"""The reminder of a new month: on its first working day, 09:00 by the client's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_
from sqlalchemy.dialects.postgresql import Insert

from coachhub.habits.models import Assignment, Plan
from coachhub.network.service.suggestions import Suggestion, three_for
from coachhub.platform.db import db
from coachhub.platform.language import month_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.days import months_due, plan_days
from coachhub.reminders.kinds.kind import Claim, Kind, Pointless, Reading, Script, Texts
from coachhub.reminders.kinds.months import OF_MONTH, adding_months, owner_in, select_months, why_not
from coachhub.reminders.kinds.parties import letter_to_client
from coachhub.reminders.kinds.parts import friend_items, plan_quote, sample_friends
from coachhub.reminders.rules import Part, new_month_due


@dataclass(frozen=True)
class NewMonthFacts:
    """The month (its first day), the client's plan where it is made already (`at` in UTC), and up to three friends."""

    month: date
    at: datetime | None
    doing: str
    place: str
    friends: Sequence[Suggestion]

    def fields(self) -> dict[str, Part]:
        """The month by its name, the plan in the client's words, and whom they might see."""
        return {
            "month": month_words(self.month),
            "plan": plan_quote(self.at, self.doing, self.place),
            "friends": friend_items(self.friends),
        }


def _texts() -> Texts:
    lines = (
        _("A new month, a new hour with somebody you liked working with."),
        _("You have a plan for it already:"),
        "{plan}",
        _("Somebody who would be glad to hear from you:"),
        "{friends}",
    )
    return Texts(_("{month}: with whom would you like an hour?"), "\n\n".join(lines), _("Open my month"))


def _sample() -> dict[str, Part]:
    at = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)
    plan = plan_quote(at, _("write to %(name)s", name="Robin"), _("at my desk"))
    return {"month": month_words(at.date()), "plan": plan, "friends": sample_friends()}


def plan_new_month(now: datetime) -> int:
    """Plan it for every active client with a habit in the running month that neither rests nor is done."""
    return plan_days(_adding, months_due(new_month_due, now), now)


@cache
def _adding() -> Insert:
    return adding_months(NEW_MONTH)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    its_plan = (Plan.practice_id == Assignment.practice_id, Plan.assignment_id == Assignment.id, Plan.month == OF_MONTH)
    query = select_months(NEW_MONTH, claims).outerjoin(Plan, and_(*its_plan))
    rows = db.session.execute(query.add_columns(Plan.at, Plan.doing, Plan.place)).all()
    pointless = {row.id: reason for row in rows if (reason := why_not(row, now)) is not None}
    found = three_for([owner_in(row) for row in rows if row.id not in pointless], now)
    return {
        row.id: Pointless(pointless[row.id]) if row.id in pointless else _letter(row, found[row.client_id])
        for row in rows
    }


def _letter(row: Any, found: Sequence[Suggestion]) -> Reading:
    facts = NewMonthFacts(row.month, row.at, row.doing or "", row.place or "", found)
    return letter_to_client(row, address_of("/month"), facts)


NEW_MONTH = Kind("new_month", is_reminder=True, plan=plan_new_month, read=_read, script=Script(_texts, _sample))
