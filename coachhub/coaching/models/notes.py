"""What coaches write down of a coaching session, and the templates that they begin with."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class NoteLevel(StrEnum):
    """Who reads a note: its author alone, those who work in the practice, or these and the client."""

    ME = "me"
    COACHES = "coaches"
    CLIENT = "client"


class TemplateKind(StrEnum):
    """What a template is put into."""

    AGENDA = "agenda"
    NOTES = "notes"


class SessionNote(Base):
    """An author's note of a coaching session at one level, in Markdown, as it was saved last.

    The database shows it by its level, lets its author alone write it, and shows workers nothing but what the client
    reads, too. `version` rises with each save. `page_id` is the open page on which it was last written: it may save
    again although an answer of ours was lost on the way.
    """

    __tablename__ = "session_notes"
    __table_args__ = (
        CheckConstraint("level in ('me', 'coaches', 'client')", name="level"),
        ForeignKeyConstraint(
            ["practice_id", "session_id", "client_id"],
            ["coaching_sessions.practice_id", "coaching_sessions.id", "coaching_sessions.client_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["practice_id", "author_id"], ["memberships.practice_id", "memberships.user_id"]),
        UniqueConstraint("practice_id", "session_id", "author_id", "level"),
        Index("ix_session_notes_practice_id_client_id", "practice_id", "client_id", "changed_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    author_id: Mapped[UUID]
    level: Mapped[str]
    text: Mapped[str]
    version: Mapped[int]
    page_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SessionNoteVersion(Base):
    """What a note said once, for its author alone: the text of a stretch of writing that began at `began_at`."""

    __tablename__ = "session_note_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "note_id"], ["session_notes.practice_id", "session_notes.id"], ondelete="CASCADE"
        ),
    )

    practice_id: Mapped[TenantId]
    note_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    began_at: Mapped[datetime]
    written_at: Mapped[datetime]


class NoteTemplate(Base):
    """A practice's beginning of an agenda or of a note."""

    __tablename__ = "note_templates"
    __table_args__ = (
        CheckConstraint("kind in ('agenda', 'notes')", name="kind"),
        UniqueConstraint("practice_id", "kind", "name"),
    )

    practice_id: Mapped[TenantId] = mapped_column(ForeignKey("practices.id"))
    id: Mapped[RowId]
    kind: Mapped[str]
    name: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
