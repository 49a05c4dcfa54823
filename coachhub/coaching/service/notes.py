"""Notes of coaching sessions as they are read. The database shows each by its level: to its author alone, to those who
work in the practice, or to these and the client; to a worker only what the client reads.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from coachhub.accounts.models import User
from coachhub.coaching.models import CoachingSession, NoteLevel, SessionNote
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

A_PAGE = 20


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


@dataclass(frozen=True, slots=True)
class SessionNoted:
    """A session, and the notes of it."""

    id: UUID
    starts_at: datetime
    notes: tuple[NoteRow, ...]


@dataclass(frozen=True, slots=True)
class SessionsNoted:
    """A page of them."""

    sessions: tuple[SessionNoted, ...]
    has_more: bool


def shared_notes(session_id: UUID) -> tuple[NoteRow, ...]:
    """What the client reads of a coaching session, too, the note begun first at the top; empty ones are left out."""
    return _notes(SessionNote.session_id == session_id, SessionNote.level == NoteLevel.CLIENT, SessionNote.text != "")


def notes_of(session_id: UUID) -> tuple[NoteRow, ...]:
    """What the person may read of a coaching session, whoever wrote it and at any level; empty notes are left out."""
    return _notes(SessionNote.session_id == session_id, SessionNote.text != "")


def notes_with_client(client_id: UUID, page: int = 1) -> SessionsNoted:
    """The sessions of a client of which the person may read notes, the newest first, with these notes."""
    noted = exists().where(_its_session(), SessionNote.text != "")
    mine = (CoachingSession.practice_id == current_practice(), CoachingSession.client_id == client_id)
    newest = select(CoachingSession.id, CoachingSession.starts_at).where(*mine, noted)
    newest = newest.order_by(CoachingSession.starts_at.desc(), CoachingSession.id)
    found = db.session.execute(newest.limit(A_PAGE + 1).offset(A_PAGE * (page - 1))).all()
    shown = found[:A_PAGE]
    notes = _notes(SessionNote.session_id.in_([session_id for session_id, _ in shown]), SessionNote.text != "")
    of_session = {id: tuple(note for note in notes if note.session_id == id) for id, _ in shown}
    sessions = tuple(SessionNoted(id, starts_at, of_session[id]) for id, starts_at in shown)
    return SessionsNoted(sessions, len(found) > A_PAGE)


def sessions_with_notes(client_id: UUID) -> frozenset[UUID]:
    """The sessions of a client of which there are notes that the client reads."""
    shared = (SessionNote.client_id == client_id, SessionNote.level == NoteLevel.CLIENT, SessionNote.text != "")
    ids = select(SessionNote.session_id).where(SessionNote.practice_id == current_practice(), *shared)
    return frozenset(db.session.scalars(ids))


def _its_session() -> ColumnElement[bool]:
    same = SessionNote.practice_id == CoachingSession.practice_id
    return same & (SessionNote.session_id == CoachingSession.id)


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
