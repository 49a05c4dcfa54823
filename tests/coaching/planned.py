"""Ana plans a session with Ben, as her pages do it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from coachhub.coaching.service.entries import SessionEntry
from coachhub.coaching.service.planning import cancel_session, change_session, plan_session
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person

IN_A_WEEK = NOW + timedelta(days=7)


def an_entry(cast: Cast, starts_at: datetime = IN_A_WEEK, **more: Any) -> SessionEntry:
    """An hour with Ana at a link, with something to talk about."""
    said = {"minutes": 60, "place": "https://meet.example/ana", "agenda": "Whom to write to next"}
    return SessionEntry(**{"coach_id": cast.ana.user_id, "starts_at": starts_at, **said, **more})


def planned(cast: Cast, starts_at: datetime = IN_A_WEEK, client: Person | None = None, **more: Any) -> UUID:
    """Plan a session with Ben, or with the client named; its id."""
    who = client or cast.ben
    assert who.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        return plan_session(who.client_id, an_entry(cast, starts_at, **more))


def change(cast: Cast, planned_id: UUID, starts_at: datetime = IN_A_WEEK, **more: Any) -> None:
    """Change what is planned with Ben."""
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        change_session(cast.ben.client_id, planned_id, an_entry(cast, starts_at, **more))


def cancel(cast: Cast, planned_id: UUID) -> None:
    """Cancel what is planned with Ben."""
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        cancel_session(cast.ben.client_id, planned_id)
