"""The months in which a client rested: they become paused months of their habit."""

from zoneinfo import ZoneInfo

from sqlalchemy import select

from coachhub.clients.service.records import client_of
from coachhub.clients.service.standing import Back
from coachhub.habits.models import Cycle
from coachhub.habits.rules import Month, is_done
from coachhub.habits.service.assignments import AssignmentRow, assignments_of, pause_month
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def let_months_rest(back: Back) -> None:
    """Pause every month from the one in which the rest began to the one before this; a month done stays done."""
    zone = ZoneInfo(client_of(back.client_id).time_zone)
    month, running = Month.local(back.since, zone), Month.local(clock.now(), zone)
    rows = assignments_of(back.client_id)
    while month < running:
        for row in rows:
            if row.covers(month) and not _was_done(row, month):
                pause_month(row.id, month)
        month = month.next()


def _was_done(row: AssignmentRow, month: Month) -> bool:
    its = select(Cycle.held).where(Cycle.practice_id == current_practice(), Cycle.assignment_id == row.id)
    return is_done(db.session.scalar(its.where(Cycle.month == month.first_day())) or 0, row.target)
