"""Tables of the coaching domain."""

from coachhub.coaching.models.notes import NoteLevel, NoteTemplate, SessionNote, SessionNoteVersion, TemplateKind
from coachhub.coaching.models.sessions import CoachingSession, CoachingSessionStatus

__all__ = [
    "CoachingSession",
    "CoachingSessionStatus",
    "NoteLevel",
    "NoteTemplate",
    "SessionNote",
    "SessionNoteVersion",
    "TemplateKind",
]
