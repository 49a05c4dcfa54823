"""Notes are saved over nobody's words unseen, and what they said before stays."""

from datetime import timedelta
from uuid import UUID

import pytest

from coachhub.coaching.service.note_pages import mark_of
from coachhub.coaching.service.note_versions import versions_of
from coachhub.coaching.service.notes import shared_notes
from coachhub.coaching.service.settling import Settling, Way, settle_note
from coachhub.coaching.service.writing import Typed, put_note, write_notes
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from tests.cast import Cast
from tests.coaching.noted import A_PAGE, ANOTHER_PAGE, CLIENT, COACHES, ME, at_desk, kept, write
from tests.coaching.planned import planned
from tests.conftest import NOW


@pytest.fixture
def session_id(cast: Cast) -> UUID:
    return planned(cast)


def _said(cast: Cast, session_id: UUID) -> list[str]:
    with at_desk(cast, session_id):
        return [version.text for version in versions_of(session_id, ME)]


def test_it_keeps_a_note_and_counts_its_versions(cast: Cast, session_id: UUID) -> None:
    first = write(cast, session_id, "Ben is")
    second = write(cast, session_id, "Ben is unsure", seen=1, was="Ben is")
    assert (first.note.version, second.note.version) == (1, 2)
    assert kept(cast, session_id) == "Ben is unsure"


def test_it_keeps_each_level_by_itself(cast: Cast, session_id: UUID) -> None:
    for level in (ME, COACHES, CLIENT):
        write(cast, session_id, f"for {level}", level)
    assert [kept(cast, session_id, level) for level in (ME, COACHES, CLIENT)] == ["for me", "for coaches", "for client"]


def test_it_writes_nothing_where_nobody_typed(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "From the telephone", page=ANOTHER_PAGE)
    stood = write(cast, session_id, "", seen=0, was="")
    assert stood.other is None
    assert kept(cast, session_id) == "From the telephone"


def test_it_gives_both_texts_back_where_another_page_wrote_meanwhile(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "From the telephone", page=ANOTHER_PAGE)
    written = write(cast, session_id, "From the desk")
    assert written.other is not None
    assert (written.note.text, written.other.text) == ("From the desk", "From the telephone")
    assert kept(cast, session_id) == "From the telephone"


def test_it_takes_more_from_a_page_whose_answer_was_lost(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "Ben is")
    again = write(cast, session_id, "Ben is unsure", seen=0, was="")
    assert again.other is None
    assert kept(cast, session_id) == "Ben is unsure"


@pytest.mark.parametrize(
    ("way", "stands"),
    [(Way.MINE, "Desk"), (Way.OTHER, "Telephone"), (Way.BOTH, "Telephone\n\nDesk")],
    ids=["mine", "other", "both"],
)
def test_it_settles_two_texts_and_keeps_both_in_the_history(
    cast: Cast, session_id: UUID, way: Way, stands: str
) -> None:
    write(cast, session_id, "Telephone", page=ANOTHER_PAGE)
    with at_desk(cast, session_id) as found:
        settled = settle_note(found, A_PAGE, "Desk", Settling(ME, way, 1))
    assert settled.other is None
    assert kept(cast, session_id) == stands
    assert any("Telephone" in text for text in _said(cast, session_id))
    assert any("Desk" in text for text in _said(cast, session_id))


def test_it_asks_again_where_a_third_text_came_while_deciding(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "Telephone", page=ANOTHER_PAGE)
    write(cast, session_id, "Telephone, later", page=ANOTHER_PAGE, seen=1, was="Telephone")
    with at_desk(cast, session_id) as found:
        settled = settle_note(found, A_PAGE, "Desk", Settling(ME, Way.MINE, 1))
    assert settled.other is not None
    assert kept(cast, session_id) == "Telephone, later"


def test_it_keeps_one_version_for_a_stretch_of_writing(cast: Cast, session_id: UUID, clock: FixedClock) -> None:
    write(cast, session_id, "Ben")
    write(cast, session_id, "Ben is", seen=1, was="Ben")
    clock.instant = NOW + timedelta(minutes=6)
    write(cast, session_id, "Ben is unsure", seen=2, was="Ben is")
    write(cast, session_id, "Ben is unsure.", seen=3, was="Ben is unsure")
    assert _said(cast, session_id) == ["Ben is unsure.", "Ben is"]


def test_it_keeps_what_was_deleted_by_a_slip(cast: Cast, session_id: UUID) -> None:
    long = "What Ben wants to be asked next time. " * 4
    write(cast, session_id, long)
    write(cast, session_id, "", seen=1, was=long)
    assert _said(cast, session_id) == ["", long]


def test_it_brings_an_earlier_version_back_and_keeps_the_later_one(
    cast: Cast, session_id: UUID, clock: FixedClock
) -> None:
    write(cast, session_id, "First thought")
    clock.instant = NOW + timedelta(minutes=6)
    write(cast, session_id, "Second thought", seen=1, was="First thought")
    with at_desk(cast, session_id) as found:
        put_note(found, ME, "First thought")
    assert _said(cast, session_id) == ["First thought", "Second thought", "First thought"]


def test_it_finds_a_restored_text_in_the_way_of_a_page_that_was_open(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "First thought")
    with at_desk(cast, session_id) as found:
        put_note(found, ME, "Restored")
    assert write(cast, session_id, "First thought, and more", seen=1, was="First thought").other is not None


def test_it_knows_no_session_of_another_client(cast: Cast, session_id: UUID) -> None:
    with pytest.raises(NotFound), at_desk(cast, UUID(int=session_id.int + 1)):
        raise AssertionError


def test_it_tells_what_the_client_reads_in_its_newest_words(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "Write to Dan", CLIENT)
    write(cast, session_id, "Write to Dan first", CLIENT, seen=1, was="Write to Dan")
    write(cast, session_id, "He hesitates", COACHES)
    with at_desk(cast, session_id):
        assert [(note.text, note.author_name) for note in shared_notes(session_id)] == [
            ("Write to Dan first", "Ana Alvarez")
        ]


def test_it_saves_what_it_can_beside_what_is_in_the_way(cast: Cast, session_id: UUID) -> None:
    write(cast, session_id, "Telephone", page=ANOTHER_PAGE)
    typed = {ME: Typed("Desk", 0, mark_of("")), CLIENT: Typed("Write to Dan", 0, mark_of(""))}
    with at_desk(cast, session_id) as found:
        written = write_notes(found, A_PAGE, typed)
    assert (written[ME].other is None, written[CLIENT].other is None) == (False, True)
    assert kept(cast, session_id, CLIENT) == "Write to Dan"
