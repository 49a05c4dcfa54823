"""Notes of coaching sessions as they are read. The database shows each by its level: to its author alone, to those who
work in the practice, or to these and the client; to a worker only what the client reads.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from coachhub.accounts.models import User
from coachhub.coaching.models import NoteLevel, SessionNote
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as it was saved last, in Markdown."""

    id: UUID
    session_id: UUID
    author_id: UUID
    author_name: str
    level: NoteLevel
    text: str
    version: int
    changed_at: datetime


def shared_notes(session_id: UUID) -> tuple[NoteRow, ...]:
    """What the client reads of a coaching session, too, the note begun first at the top; empty ones are left out."""
    return _notes(SessionNote.session_id == session_id, SessionNote.level == NoteLevel.CLIENT, SessionNote.text != "")


def notes_of(session_id: UUID) -> tuple[NoteRow, ...]:
    """What the person may read of a coaching session, whoever wrote it and at any level; empty notes are left out."""
    return _notes(SessionNote.session_id == session_id, SessionNote.text != "")


def sessions_with_notes(client_id: UUID) -> frozenset[UUID]:
    """The sessions of a client of which there are notes that the client reads."""
    shared = (SessionNote.client_id == client_id, SessionNote.level == NoteLevel.CLIENT, SessionNote.text != "")
    ids = select(SessionNote.session_id).where(SessionNote.practice_id == current_practice(), *shared)
    return frozenset(db.session.scalars(ids))


def _notes(*wanted: ColumnElement[bool]) -> tuple[NoteRow, ...]:
    rows = db.session.execute(
        select(
            SessionNote.id,
            SessionNote.session_id,
            SessionNote.author_id,
            User.name.label("author_name"),
            SessionNote.level,
            SessionNote.text,
            SessionNote.version,
            SessionNote.changed_at,
        )
        .join(User, User.id == SessionNote.author_id)
        .where(SessionNote.practice_id == current_practice(), *wanted)
        .order_by(SessionNote.created_at, SessionNote.id)
    )
    return tuple(_row(row._mapping) for row in rows)


def _row(found: Any) -> NoteRow:
    return NoteRow(**{**found, "level": NoteLevel(found["level"])})
