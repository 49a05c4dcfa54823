"""What a sweep does for imports: it rings again for those that nobody works on, and forgets what has lain too long."""

from uuid import UUID

import structlog
from sqlalchemy import delete, select, text, update

from coachhub.network.models import Import, ImportRow
from coachhub.network.service.imports.preview import rows_of
from coachhub.network.service.imports.records import State
from coachhub.network.service.imports.staging import SILENT_AFTER
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice

log = structlog.get_logger(__name__)
_TO_TEND = text("select practice_id, import_id from lookup.imports_to_tend(:at, :silent_since)")


def tend_imports() -> None:
    """Look after every practice's imports; one that fails does not stop the others."""
    times = {"at": clock.now(), "silent_since": clock.machine_now() - SILENT_AFTER}
    with as_visitor():
        found = db.session.execute(_TO_TEND, times).all()
    for practice_id, import_id in found:
        try:
            with as_practice(practice_id):
                _tend(import_id)
        except Exception:
            log.exception("import_not_tended", import_id=str(import_id))


def _tend(import_id: UUID) -> None:
    this = (Import.practice_id == current_practice(), Import.id == import_id)
    row = db.session.execute(select(Import.state, Import.kept_until).where(*this).with_for_update()).one_or_none()
    if row is None:
        return
    if row.kept_until is not None and row.kept_until <= clock.now():
        _forget(import_id, State(row.state))
    elif row.state == State.ADDING:
        enqueue("workers.jobs.take_import", current_practice(), import_id)
    else:
        enqueue("workers.jobs.read_import", current_practice(), import_id)


def _forget(import_id: UUID, state: State) -> None:
    """What was never taken goes as a whole; of what was, the lines that were left out."""
    this = (Import.practice_id == current_practice(), Import.id == import_id)
    if state in (State.DONE, State.UNDONE):
        db.session.execute(delete(ImportRow).where(rows_of(import_id)))
        db.session.execute(update(Import).where(*this).values(kept_until=None))
    else:
        db.session.execute(delete(Import).where(*this))
