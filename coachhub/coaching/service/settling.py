"""Two texts of one note, and which of them it shall be. Whatever is chosen, both stay in the history."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from coachhub.coaching.models import NoteLevel
from coachhub.coaching.rules.notes import both_texts
from coachhub.coaching.service.note_pages import own_note
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.coaching.service.writing import Typed, Written, put_note, write_notes


class Way(StrEnum):
    """Which text a note shall have: what is typed here, what was saved meanwhile, or one after the other."""

    MINE = "mine"
    OTHER = "other"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Settling:
    """An answer to words in the way: at which level, how, and the version that was shown beside the typed words."""

    level: NoteLevel
    way: Way
    shown_version: int


def settle_note(found: CoachingSessionRow, page_id: UUID | None, text: str, settled: Settling) -> Written:
    """Save a note as its author decided. Where yet another text was saved since they looked, both come back again."""
    other = own_note(found.id, settled.level)
    wanted = both_texts(other.text, text) if settled.way is Way.BOTH else text
    typed = Typed(wanted, settled.shown_version, None)
    written = write_notes(found, page_id, {settled.level: typed})[settled.level]
    if written.other is None and settled.way is Way.OTHER:
        return Written(put_note(found, settled.level, other.text))
    return written
