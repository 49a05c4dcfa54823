"""Taking an import back: its friends go, but for those with whom something has happened since."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_, select, update

from coachhub.network.models import Contact, Friend, Import, ImportRow, Invitation, Log, Meetup
from coachhub.network.service.changes import changed
from coachhub.network.service.imports.preview import rows_of
from coachhub.network.service.imports.records import State, mine
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db

_WATCHED_BY_NOBODY = {"synchronize_session": False}
_HAPPENINGS = {"met": (Meetup, Log), "written": (Invitation,), "in_touch": (Contact,)}


@dataclass(frozen=True)
class Undoing:
    """How many friends go, and how many stay because of what happened: one friend may stay for several reasons."""

    going: int
    staying: int
    met: int = 0
    written: int = 0
    in_touch: int = 0


def what_undoing_does(owner: Owner, import_id: UUID) -> Undoing:
    """What taking an import back would do now."""
    happened = {name: _happened(name) for name in _HAPPENINGS}
    stays = or_(*happened.values())
    counts = [func.count().filter(when) for when in (not_(stays), stays, *happened.values())]
    query = select(*counts).select_from(Friend).where(_of_import(owner, import_id))
    numbers: list[int] = list(db.session.execute(query).one())
    return Undoing(*numbers)


def undo_import(owner: Owner, import_id: UUID) -> Undoing:
    """Take an import back. Once that is done there is nothing more to do."""
    one_at_a_time(owner)
    done = (mine(owner), Import.id == import_id, Import.state == State.DONE)
    query = update(Import).where(*done).values(state=State.UNDONE, finished_at=clock.now(), kept_until=None)
    if db.session.execute(query.returning(Import.id)).scalar_one_or_none() is None:
        return Undoing(0, 0)
    outcome = what_undoing_does(owner, import_id)
    stays = or_(*(_happened(name) for name in _HAPPENINGS))
    gone = delete(Friend).where(_of_import(owner, import_id), not_(stays))
    for statement in (gone, delete(ImportRow).where(rows_of(import_id))):
        db.session.execute(statement, execution_options=_WATCHED_BY_NOBODY)
    changed(owner)
    return outcome


def _of_import(owner: Owner, import_id: UUID) -> ColumnElement[bool]:
    return and_(owned_by(owner, Friend), Friend.import_id == import_id)


def _happened(name: str) -> ColumnElement[bool]:
    return or_(
        *(
            exists().where(table.practice_id == Friend.practice_id, table.friend_id == Friend.id).correlate(Friend)
            for table in _HAPPENINGS[name]
        )
    )
