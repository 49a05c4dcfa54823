"""Imports as their pages show them: which there are, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select

from coachhub.network.models import Import
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice

_LISTED = 20


class State(StrEnum):
    """Where an import stands."""

    WAITING = "waiting"
    READING = "reading"
    COLUMNS = "columns"
    PREVIEW = "preview"
    ADDING = "adding"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


OPEN = (State.WAITING, State.READING, State.COLUMNS, State.PREVIEW, State.ADDING)
"""The states in which a file or its people lie here and wait for the client or for a worker."""


@dataclass(frozen=True)
class ImportEntry:
    """One import. `size` and `done` are bytes; `details` is read by whoever wrote it; instants are UTC."""

    id: UUID
    file_name: str
    source: str
    state: State
    error: str
    size: int
    done: int
    added: int
    details: Mapping[str, Any]
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has something to do before the client has."""
        return self.state in (State.WAITING, State.READING, State.ADDING)


_COLUMNS = (
    Import.id,
    Import.file_name,
    Import.source,
    Import.state,
    Import.error,
    Import.size,
    Import.done,
    Import.added,
    Import.details,
    Import.created_at,
    Import.finished_at,
)


def mine(owner: Owner) -> ColumnElement[bool]:
    """Whether an import is this owner's."""
    return and_(Import.practice_id == current_practice(), Import.client_id == owner.client_id)


def import_of(owner: Owner, import_id: UUID) -> ImportEntry:
    """One import. Raises NotFound: there is none, or it is somebody else's."""
    row = db.session.execute(select(*_COLUMNS).where(mine(owner), Import.id == import_id)).one_or_none()
    if row is None:
        raise NotFound
    return _entry(*row)


def imports_of(owner: Owner) -> list[ImportEntry]:
    """The owner's latest imports, newest first."""
    query = select(*_COLUMNS).where(mine(owner)).order_by(Import.created_at.desc(), Import.id.desc()).limit(_LISTED)
    return [_entry(*row) for row in db.session.execute(query)]


def discard_import(owner: Owner, import_id: UUID) -> None:
    """Forget a file that was not taken, with its people. Once forgotten, or taken, there is nothing to do."""
    one_at_a_time(owner)
    still_open = Import.state.in_([state for state in (*OPEN, State.FAILED) if state is not State.ADDING])
    db.session.execute(delete(Import).where(mine(owner), Import.id == import_id, still_open))


def _entry(*columns: Any) -> ImportEntry:
    import_id, file_name, source, state, *more = columns
    return ImportEntry(import_id, file_name, source, State(state), *more)
