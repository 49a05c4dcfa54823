"""Actions that Ana agrees on with Ben, as her pages do it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from coachhub.coaching.models import Party
from coachhub.coaching.service.acting import ActionEntry, Agreed, agree_action
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import Person


def agreed(cast: Cast, text: str = "Call Eva", due_on: date | None = None, **more: Any) -> UUID:
    """Ben, or another client, is to do something, in a session where one is named; the action's id."""
    action_id, client = uuid4(), more.get("client", cast.ben)
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        entry = ActionEntry(more.get("owner", Party.CLIENT), text, due_on)
        where = Agreed(client.client_id, cast.ana.user_id, more.get("session_id"))
        agree_action(action_id, where, entry, cast.ana.user_id)
    return action_id


def tick(cast: Cast, person: Person, action_id: UUID) -> int:
    """Ben ticks it in the portal, or Ana on her page; the status of the answer."""
    of_client = f"/clients/{cast.ben.client_id}" if person == cast.ana else ""
    return cast.browser(person).post(f"{of_client}/actions/{action_id}/done").status_code
