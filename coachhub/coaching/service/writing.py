"""Saving notes: each words at their level, by their author, and over nobody's words unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.coaching.models import NoteLevel, SessionNote
from coachhub.coaching.rules.notes import Kept, begins_stretch, is_in_the_way
from coachhub.coaching.service.note_pages import NEVER, OwnNote, mark_of, of_author
from coachhub.coaching.service.note_versions import began_at, keep_version
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice, current_scope


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the field of one level.

    `seen_version` is the version that the page began from, and `seen_mark` the mark of its words; None: the page
    insists, whatever its words were.
    """

    text: str
    seen_version: int
    seen_mark: str | None

    @property
    def is_touched(self) -> bool:
        """Whether anybody typed in it."""
        return self.seen_mark is None or mark_of(self.text) != self.seen_mark


@dataclass(frozen=True, slots=True)
class Written:
    """How a note stands after saving. `other` holds the words in the way, which the page has not seen."""

    note: OwnNote
    other: OwnNote | None = None


def write_notes(
    found: CoachingSessionRow, page_id: UUID | None, typed: Mapping[NoteLevel, Typed]
) -> Mapping[NoteLevel, Written]:
    """Save what was typed about a coaching session by the person of this transaction. What nobody touched stays.

    `page_id` is the open page that sends it. Where another page wrote meanwhile, nothing is written at that level and
    both texts come back.
    """
    now, kept = clock.now(), _hold_notes(found.id)
    return {
        level: _write(found, page_id, level, each, kept.get(level), now)
        if each.is_touched
        else Written(_as_note(level, kept.get(level)))
        for level, each in typed.items()
    }


def put_note(found: CoachingSessionRow, level: NoteLevel, text: str) -> OwnNote:
    """Replace a note whatever it says now, as a restored version does; what it said stays in the history."""
    kept = _hold_notes(found.id).get(level)
    seen = kept.version if kept else NEVER
    return _write(found, None, level, Typed(text, seen, None), kept, clock.now()).note


def _hold_notes(session_id: UUID) -> dict[NoteLevel, Row[*tuple[Any, ...]]]:
    """The author's notes, held until the transaction ends so that another page waits."""
    columns = (SessionNote.id, SessionNote.level, SessionNote.text, SessionNote.version, SessionNote.changed_at)
    held = select(*columns, SessionNote.page_id).where(*of_author(session_id))
    rows = db.session.execute(held.order_by(SessionNote.level).with_for_update())
    return {NoteLevel(row.level): row for row in rows}


def _write(
    found: CoachingSessionRow,
    page_id: UUID | None,
    level: NoteLevel,
    typed: Typed,
    row: Row[*tuple[Any, ...]] | None,
    now: datetime,
) -> Written:
    if row is None:
        if not typed.text:
            return Written(OwnNote(level))
        if _is_begun(found, page_id, level, typed.text, now):
            return Written(_begun(found.id, level, typed.text, now))
        row = _hold_notes(found.id)[level]  # another page was quicker
    is_same = page_id is not None and row.page_id == page_id
    kept = Kept(row.text, row.version, is_same, began_at(row.id, row.version))
    if is_in_the_way(kept, typed.text, typed.seen_version):
        return Written(OwnNote(level, text=typed.text, version=typed.seen_version), other=_as_note(level, row))
    if typed.text == row.text:
        return Written(_as_note(level, row))
    return Written(_rewrite(row.id, page_id, level, typed.text, kept, now))


def _is_begun(found: CoachingSessionRow, page_id: UUID | None, level: NoteLevel, text: str, now: datetime) -> bool:
    """Write the first words of a note; False where another page has just done so."""
    whose = {"session_id": found.id, "client_id": found.client_id, "author_id": current_scope().user_id}
    said = {"level": level.value, "text": text, "version": 1, "created_at": now, "changed_at": now}
    made = insert(SessionNote).values(practice_id=current_practice(), page_id=page_id, **whose, **said)
    return db.session.scalar(made.on_conflict_do_nothing().returning(SessionNote.id)) is not None


def _begun(session_id: UUID, level: NoteLevel, text: str, now: datetime) -> OwnNote:
    row = _hold_notes(session_id)[level]
    keep_version(row.id, 1, text, now, begins=True)
    return _as_note(level, row)


def _rewrite(note_id: UUID, page_id: UUID | None, level: NoteLevel, text: str, kept: Kept, now: datetime) -> OwnNote:
    version = kept.version + 1
    this = (SessionNote.practice_id == current_practice(), SessionNote.id == note_id)
    values = {"text": text, "version": version, "page_id": page_id, "changed_at": now}
    db.session.execute(update(SessionNote).where(*this).values(**values))
    keep_version(note_id, version, text, now, begins=begins_stretch(kept, text, now))
    return OwnNote(level, note_id, text, version, now)


def _as_note(level: NoteLevel, row: Row[*tuple[Any, ...]] | None) -> OwnNote:
    return OwnNote(level, row.id, row.text, row.version, row.changed_at) if row else OwnNote(level)
