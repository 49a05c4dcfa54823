"""Agreeing on actions, changing them, and saying what became of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.coaching.models import Action, Party
from coachhub.coaching.service.actions import ActionRow, action_of
from coachhub.coaching.service.reading import coaching_session_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class ActionEntry:
    """Who is to do what, until which local day of the client's."""

    owner: Party
    text: str
    due_on: date | None


@dataclass(frozen=True)
class Agreed:
    """Where an action was agreed: with whom, by which coach, and in which coaching session, if in one."""

    client_id: UUID
    coach_id: UUID
    session_id: UUID | None = None


def agree_action(action_id: UUID, agreed: Agreed, entry: ActionEntry, by: UUID) -> None:
    """Write an action down. `action_id` is what the form was made with: sent twice, it is one action.

    Raises NotFound where the session is not one with this client.
    """
    coach_id = agreed.coach_id
    if agreed.session_id is not None:
        coach_id = coaching_session_of(agreed.client_id, agreed.session_id).coach_id
    now = clock.now()
    made = insert(Action).values(
        practice_id=current_practice(),
        id=action_id,
        client_id=agreed.client_id,
        session_id=agreed.session_id,
        coach_id=coach_id,
        owner=entry.owner.value,
        text=entry.text,
        due_on=entry.due_on,
        created_at=now,
        created_by=by,
        changed_at=now,
    )
    db.session.execute(made.on_conflict_do_nothing(index_elements=["practice_id", "id"]))


def change_action(client_id: UUID, action_id: UUID, entry: ActionEntry) -> None:
    """Say it in other words, or for another day or person. Raises NotFound, and Refused once it is done or dropped."""
    found = action_of(client_id, action_id)
    if not found.is_open:
        raise Refused(409, _("This is done or dropped. Take it up again first."))
    values: dict[str, object] = {"owner": entry.owner.value, "text": entry.text, "due_on": entry.due_on}
    if entry.due_on != found.due_on:
        values["changed_at"] = clock.now()
    _write(found, Action.done_at.is_(None), Action.dropped_at.is_(None), **values)


def tick_action(client_id: UUID, action_id: UUID, by: Party) -> ActionRow:
    """It is done. A second click changes nothing. Returns it as it was.

    Raises NotFound, and Refused where it was dropped, or for a client where it is for the coach to do.
    """
    found = _for(by, client_id, action_id)
    if found.dropped_at is not None:
        raise Refused(409, _("This was dropped. Take it up again first."))
    _write(found, Action.done_at.is_(None), Action.dropped_at.is_(None), done_at=clock.now(), done_by=by.value)
    return found


def take_up_action(client_id: UUID, action_id: UUID, by: Party) -> ActionRow:
    """It is not done after all, or not dropped. A second click changes nothing. Returns it as it was.

    Raises NotFound, and Refused for a client where it was dropped or is for the coach to do.
    """
    found = _for(by, client_id, action_id)
    if by is Party.CLIENT and found.dropped_at is not None:
        raise Refused(409, _("This was dropped. Your coach can take it up again."))
    opened = {"done_at": None, "done_by": None, "dropped_at": None, "changed_at": clock.now()}
    _write(found, Action.done_at.is_not(None) | Action.dropped_at.is_not(None), **opened)
    return found


def drop_action(client_id: UUID, action_id: UUID) -> ActionRow:
    """It does not matter any more. A second click changes nothing. Returns it as it was.

    Raises NotFound, and Refused where it is done.
    """
    found = action_of(client_id, action_id)
    if found.done_at is not None:
        raise Refused(409, _("This is done already."))
    _write(found, Action.done_at.is_(None), Action.dropped_at.is_(None), dropped_at=clock.now())
    return found


def _for(by: Party, client_id: UUID, action_id: UUID) -> ActionRow:
    """The action, where this side may say what became of it. A client's own alone; the coach's, both sides'."""
    found = action_of(client_id, action_id)
    if by is Party.CLIENT and found.owner is not Party.CLIENT:
        raise Refused(409, _("This is for %(name)s to do.", name=found.coach_name))
    return found


def _write(found: ActionRow, *still: ColumnElement[bool], **values: object) -> None:
    """Only where it still stands as it was read: of two clicks the first one counts."""
    this = (Action.practice_id == current_practice(), Action.id == found.id)
    db.session.execute(update(Action).where(*this, *still).values(**values))
