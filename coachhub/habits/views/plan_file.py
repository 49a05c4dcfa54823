"""The calendar file of the month's plan."""

from flask.typing import ResponseReturnValue

from coachhub.habits.rules import Month
from coachhub.habits.service.plan_file import FILE_NAME, plan_file
from coachhub.habits.views.month import owner
from coachhub.habits.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.calendar_file import content_type
from coachhub.platform.guards import for_client
from coachhub.platform.web import as_download


@pages.get("/month/plan.ics")
@for_client
def plan_calendar() -> ResponseReturnValue:
    """The plan of the running month as a file for the client's own calendar."""
    mine = owner()
    return as_download(plan_file(mine, Month.local(clock.now(), mine.zone)), FILE_NAME, content_type())
