"""The month's plan as a calendar file, so that it lands where the client looks."""

from datetime import timedelta

from coachhub.habits.rules import Month
from coachhub.habits.service.steps import plan_of
from coachhub.network.service.owner import Owner
from coachhub.platform import clock
from coachhub.platform.calendar_file import CalendarEvent, calendar_file
from coachhub.platform.errors import NotFound
from coachhub.platform.links import address_of
from coachhub.platform.local_time import start_of_day

FILE_NAME = "plan.ics"
MINUTES = 15
"""How long the plan takes in the calendar: choosing, writing and sending are made to take less."""


def plan_file(owner: Owner, month: Month) -> bytes:
    """The plan of a month in the client's own words, telling them when its time has come. Raises NotFound without one.

    A plan counts no changes. So the seconds since its month began are the file's number: each file is newer than
    every one before, and a changed plan moves in the calendar.
    """
    plan = plan_of(owner, month)
    if plan is None:
        raise NotFound
    begins = start_of_day(month.first_day(), owner.zone)
    address = address_of("/month")
    return calendar_file(
        CalendarEvent(
            name=f"plan-{owner.client_id}-{month}",
            sequence=max(0, int((clock.now() - begins).total_seconds())),
            starts_at=plan.at,
            minutes=MINUTES,
            title=plan.doing,
            place=plan.place,
            words=address,
            address=address,
            is_busy=False,
            alert=timedelta(0),
        )
    )
