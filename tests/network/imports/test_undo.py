"""Undoing an import: its friends go, but for those with whom something has happened since."""

from datetime import timedelta
from uuid import UUID

import pytest

from coachhub.network.service.contacts import How, note_contact
from coachhub.network.service.meetups import agree_meetup
from tests.conftest import NOW
from tests.network.conftest import Acting
from tests.network.imports.conftest import Importing, linkedin, somebody


@pytest.fixture
def taken(importing: Importing) -> UUID:
    """Three friends came in by a file, and one line was left out."""
    import_id = importing.bring_in(linkedin(*(somebody(number) for number in (1, 2, 3)), ",,,,,,3 Mar 2014"))
    importing.take(import_id)
    return import_id


def _friend(importing: Importing, number: int) -> UUID:
    return importing.one("select id from friends where name = %s", f"Eli Eriksen {number}")  # type: ignore[return-value]


def test_it_takes_everybody_back(importing: Importing, taken: UUID) -> None:
    assert "3 friends leave your network" in importing.ben.get(f"/friends/import/{taken}/undo").text
    assert len(importing.names()) == 4
    for _click in range(2):
        assert importing.ben.post(f"/friends/import/{taken}/undo").status_code == 303
    assert importing.names() == ["Dan Dorsey"]
    assert importing.lying_about() == (0, 0)
    page = importing.page(taken)
    assert "This import is undone" in page
    assert "3 friends are out of your network." in page


def test_it_keeps_whom_something_has_happened_with(importing: Importing, taken: UUID, acting: Acting) -> None:
    with acting() as ben:
        agree_meetup(ben, _friend(importing, 1), NOW + timedelta(days=1))
        note_contact(ben, _friend(importing, 2), NOW.date(), How.CALL)
    asked = importing.ben.get(f"/friends/import/{taken}/undo").text
    for words in ("One friend leaves", "2 stay", "with one of them you agreed to meet", "you were in touch"):
        assert words in asked
    importing.ben.post(f"/friends/import/{taken}/undo")
    assert importing.names() == ["Dan Dorsey", "Eli Eriksen 1", "Eli Eriksen 2"]


def test_it_can_bring_the_file_in_again_afterwards(importing: Importing, taken: UUID) -> None:
    importing.ben.post(f"/friends/import/{taken}/undo")
    importing.take(importing.bring_in(linkedin(somebody(1))))
    assert importing.names() == ["Dan Dorsey", "Eli Eriksen 1"]


def test_it_undoes_nothing_that_was_not_taken(importing: Importing) -> None:
    import_id = importing.bring_in(linkedin(somebody(1)))
    assert importing.ben.get(f"/friends/import/{import_id}/undo").status_code == 303
    assert importing.ben.post(f"/friends/import/{import_id}/undo").status_code == 303
    assert importing.state(import_id) == "preview"


def test_it_lists_the_imports_so_far(importing: Importing, taken: UUID) -> None:
    page = importing.ben.get("/friends/import").text
    assert "Connections.csv" in page
    assert "LinkedIn · 3 friends added" in page
    assert str(taken) in page
