"""No word of a note is lost: without a connection, signed out, beside another page, without a script."""

from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.coaching.noted import ANOTHER_PAGE, CLIENT, ME, kept, write
from tests.coaching.planned import planned
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_DARK, Window

pytestmark = pytest.mark.browser
MINE = "Only me"


@pytest.fixture
def session_id(people: Cast) -> UUID:
    return planned(people)


def _page(people: Cast, session_id: UUID) -> str:
    return f"/clients/{people.ben.client_id}/sessions/{session_id}"


def _writing(window: Window, text: str, label: str = MINE) -> None:
    window.page.get_by_label(label, exact=True).press_sequentially(text)


def _saved(window: Window) -> None:
    expect(window.page.locator("[data-notice=saved]")).to_have_text("Saved.")


def test_it_saves_while_one_types(people: Cast, open_window: Opener, session_id: UUID) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    _writing(window, "He hesitates")
    _writing(window, "Write to Dan", "Ben Berger and the coaches")
    _saved(window)
    assert kept(people, session_id) == "He hesitates"
    assert window.faults() == []
    client = open_window(people.ben, PHONE_DARK)
    client.visit(f"/sessions/{session_id}")
    assert client.shows("Write to Dan")
    assert not client.shows("He hesitates")
    assert client.faults() == []


def test_it_keeps_words_over_a_lost_connection_and_a_closed_page(
    people: Cast, open_window: Opener, session_id: UUID
) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    window.page.route("**/notes", lambda route: route.abort())
    _writing(window, "Typed in a tunnel")
    window.reads("Not saved yet: the connection is gone.")
    window.page.goto("about:blank")
    window.page.unroute("**/notes")
    window.complaints.clear()
    window.visit(_page(people, session_id))
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("Typed in a tunnel")
    _saved(window)
    assert kept(people, session_id) == "Typed in a tunnel"
    window.page.wait_for_timeout(200)
    assert window.page.evaluate("Object.keys(localStorage)") == []


def test_it_takes_up_saving_when_the_connection_comes_back(people: Cast, open_window: Opener, session_id: UUID) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    window.page.route("**/notes", lambda route: route.abort())
    _writing(window, "Tunnel")
    window.reads("Not saved yet: the connection is gone.")
    window.page.unroute("**/notes")
    window.page.evaluate("dispatchEvent(new Event('online'))")
    _saved(window)
    window.complaints.clear()
    assert kept(people, session_id) == "Tunnel"


def test_it_saves_by_itself_after_signing_in_again_on_a_second_page(
    people: Cast, open_window: Opener, session_id: UUID, admin: psycopg.Connection
) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    held = admin.execute("delete from logins returning *").fetchall()
    _writing(window, "Typed while signed out")
    window.reads("Not saved yet: you are signed out.")
    columns = ", ".join(column.name for column in admin.execute("select * from logins limit 0").description or ())
    for row in held:
        marks = ", ".join(["%s"] * len(row))
        admin.execute(f"insert into logins ({columns}) values ({marks})", row)  # type: ignore[call-overload]
    window.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    _saved(window)
    window.complaints.clear()
    assert kept(people, session_id) == "Typed while signed out"


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_it_shows_both_texts_and_keeps_both(
    people: Cast, open_window: Opener, session_id: UUID, javascript: bool
) -> None:
    window = open_window(people.ana, javascript=javascript)
    window.visit(_page(people, session_id))
    write(people, session_id, "From the telephone", page=ANOTHER_PAGE)
    _writing(window, "From the desk")
    if not javascript:
        window.press("Save", exact=True)
    window.reads("“Only me” was changed on another page")
    assert window.page.get_by_label("What was saved there").input_value() == "From the telephone"
    assert window.page.get_by_label(MINE, exact=True).input_value() == "From the desk"
    assert window.faults(axe=javascript) == []
    window.press("Keep both, one below the other")
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("From the telephone\n\nFrom the desk")
    assert kept(people, session_id) == "From the telephone\n\nFrom the desk"


def test_it_gives_words_back_to_whoever_is_signed_out_without_script(
    people: Cast, open_window: Opener, session_id: UUID, admin: psycopg.Connection
) -> None:
    window = open_window(people.ana, javascript=False)
    window.visit(_page(people, session_id))
    window.page.get_by_label(MINE, exact=True).fill("First line\nSecond line")
    cookies = window.page.context.cookies()
    window.page.context.clear_cookies()
    window.press("Save", exact=True)
    window.asks("You are signed out")
    assert window.page.get_by_label("What you wrote").input_value() == "First line\nSecond line"
    window.page.context.clear_cookies()
    window.page.context.add_cookies(cookies)  # type: ignore[arg-type]
    window.press("Send it again")
    window.asks("Thursday 12 March, 12:00")
    assert kept(people, session_id) == "First line\nSecond line"
    window.complaints.clear()


def test_it_previews_begins_with_a_template_and_brings_a_version_back(
    people: Cast, open_window: Opener, session_id: UUID
) -> None:
    window = open_window(people.ana)
    window.visit("/settings/templates/new?kind=notes")
    window.fill("Name", "Mine")
    window.fill("Text", "# Next steps")
    window.press("Save")
    window.visit(_page(people, session_id))
    _writing(window, "**Sure**")
    _saved(window)
    window.press("Preview: Only me")
    window.page.locator("#note-preview strong").filter(has_text="Sure").wait_for()
    window.page.locator("#notes summary").filter(has_text="Begin with a template").first.click()
    window.press("Put it in: Only me")
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("**Sure**\n\n# Next steps")
    window.follow("Earlier versions: Only me")
    window.asks("Earlier versions")
    assert window.faults() == []
    assert kept(people, session_id, CLIENT) == ""
    assert kept(people, session_id, ME) == "**Sure**\n\n# Next steps"
