"""The coach's page of one coaching session: what it shows of notes, whether it is opened or sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import render_template

from coachhub.coaching.forms.notes import NotesTyped
from coachhub.coaching.models import NoteLevel, TemplateKind
from coachhub.coaching.service.note_pages import OwnNote, own_notes
from coachhub.coaching.service.notes import NoteRow, notes_of
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.coaching.service.templates import TemplateRow, templates_of
from coachhub.coaching.service.writing import Written
from coachhub.platform.identity import signed_in_as


@dataclass(frozen=True)
class NoteField:
    """What stands in one field: its text, and what the page has seen of the note. `other`: the words in the way."""

    level: NoteLevel
    text: str
    seen: str
    version: int
    other: OwnNote | None = None
    is_too_long: bool = False


@dataclass(frozen=True)
class NoteDesk:
    """The form of the person's own notes, and beside it what colleagues wrote that the person may read."""

    page_id: UUID
    fields: tuple[NoteField, ...]
    templates: tuple[TemplateRow, ...] = ()
    of_others: tuple[NoteRow, ...] = ()
    previewed: str | None = None

    @property
    def is_saved(self) -> bool:
        """Whether all that stands in the fields is kept."""
        return not any(field.other or field.is_too_long for field in self.fields)


def session_page(found: CoachingSessionRow, desk: NoteDesk | None = None) -> str:
    """The whole page."""
    return render_template("coaching/session.html", found=found, desk=desk or open_desk(found))


def open_desk(found: CoachingSessionRow) -> NoteDesk:
    """The notes as they are kept, on a page of its own."""
    fields = tuple(_as_kept(note) for note in own_notes(found.id).values())
    return NoteDesk(uuid4(), fields, templates_of(TemplateKind.NOTES), _of_others(found))


def desk_sent_back(
    found: CoachingSessionRow, typed: NotesTyped, written: Mapping[NoteLevel, Written], previewed: str | None = None
) -> NoteDesk:
    """What was typed, after what could be saved of it was."""
    kept = own_notes(found.id)
    fields = tuple(_as_typed(typed, level, written.get(level), kept[level]) for level in NoteLevel)
    templates, others = templates_of(TemplateKind.NOTES), _of_others(found)
    return NoteDesk(typed.page_id or uuid4(), fields, templates, others, previewed)


def _of_others(found: CoachingSessionRow) -> tuple[NoteRow, ...]:
    me = signed_in_as().user_id
    return tuple(note for note in notes_of(found.id) if note.author_id != me)


def _as_kept(note: OwnNote) -> NoteField:
    return NoteField(note.level, note.text, note.seen, note.version)


def _as_typed(typed: NotesTyped, level: NoteLevel, written: Written | None, kept: OwnNote) -> NoteField:
    """A level that was not sent, or is saved, is as it is kept; what was not saved keeps what its page had seen."""
    sent = typed.typed.get(level)
    if sent is None or (written is not None and written.other is None):
        return _as_kept(written.note if written else kept)
    text = written.note.text if written else sent.text
    seen = f"{sent.seen_version}.{sent.seen_mark}"
    other = written.other if written else None
    return NoteField(level, text, seen, kept.version, other, level in typed.too_long)
