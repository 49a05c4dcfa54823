"""Switching kinds of reminders off and on again."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.models import ReminderSwitch

REMINDERS = frozenset(kind.name for kind in KINDS.values() if kind.is_reminder and not kind.to_staff)


def switched_off(client_id: UUID) -> frozenset[str]:
    """The kinds of reminders that a client does not want."""
    mine = (ReminderSwitch.practice_id == current_practice(), ReminderSwitch.client_id == client_id)
    return frozenset(db.session.scalars(select(ReminderSwitch.kind).where(*mine, ReminderSwitch.is_off)))


def want_only(client_id: UUID, wanted: frozenset[str]) -> None:
    """Switch these kinds on and all others off. What is switched on again sends nothing of the past."""
    changed = (REMINDERS - wanted) ^ switched_off(client_id)
    if not changed:
        return
    own = {"practice_id": current_practice(), "client_id": client_id, "changed_at": clock.now()}
    written = insert(ReminderSwitch).values([own | {"kind": it, "is_off": it not in wanted} for it in sorted(changed)])
    new = {"is_off": written.excluded.is_off, "changed_at": written.excluded.changed_at}
    key = ["practice_id", "client_id", "kind"]
    db.session.execute(written.on_conflict_do_update(index_elements=key, set_=new))
