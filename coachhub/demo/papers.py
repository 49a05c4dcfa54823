"""Reports of the demo: asked for and not made yet, so that its workers have something to do when it starts."""

import random
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.demo import people
from coachhub.demo.sessions import Coached
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import new_id
from coachhub.habits.rules import Month
from coachhub.reports.models import Report, ReportBatch, ReportKind, ReportWish

_PORTAL = 0
"""The number of the client whose portal is shown: a report of the last quarter goes to them, and one each month."""
_MONTHS = 3


def write_reports(
    sheets: Sheets, chance: random.Random, now: datetime, practice_id: UUID, owner_id: UUID, clients: Sequence[Coached]
) -> None:
    """One for the portal, one of each month by itself, and those of last month for all of the owner's clients."""
    last = Month.local(now, ZoneInfo(people.PRACTICE[2])).previous()
    asked = {"practice_id": practice_id, "asked_by": owner_id, "asked_at": now}
    month = {"kind": ReportKind.PROGRESS.value, "first_month": last.first_day(), "last_month": last.first_day()}
    own = [each for each in clients if each.who.coach_id == owner_id]
    batch_id = new_id(chance)
    sheets.add(ReportBatch, id=batch_id, coach_id=owner_id, sends=False, total=len(own), **month, **asked)
    for each in own:
        _report(sheets, chance, each, batch_id=batch_id, sends=False, **month, **asked)
    for each in clients:
        if each.number == _PORTAL:
            quarter = {**month, "first_month": last.plus(1 - _MONTHS).first_day()}
            _report(sheets, chance, each, batch_id=None, sends=True, **quarter, **asked)
            wished = {"kind": ReportKind.PROGRESS.value, "since": last.next().first_day()}
            sheets.add(ReportWish, client_id=each.who.client_id, **wished, **asked)


def _report(sheets: Sheets, chance: random.Random, each: Coached, **columns: object) -> None:
    sheets.add(Report, id=new_id(chance), client_id=each.who.client_id, **columns)
