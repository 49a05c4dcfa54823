"""The habit of a client who has just started: nobody begins with an empty page."""

from zoneinfo import ZoneInfo

from coachhub.clients.service.accepting import Started
from coachhub.clients.service.records import client_of
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import assign_habit, assignments_of
from coachhub.habits.service.habits import ensure_default_habit
from coachhub.platform import clock


def begin_default_habit(started: Started) -> None:
    """Give a client who has no habit the practice's default one, from the running month of their own zone.

    One that the coach has given already, for now or for later, stays.
    """
    if any(row.ended_from is None for row in assignments_of(started.client_id)):
        return
    zone = ZoneInfo(client_of(started.client_id).time_zone)
    assign_habit([started.client_id], ensure_default_habit(), Month.local(clock.now(), zone))
