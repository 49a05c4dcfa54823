"""Ana writes notes of a session with Ben, as her page does it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from uuid import UUID, uuid4

from coachhub.coaching.models import NoteLevel
from coachhub.coaching.service.note_pages import NEVER, mark_of, own_notes
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_of
from coachhub.coaching.service.writing import Typed, Written, write_notes
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import Person

ME, COACHES, CLIENT = NoteLevel
A_PAGE, ANOTHER_PAGE = uuid4(), uuid4()


@contextmanager
def at_desk(cast: Cast, session_id: UUID, author: Person | None = None) -> Iterator[CoachingSessionRow]:
    """A transaction of the author's (Ana's, where none is named), and the session with Ben that it is about."""
    who = author or cast.ana
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(who.practice_id, who.user_id):
        yield coaching_session_of(cast.ben.client_id, session_id)


def write(
    cast: Cast,
    session_id: UUID,
    text: str,
    level: NoteLevel = ME,
    *,
    page: UUID = A_PAGE,
    seen: int = NEVER,
    was: str = "",
    author: Person | None = None,
) -> Written:
    """Save a text from a page that has seen version `seen`, which said `was`."""
    with at_desk(cast, session_id, author) as found:
        return write_notes(found, page, {level: Typed(text, seen, mark_of(was))})[level]


def kept(cast: Cast, session_id: UUID, level: NoteLevel = ME, author: Person | None = None) -> str:
    """What an author's note says now."""
    with at_desk(cast, session_id, author):
        return own_notes(session_id)[level].text


def sent_by(page: str) -> dict[str, str]:
    """The fields of the notes' form as a browser would send them."""
    form = page[page.index('id="notes"') :].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(text) for name, text in (*hidden, *texts)}
