"""Notes on the session's page: saved by a button or by themselves, and given back where they cannot be."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coachhub.coaching.rules.notes import LONGEST_NOTE
from coachhub.coaching.service.notes import notes_of, shared_notes
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.coaching.noted import ANOTHER_PAGE, CLIENT, COACHES, ME, kept, sent_by, write
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.factories import a_coach

HTMX = {"HX-Request": "true"}


@pytest.fixture
def session_id(cast: Cast) -> UUID:
    return planned(cast)


def _path(cast: Cast, session_id: UUID, rest: str = "") -> str:
    return f"/clients/{cast.ben.client_id}/sessions/{session_id}{rest}"


def _save(cast: Cast, session_id: UUID, browser: FlaskClient, rest: str = "/notes", **typed: str) -> Any:
    """Open the page, type, and send the form."""
    fields = sent_by(browser.get(_path(cast, session_id)).text)
    return browser.post(
        _path(cast, session_id, rest), data=fields | {name.replace("_", "-"): text for name, text in typed.items()}
    )


def test_it_saves_all_levels_by_one_button(cast: Cast, session_id: UUID) -> None:
    browser = cast.browser(cast.ana)
    answer = _save(cast, session_id, browser, text_me="One\r\nTwo", text_client="Three")
    assert (answer.status_code, answer.location) == (303, f"{_path(cast, session_id)}#notes")
    assert (kept(cast, session_id), kept(cast, session_id, CLIENT)) == ("One\nTwo", "Three")


def test_it_keeps_lines_and_spaces_as_they_were_typed(cast: Cast, session_id: UUID) -> None:
    browser = cast.browser(cast.ana)
    _save(cast, session_id, browser, text_me="\n\n  indented  \n")
    assert sent_by(browser.get(_path(cast, session_id)).text)["text-me"] == "\n\n  indented  \n"


def test_it_answers_htmx_with_how_the_notes_stand_and_not_with_the_fields(cast: Cast, session_id: UUID) -> None:
    browser = cast.browser(cast.ana)
    fields = sent_by(browser.get(_path(cast, session_id)).text)
    first = browser.post(_path(cast, session_id, "/notes"), data=fields | {"text-me": "He"}, headers=HTMX)
    assert first.status_code == 200
    assert 'name="text-me"' not in first.text
    assert 'name="seen-me" value="1.' in first.text
    again = browser.post(_path(cast, session_id, "/notes"), data=fields | {"text-me": "He hesitates"}, headers=HTMX)
    assert 'name="seen-me" value="2.' in again.text
    assert kept(cast, session_id) == "He hesitates"


def test_it_gives_the_form_back_with_both_texts(cast: Cast, session_id: UUID) -> None:
    browser = cast.browser(cast.ana)
    fields = sent_by(browser.get(_path(cast, session_id)).text)
    write(cast, session_id, "Telephone", page=ANOTHER_PAGE)
    answer = browser.post(
        _path(cast, session_id, "/notes"), data=fields | {"text-me": "Desk", "text-coaches": "For Eve"}
    )
    assert answer.status_code == 409
    assert sent_by(answer.text)["text-me"] == "Desk"
    assert "Telephone</textarea>" in answer.text
    assert kept(cast, session_id, COACHES) == "For Eve"
    settled = browser.post(_path(cast, session_id, "/notes"), data=sent_by(answer.text) | {"settle": "me.mine.1"})
    assert settled.status_code == 303
    assert kept(cast, session_id) == "Desk"


@pytest.mark.parametrize("nonsense", ["", "x", "me", "me.mine", "me.never.1", "nobody.mine.1", "me.mine.1x"])
def test_it_takes_no_nonsense_for_a_decision(cast: Cast, session_id: UUID, nonsense: str) -> None:
    write(cast, session_id, "Telephone", page=ANOTHER_PAGE)
    sent = {"text-me": "Desk", "seen-me": "0.x", "settle": nonsense}
    assert cast.browser(cast.ana).post(_path(cast, session_id, "/notes"), data=sent).status_code == 409
    assert kept(cast, session_id) == "Telephone"


def test_it_gives_back_what_is_too_long(cast: Cast, session_id: UUID) -> None:
    long = "x" * (LONGEST_NOTE + 1)
    answer = _save(cast, session_id, cast.browser(cast.ana), text_me=long, text_client="Short")
    assert answer.status_code == 422
    assert long in answer.text
    assert (kept(cast, session_id), kept(cast, session_id, CLIENT)) == ("", "Short")


def test_it_saves_nothing_for_somebody_else_who_is_signed_in_now(cast: Cast, session_id: UUID) -> None:
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    fields = sent_by(cast.browser(cast.ana).get(_path(cast, session_id)).text)
    answer = cast.browser(eve).post(_path(cast, session_id, "/notes"), data=fields | {"text-me": "Ana wrote this"})
    assert answer.status_code == 409
    assert "Ana wrote this" in answer.text
    assert kept(cast, session_id, author=eve) == ""


def test_it_gives_words_back_to_whoever_is_signed_out(cast: Cast, session_id: UUID) -> None:
    fields = sent_by(cast.browser(cast.ana).get(_path(cast, session_id)).text)
    answer = cast.browser().post(_path(cast, session_id, "/notes"), data=fields | {"text-me": "Typed <b>long</b> ago"})
    assert answer.status_code == 401
    assert "Typed &lt;b&gt;long&lt;/b&gt; ago</textarea>" in answer.text
    assert f'action="{_path(cast, session_id, "/notes")}' in answer.text
    assert f'value="{fields["page"]}"' in answer.text


def test_it_previews_without_saving(cast: Cast, session_id: UUID) -> None:
    answer = _save(
        cast, session_id, cast.browser(cast.ana), "/notes/preview", text_me="**Sure** <script>", preview="me"
    )
    assert answer.status_code == 200
    assert "<strong>Sure</strong> &lt;script&gt;" in answer.text
    assert sent_by(answer.text)["text-me"] == "**Sure** <script>"
    assert kept(cast, session_id) == ""


def test_it_begins_a_note_with_a_template_and_keeps_what_was_typed(cast: Cast, session_id: UUID) -> None:
    browser = cast.browser(cast.ana)
    browser.post("/settings/templates/new", data={"kind": "notes", "name": "Usual", "text": "# Next"})
    page = browser.get(_path(cast, session_id)).text
    template_id = page.partition('name="template-me"')[2].partition('value="')[2].partition('"')[0]
    answer = _save(cast, session_id, browser, "/notes/begin", text_me="Typed", into="me", template_me=template_id)
    assert answer.status_code == 303
    assert kept(cast, session_id) == "Typed\n\n# Next"


@pytest.mark.parametrize(("into", "template"), [("nobody", ""), ("me", "x"), ("me", "9" * 30), ("me", "")])
def test_it_knows_no_other_template(cast: Cast, session_id: UUID, into: str, template: str) -> None:
    sent = {"into": into, "template-me": template, "text-me": "x"}
    assert cast.browser(cast.ana).post(_path(cast, session_id, "/notes/begin"), data=sent).status_code == 404


def test_it_shows_colleagues_what_is_for_them_and_nothing_else(cast: Cast, session_id: UUID) -> None:
    for level in (ME, COACHES, CLIENT):
        write(cast, session_id, f"words {level}", level)
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    page = cast.browser(eve).get(_path(cast, session_id)).text
    assert ("words me" in page, "words coaches" in page, "words client" in page) == (False, True, True)


def test_it_shows_the_client_shared_notes_alone(cast: Cast, session_id: UUID) -> None:
    for level in (ME, COACHES, CLIENT):
        write(cast, session_id, f"words **{level}**", level)
    browser = cast.browser(cast.ben)
    page = browser.get(f"/sessions/{session_id}").text
    assert "words <strong>client</strong>" in page
    assert "coaches</strong>" not in page
    assert "me</strong>" not in page
    assert f"/sessions/{session_id}#notes" in browser.get("/sessions").text


def test_it_brings_a_version_back_from_its_page(cast: Cast, session_id: UUID) -> None:
    browser = cast.browser(cast.ana)
    write(cast, session_id, "First thought " * 9)
    write(cast, session_id, "Second", seen=1, was="First thought " * 9)
    versions = _path(cast, session_id, "/notes/me/versions")
    assert "First thought" in browser.get(versions).text
    assert browser.post(f"{versions}/1").status_code == 303
    assert kept(cast, session_id) == "First thought " * 9
    assert browser.post(f"{versions}/7").status_code == 404
    assert browser.get(_path(cast, session_id, "/notes/nobody/versions")).status_code == 404


def test_it_shows_many_versions_by_the_page(cast: Cast, session_id: UUID) -> None:
    for number in range(22):
        write(cast, session_id, f"{number:02d} {'much of it ' * 9}", page=uuid4(), seen=number, was="x")
    browser, versions = cast.browser(cast.ana), _path(cast, session_id, "/notes/me/versions")
    first, second = browser.get(versions).text, browser.get(f"{versions}?page=2").text
    assert ("21 much" in first, "02 much" in first, "01 much" in first) == (True, True, False)
    assert ("02 much" in second, "01 much" in second, "00 much" in second) == (False, True, True)
    assert ("As it is now" in first, "As it is now" in second) == (True, False)
    assert f'href="{versions}?page=2"' in first
    browser.post(f"{versions}/1")
    assert kept(cast, session_id).startswith("00 much")


def test_it_tells_a_worker_what_the_client_reads_and_no_more(cast: Cast, session_id: UUID, worker_app: Flask) -> None:
    for level in (ME, COACHES, CLIENT):
        write(cast, session_id, f"words {level}", level)
    with worker_app.app_context(), as_practice(cast.ana.practice_id):
        assert [note.text for note in shared_notes(session_id)] == ["words client"]
        assert [note.text for note in notes_of(session_id)] == ["words client"]


def test_it_shows_all_notes_of_a_client_as_far_as_the_reader_may_know_them(cast: Cast, session_id: UUID) -> None:
    later = planned(cast, NOW + timedelta(days=9))
    for level in (ME, COACHES, CLIENT):
        write(cast, session_id, f"words {level}", level)
    write(cast, later, "later words", ME)
    page, path = cast.browser(cast.ana), f"/clients/{cast.ben.client_id}/notes"
    assert page.get(path).text.index("later words") < page.get(path).text.index("words me")
    eve = a_coach(cast.app, cast.ana, "Eve Eriksen", "eve@example.com")
    seen = cast.browser(eve).get(path).text
    assert ("words client" in seen, "words coaches" in seen, "words me" in seen) == (True, True, False)
    assert f"/sessions/{later}" not in seen
