"""What a note said before: a version for each stretch of writing, for its author alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, select, update

from coachhub.coaching.models import NoteLevel, SessionNote, SessionNoteVersion
from coachhub.coaching.service.note_pages import of_author
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """The words with which a stretch of writing ended, and when."""

    version: int
    text: str
    written_at: datetime


def versions_of(session_id: UUID, level: NoteLevel, page: int = 1) -> tuple[VersionRow, ...]:
    """A page of the versions of the person's own note, and one more where more follow.

    The newest comes first: it is what the note says now.
    """
    newest = _versions(session_id, level).order_by(SessionNoteVersion.version.desc())
    rows = db.session.execute(newest.limit(A_PAGE + 1).offset(A_PAGE * (page - 1)))
    return tuple(VersionRow(*row) for row in rows)


def version_of(session_id: UUID, level: NoteLevel, version: int) -> VersionRow:
    """One of them. Raises NotFound."""
    this = _versions(session_id, level).where(SessionNoteVersion.version == version)
    found = db.session.execute(this).one_or_none()
    if found is None:
        raise NotFound
    return VersionRow(*found)


def began_at(note_id: UUID, version: int) -> datetime:
    """When the stretch of writing began that ended with the words of this version."""
    began = select(SessionNoteVersion.began_at).where(*_of(note_id), SessionNoteVersion.version == version)
    return db.session.execute(began).scalar_one()


def keep_version(note_id: UUID, version: int, text: str, now: datetime, *, begins: bool) -> None:
    """Note what a note says now: as a version of its own, or instead of the newest one, whose stretch goes on."""
    said = {"version": version, "text": text, "written_at": now}
    if begins:
        row = {"practice_id": current_practice(), "note_id": note_id, "began_at": now}
        db.session.execute(insert(SessionNoteVersion).values(**row, **said))
        return
    newest = select(func.max(SessionNoteVersion.version)).where(*_of(note_id)).scalar_subquery()
    this = update(SessionNoteVersion).where(*_of(note_id), SessionNoteVersion.version == newest)
    db.session.execute(this.values(**said))


def _versions(session_id: UUID, level: NoteLevel) -> Select[*tuple[Any, ...]]:
    columns = (SessionNoteVersion.version, SessionNoteVersion.text, SessionNoteVersion.written_at)
    return select(*columns).join(SessionNote, _its_note()).where(*of_author(session_id), SessionNote.level == level)


def _of(note_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (SessionNoteVersion.practice_id == current_practice(), SessionNoteVersion.note_id == note_id)


def _its_note() -> ColumnElement[bool]:
    return (SessionNote.practice_id == SessionNoteVersion.practice_id) & (SessionNote.id == SessionNoteVersion.note_id)
