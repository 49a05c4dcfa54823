"""The habit of a client, beside a session with them."""

from dataclasses import dataclass
from uuid import UUID

from coachhub.clients.service.records import ClientRow, client_of
from coachhub.habits.forms import months_ahead
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import AssignmentRow, assignments_of
from coachhub.habits.service.habits import HabitRow, list_habits
from coachhub.platform import clock
from coachhub.platform.identity import signed_in_as


@dataclass(frozen=True)
class ClientHabit:
    """What the card of the habit shows: months are those of the coach's calendar."""

    client: ClientRow
    assignments: list[AssignmentRow]
    habits: list[HabitRow]
    months: list[Month]


def habit_of_client(client_id: UUID) -> ClientHabit:
    """The habit of a client, and those that they may be given. Raises NotFound."""
    months = months_ahead(Month.local(clock.now(), signed_in_as().zone))
    return ClientHabit(client_of(client_id), assignments_of(client_id), list_habits(), months)
