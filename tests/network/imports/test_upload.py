"""A file comes in: kept until it is read, refused kindly, and a second click is the same import."""

from io import BytesIO
from uuid import UUID

import pytest

from coachhub.network.service.imports.people import LARGEST_FILE, Problem, Unreadable
from coachhub.network.service.imports.uploading import PIECE, store_file
from tests.network.conftest import Acting
from tests.network.imports.conftest import Importing, linkedin, somebody


def test_it_leads_to_the_import_and_rings_for_it(importing: Importing) -> None:
    answer = importing.upload(linkedin(somebody(1)))
    assert answer.status_code == 303
    assert [ring.job for ring in importing.queue.rings] == ["workers.jobs.read_import"]
    assert importing.lying_about() == (1, 0)
    assert "turn in a moment" in importing.page(UUID(answer.location.rpartition("/")[2]))


def test_it_keeps_a_long_file_in_pieces(importing: Importing) -> None:
    importing.upload(linkedin(*(somebody(number) for number in range(6_000))))
    pieces = importing.admin.execute("select length(content) from import_chunks order by number").fetchall()
    assert len(pieces) > 1
    assert {length for (length,) in pieces[:-1]} == {PIECE}


def test_it_takes_a_second_click_for_the_same_import(importing: Importing) -> None:
    content = linkedin(somebody(1))
    first, second = importing.upload(content), importing.upload(content)
    assert first.location == second.location
    importing.work()
    assert importing.upload(content).location == first.location
    importing.work()
    assert importing.one("select count(*) from imports") == 1


def test_it_says_why_a_file_is_not_taken(importing: Importing) -> None:
    nothing, empty = importing.ben.post("/friends/import", data={}), importing.upload(b"")
    assert (nothing.status_code, empty.status_code) == (422, 422)
    assert "Choose a file first." in nothing.text
    assert "is empty" in empty.text
    assert importing.one("select count(*) from imports") == 0


def test_it_takes_twenty_megabytes_and_not_a_byte_more(acting: Acting) -> None:
    with acting() as ben:
        assert store_file(ben, BytesIO(b"x" * LARGEST_FILE), "largest.csv")
    with acting() as ben, pytest.raises(Unreadable) as refusal:
        store_file(ben, BytesIO(b"x" * (LARGEST_FILE + 1)), "larger.csv")
    assert refusal.value.problem is Problem.TOO_LARGE


def test_it_refuses_more_than_the_web_takes_at_all(importing: Importing) -> None:
    too_long = {"CONTENT_LENGTH": str(22 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    assert importing.ben.post("/friends/import", environ_overrides=too_long).status_code == 413


def test_it_has_three_files_wait_at_most(importing: Importing) -> None:
    for number in range(3):
        importing.bring_in(linkedin(somebody(number)))
    answer = importing.upload(linkedin(somebody(9)))
    assert (answer.status_code, importing.one("select count(*) from imports")) == (422, 3)
    assert "Three files wait for you" in answer.text


def test_it_forgets_a_file_that_is_discarded(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    for _click in range(2):
        assert importing.ben.post(f"/friends/import/{import_id}/discard").status_code == 303
    assert importing.one("select count(*) from imports") == 0
    assert importing.lying_about() == (0, 0)


def test_it_lets_a_failed_file_make_room_for_the_next(importing: Importing) -> None:
    failed = importing.bring_in(b"no table at all", "letter.doc")
    assert importing.state(failed) == "failed"
    importing.bring_in(linkedin(somebody(1)))
    assert importing.one("select count(*) from imports") == 1
