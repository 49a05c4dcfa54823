"""Tables of the coaching domain."""

from coachhub.coaching.models.actions import Action, Party
from coachhub.coaching.models.notes import NoteLevel, NoteTemplate, SessionNote, SessionNoteVersion, TemplateKind
from coachhub.coaching.models.sessions import CoachingSession, CoachingSessionStatus

__all__ = [
    "Action",
    "CoachingSession",
    "CoachingSessionStatus",
    "NoteLevel",
    "NoteTemplate",
    "Party",
    "SessionNote",
    "SessionNoteVersion",
    "TemplateKind",
]
