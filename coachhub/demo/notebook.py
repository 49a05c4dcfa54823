"""What the coaches of the demo write down of their sessions, and the templates that they begin with."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from coachhub.coaching.models import NoteLevel, NoteTemplate, SessionNote, SessionNoteVersion
from coachhub.coaching.service.first_templates import first_templates
from coachhub.demo.bookings import Booked
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import new_id

_SHARED = (
    "# What we spoke about\n\nThe new team, and whether to lead it. What speaks for it: you enjoy the people. What "
    "speaks against it: the travelling.\n\n# What became clear\n\nThe question is not *whether* but **on which "
    "terms**.\n\n"
    "# What comes next\n\n- Ask two people who lead such a team\n- Write the three terms down",
    "# What we spoke about\n\nThe interview of last week, and how you answered the question about leaving.\n\n"
    "# What comes next\n\n- One sentence, said aloud, every morning\n- Lunch with somebody who left well",
    "# What moved\n\nThree meetups since spring, and one of them brought a conversation about a job.\n\n"
    "# What was hard\n\nWriting the first line. The short one worked: “I thought of you when …”",
)
_ALONE = (
    "Careful with the word *ambition*: it closes the conversation. Ask about pride instead.",
    "Tired today. Did not press. Come back to the question of the father.",
    "Ready for more: suggest the harder friend next time.",
)
_AMONG_COACHES = ("Away in May, and would rather not be moved to somebody else.", "Prefers the telephone to video.")
_FIRST_VERSION = "The new team, and whether to lead it."


def write_templates(sheets: Sheets, chance: random.Random, since: datetime, practice_id: UUID) -> None:
    """The templates of a practice."""
    dated = {"practice_id": practice_id, "created_at": since, "changed_at": since}
    for kind, name, text in first_templates():
        sheets.add(NoteTemplate, id=new_id(chance), kind=kind.value, name=name, text=text, **dated)


def write_notes(
    sheets: Sheets, chance: random.Random, practice_id: UUID, who: Booked, held: Sequence[tuple[UUID, datetime]]
) -> None:
    """What the coach wrote of the sessions that took place; of each the client reads something."""
    for session_id, starts_at in held:
        at = starts_at + timedelta(minutes=58)
        _note(sheets, chance, practice_id, who, session_id, NoteLevel.CLIENT, at, _versions(chance.choice(_SHARED)))
        if chance.random() < 0.6:
            _note(sheets, chance, practice_id, who, session_id, NoteLevel.ME, at, [chance.choice(_ALONE)])
        if chance.random() < 0.2:
            _note(sheets, chance, practice_id, who, session_id, NoteLevel.COACHES, at, [chance.choice(_AMONG_COACHES)])


def _versions(text: str) -> list[str]:
    return [_FIRST_VERSION, text] if _FIRST_VERSION in text else [text]


def _note(
    sheets: Sheets,
    chance: random.Random,
    practice_id: UUID,
    who: Booked,
    session_id: UUID,
    level: NoteLevel,
    at: datetime,
    texts: Iterable[str],
) -> None:
    note_id, said = new_id(chance), list(texts)
    whose = {"session_id": session_id, "client_id": who.client_id, "author_id": who.coach_id}
    stands = {"level": level.value, "text": said[-1], "version": len(said), "created_at": at, "changed_at": at}
    sheets.add(SessionNote, practice_id=practice_id, id=note_id, **whose, **stands)
    for number, text in enumerate(said, 1):
        written = {"version": number, "text": text, "began_at": at, "written_at": at}
        sheets.add(SessionNoteVersion, practice_id=practice_id, note_id=note_id, **written)
