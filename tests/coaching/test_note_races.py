"""Several pages save the same note at the same moment: one is first, and every other learns of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

from coachhub.coaching.service.note_versions import versions_of
from coachhub.coaching.service.writing import Written
from tests.cast import Cast
from tests.coaching.noted import ME, at_desk, kept, write
from tests.coaching.planned import planned

PAGES = 6


def _all_at_once(cast: Cast, session_id: UUID, seen: int, was: str) -> list[Written]:
    together = Barrier(PAGES)

    def save(number: int) -> Written:
        together.wait(10)
        return write(cast, session_id, f"Page {number}", page=uuid4(), seen=seen, was=was)

    with ThreadPoolExecutor(PAGES) as pages:
        return list(pages.map(save, range(PAGES)))


def test_it_takes_the_first_words_of_one_page_alone(cast: Cast) -> None:
    session_id = planned(cast)
    written = _all_at_once(cast, session_id, 0, "")
    [first] = [each for each in written if each.other is None]
    assert kept(cast, session_id) == first.note.text
    assert {each.other.text for each in written if each.other} == {first.note.text}


def test_it_takes_the_next_words_of_one_page_alone_and_keeps_the_ones_before(cast: Cast) -> None:
    session_id = planned(cast)
    write(cast, session_id, "Before", page=uuid4())
    written = _all_at_once(cast, session_id, 1, "Before")
    assert sum(each.other is None for each in written) == 1
    with at_desk(cast, session_id):
        assert [version.text for version in versions_of(session_id, ME)] == [kept_text(written), "Before"]


def kept_text(written: list[Written]) -> str:
    """What the page said that was first."""
    return next(each.note.text for each in written if each.other is None)
