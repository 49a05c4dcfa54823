"""Switching kinds of reminders off and on again: a client those to clients, a coach those to staff."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.models import CoachSwitch, ReminderRule, ReminderSwitch


@dataclass(frozen=True)
class Reader:
    """Whose switches are meant: a client's by the client's id, an owner's or a coach's by the user's."""

    id: UUID
    is_staff: bool = False


def kinds_to(*, staff: bool) -> tuple[str, ...]:
    """The kinds that a client (or a coach) may switch off."""
    return tuple(kind.name for kind in KINDS.values() if kind.has_switch and kind.to_staff is staff)


def kinds_on_offer(*, staff: bool) -> tuple[str, ...]:
    """Those of `kinds_to` that the running practice sends at all."""
    ruled_out = (ReminderRule.practice_id == current_practice(), ReminderRule.is_off)
    off = set(db.session.scalars(select(ReminderRule.kind).where(*ruled_out)))
    return tuple(name for name in kinds_to(staff=staff) if name not in off)


def switched_off(reader: Reader) -> frozenset[str]:
    """The kinds of reminders that somebody does not want."""
    table, column = (
        (CoachSwitch, CoachSwitch.user_id) if reader.is_staff else (ReminderSwitch, ReminderSwitch.client_id)
    )
    mine = (table.practice_id == current_practice(), column == reader.id, table.is_off)
    return frozenset(db.session.scalars(select(table.kind).where(*mine)))


def want_only(reader: Reader, wanted: Collection[str], among: Collection[str]) -> None:
    """Of the kinds `among` which was chosen, switch these on and the others off.

    Only what changes is written: what is switched on again sends nothing of the past, and what was on goes on.
    """
    changed = (set(among) - set(wanted)) ^ (switched_off(reader) & set(among))
    if not changed:
        return
    whose = "user_id" if reader.is_staff else "client_id"
    own = {"practice_id": current_practice(), whose: reader.id, "changed_at": clock.now()}
    table = CoachSwitch if reader.is_staff else ReminderSwitch
    written = insert(table).values([own | {"kind": it, "is_off": it not in wanted} for it in sorted(changed)])
    new = {"is_off": written.excluded.is_off, "changed_at": written.excluded.changed_at}
    is_new = table.is_off != written.excluded.is_off
    keys = ["practice_id", whose, "kind"]
    db.session.execute(written.on_conflict_do_update(index_elements=keys, set_=new, where=is_new))


def stop_all(reader: Reader) -> None:
    """Switch every kind off that goes to this reader, whether or not the practice sends it now."""
    want_only(reader, (), kinds_to(staff=reader.is_staff))
