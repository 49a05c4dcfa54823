"""What an author's page holds of their notes of a coaching session, so that no words are written over unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from coachhub.coaching.models import NoteLevel, SessionNote
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice, current_scope

NEVER = 0
"""The version of a note that nobody has written yet."""


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note as its author's page shows it; version 0 and no text where there is none yet."""

    level: NoteLevel
    id: UUID | None = None
    text: str = ""
    version: int = NEVER
    changed_at: datetime | None = None

    @property
    def seen(self) -> str:
        """What the page sends back: the version that it began from and a mark of its words."""
        return f"{self.version}.{mark_of(self.text)}"


def own_notes(session_id: UUID) -> Mapping[NoteLevel, OwnNote]:
    """The notes of the person themselves, one for each level, whether it was written or not."""
    rows = db.session.execute(select(*_COLUMNS).where(*of_author(session_id)))
    written = {NoteLevel(row.level): _note(row) for row in rows}
    return {level: written.get(level, OwnNote(level)) for level in NoteLevel}


def own_note(session_id: UUID, level: NoteLevel) -> OwnNote:
    """One of them."""
    row = db.session.execute(select(*_COLUMNS).where(*of_author(session_id), SessionNote.level == level)).one_or_none()
    return _note(row) if row else OwnNote(level)


def of_author(session_id: UUID) -> tuple[Any, ...]:
    """The notes that the person of this transaction has written of a session."""
    return (
        SessionNote.practice_id == current_practice(),
        SessionNote.session_id == session_id,
        SessionNote.author_id == current_scope().user_id,
    )


def mark_of(text: str) -> str:
    """A short mark of a text: a page that sends the same words back has not touched them."""
    return sha256(text.encode()).hexdigest()[:16]


_COLUMNS = (SessionNote.id, SessionNote.level, SessionNote.text, SessionNote.version, SessionNote.changed_at)


def _note(row: Row[*tuple[Any, ...]]) -> OwnNote:
    return OwnNote(NoteLevel(row.level), row.id, row.text, row.version, row.changed_at)
