"""A practice's templates for agendas and notes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.coaching.models import NoteTemplate, TemplateKind
from coachhub.coaching.rules.notes import both_texts
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice

MOST_TEMPLATES = 50


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template as pages show it; its text is Markdown."""

    id: UUID
    kind: TemplateKind
    name: str
    text: str
    changed_at: datetime


@dataclass(frozen=True)
class TemplateEntry:
    """What a coach says of a template."""

    kind: TemplateKind
    name: str
    text: str


class NameTaken(Refused):
    """Two templates of one kind have two names: they are chosen by name."""

    def __init__(self) -> None:
        super().__init__(409, _("There is a template of that name already. Choose another name."))


class TooMany(Refused):
    """A list to choose from has an end."""

    def __init__(self) -> None:
        super().__init__(409, _("These are as many templates as we keep. Delete one that you do not use any more."))


def templates_of(kind: TemplateKind | None = None) -> tuple[TemplateRow, ...]:
    """The templates of the practice, of one kind or of both, by name."""
    wanted = [NoteTemplate.kind == kind.value] if kind else []
    rows = db.session.execute(
        select(NoteTemplate.id, NoteTemplate.kind, NoteTemplate.name, NoteTemplate.text, NoteTemplate.changed_at)
        .where(NoteTemplate.practice_id == current_practice(), *wanted)
        .order_by(NoteTemplate.kind, func.lower(NoteTemplate.name), NoteTemplate.id)
    )
    return tuple(TemplateRow(id, TemplateKind(kind), name, text, at) for id, kind, name, text, at in rows)


def template_of(template_id: UUID) -> TemplateRow:
    """One of them. Raises NotFound."""
    found = next((each for each in templates_of() if each.id == template_id), None)
    if found is None:
        raise NotFound
    return found


def begin_with(template_id: UUID, text: str) -> str:
    """A text with a template below it. Raises NotFound."""
    return both_texts(text, template_of(template_id).text)


def add_template(entry: TemplateEntry) -> UUID:
    """Keep a template; the same once more is a second click. Raises NameTaken and TooMany."""
    now, kept = clock.now(), templates_of()
    if len(kept) >= MOST_TEMPLATES:
        raise TooMany
    row = {"kind": entry.kind.value, "name": entry.name, "text": entry.text, "created_at": now, "changed_at": now}
    made = insert(NoteTemplate).values(practice_id=current_practice(), **row).on_conflict_do_nothing()
    made_id = db.session.scalar(made.returning(NoteTemplate.id))
    return made_id or _same(entry)


def change_template(template_id: UUID, entry: TemplateEntry) -> None:
    """Change a template; notes that began with it stay as they are. Raises NotFound and NameTaken."""
    others = (each for each in templates_of(entry.kind) if each.id != template_id)
    if any(each.name == entry.name for each in others):
        raise NameTaken
    said = {"kind": entry.kind.value, "name": entry.name, "text": entry.text, "changed_at": clock.now()}
    changed = update(NoteTemplate).where(*_this(template_id)).values(**said).returning(NoteTemplate.id)
    if db.session.scalar(changed) is None:
        raise NotFound


def delete_template(template_id: UUID) -> TemplateRow:
    """Delete a template and return what it was, so that it can be put back. Raises NotFound."""
    found = template_of(template_id)
    db.session.execute(delete(NoteTemplate).where(*_this(template_id)))
    return found


def _same(entry: TemplateEntry) -> UUID:
    """The template that has this name already, where it says the same. Raises NameTaken."""
    for each in templates_of(entry.kind):
        if (each.name, each.text) == (entry.name, entry.text):
            return each.id
    raise NameTaken


def _this(template_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (NoteTemplate.practice_id == current_practice(), NoteTemplate.id == template_id)
