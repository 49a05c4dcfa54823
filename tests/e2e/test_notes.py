"""No word of a note is lost: without a connection, signed out, beside another page, without a script."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import expect

from coachhub.coaching.models import NoteLevel
from coachhub.platform.clock import FixedClock
from tests.accounts.mailbox import newest_code
from tests.cast import Cast
from tests.coaching.noted import ANOTHER_PAGE, CLIENT, COACHES, ME, kept, write
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


def _is_kept(window: Window, people: Cast, session_id: UUID, text: str, level: NoteLevel = ME) -> bool:
    """Whether it is before long: what a page sends when it is left or opened, nobody waits for."""
    for _try in range(50):
        if kept(people, session_id, level) == text:
            return True
        window.page.wait_for_timeout(100)
    return False


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


def test_it_saves_the_words_of_somebody_who_leaves_at_once(people: Cast, open_window: Opener, session_id: UUID) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    _writing(window, "One last thing")
    window.follow("All sessions")
    window.asks("Sessions")
    assert _is_kept(window, people, session_id, "One last thing")
    window.visit(_page(people, session_id))
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("One last thing")
    assert window.page.evaluate("Object.keys(localStorage)") == []


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
    people: Cast, open_window: Opener, session_id: UUID, clock: FixedClock
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
    clock.advance(timedelta(minutes=6))
    window.visit(_page(people, session_id))
    with window.page.expect_response("**/notes"):
        window.page.get_by_label(MINE, exact=True).fill("Something else")
    window.follow("Earlier versions: Only me")
    window.press("Bring back what it said on")
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("**Sure**\n\n# Next steps")


def test_it_keeps_words_that_were_sent_by_the_button_and_never_arrived(
    people: Cast, open_window: Opener, session_id: UUID
) -> None:
    """Another device writes before the page is opened again: both texts are shown, and none is dropped."""
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    window.page.route("**/notes", lambda route: route.abort())
    _writing(window, "Typed in a tunnel")
    window.press("Save", exact=True)
    window.page.wait_for_url("chrome-error://**")
    window.page.unroute("**/notes")
    window.complaints.clear()
    write(people, session_id, "From the telephone", page=ANOTHER_PAGE)
    window.visit(_page(people, session_id))
    window.reads("“Only me” was changed on another page")
    assert window.page.get_by_label(MINE, exact=True).input_value() == "Typed in a tunnel"
    window.press("Keep both, one below the other")
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("From the telephone\n\nTyped in a tunnel")
    assert window.page.evaluate("Object.keys(localStorage)") == []


def test_it_keeps_the_words_of_two_pages_that_lost_the_connection(
    people: Cast, open_window: Opener, session_id: UUID
) -> None:
    window = open_window(people.ana)
    context = window.page.context
    pages = [window, Window(context.new_page(), window.base_url)]
    for each in pages:
        each.visit(_page(people, session_id))
    context.route("**/notes", lambda route: route.abort())
    for each, label, text in zip(pages, (MINE, "Coaches of this practice"), ("One", "Two"), strict=True):
        _writing(each, text, label)
        each.reads("Not saved yet: the connection is gone.")
    for each in pages:
        each.page.goto("about:blank")
    context.unroute("**/notes")
    window.complaints.clear()
    for _each in pages:
        window.visit(_page(people, session_id))
        window.page.wait_for_timeout(500)
        _saved(window)
    assert _is_kept(window, people, session_id, "One")
    assert _is_kept(window, people, session_id, "Two", COACHES)
    assert window.page.evaluate("Object.keys(localStorage)") == []


def test_it_brings_back_what_was_typed_alone_and_not_what_another_device_has_changed_since(
    people: Cast, open_window: Opener, session_id: UUID
) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    window.page.context.route("**/notes", lambda route: route.abort())
    _writing(window, "Typed in a tunnel")
    window.reads("Not saved yet: the connection is gone.")
    window.page.goto("about:blank")
    window.page.context.unroute("**/notes")
    window.complaints.clear()
    write(people, session_id, "From the telephone", COACHES, page=ANOTHER_PAGE)
    window.visit(_page(people, session_id))
    expect(window.page.get_by_label(MINE, exact=True)).to_have_value("Typed in a tunnel")
    assert _is_kept(window, people, session_id, "Typed in a tunnel")
    field = window.page.get_by_label("Coaches of this practice", exact=True)
    assert field.input_value() == "From the telephone"
    field.press("End")
    _writing(window, ", and more", "Coaches of this practice")
    assert _is_kept(window, people, session_id, "From the telephone, and more", COACHES)
    assert kept(people, session_id) == "Typed in a tunnel"


def test_it_writes_nothing_over_that_another_open_page_took_over_and_went_on_with(
    people: Cast, open_window: Opener, session_id: UUID
) -> None:
    first = open_window(people.ana)
    context = first.page.context
    first.visit(_page(people, session_id))
    first.page.route("**/notes", lambda route: route.abort())
    _writing(first, "Begun here")
    first.reads("Not saved yet: the connection is gone.")
    second = Window(context.new_page(), first.base_url)
    second.visit(_page(people, session_id))
    _saved(second)
    second.page.get_by_label(MINE, exact=True).press("End")
    with second.page.expect_response("**/notes"):
        _writing(second, ", gone on with there")
    first.page.unroute("**/notes")
    _writing(first, " and here")
    first.reads("“Only me” was changed on another page")
    first.complaints.clear()
    assert kept(people, session_id) == "Begun here, gone on with there"
    assert first.page.get_by_label(MINE, exact=True).input_value() == "Begun here and here"


def test_it_saves_by_itself_once_the_author_has_really_signed_in_again(
    people: Cast, open_window: Opener, session_id: UUID, web: Flask, admin: psycopg.Connection
) -> None:
    window = open_window(people.ana)
    window.visit(_page(people, session_id))
    admin.execute("delete from logins")
    _writing(window, "Typed while signed out")
    window.reads("Not saved yet: you are signed out.")
    with window.page.expect_popup() as popup:
        window.follow("Sign in on a second page")
    second = Window(popup.value, window.base_url)
    second.fill("E-mail address", "ana@example.com")
    second.press("E-mail me a code instead")
    second.fill("Six-digit code", newest_code(web, admin, "ana@example.com"))
    second.press("Sign in")
    second.page.wait_for_url("**/today")
    _saved(window)
    window.complaints.clear()
    assert kept(people, session_id) == "Typed while signed out"
