"""The words of a reminder are tried in a browser, and a mail's link stops it, with scripts and without."""

import pytest

from coachhub.platform import tokens
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_DARK, PHONE_LIGHT

pytestmark = pytest.mark.browser
PAGE = "/settings/messages/new_month"


def test_it_shows_how_words_read_while_they_are_typed(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana)
    window.visit(PAGE)
    window.fill("Subject", "{month} for you")
    window.reads("March 2026 for you")
    window.fill("Words", "Hello {nme}")
    window.reads("This cannot go out as it stands:")
    assert window.page.get_by_label("Words").input_value() == "Hello {nme}"


def test_it_opens_the_whole_mail_beside_what_is_typed(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana)
    window.visit(PAGE)
    window.fill("Words", "Only in this window, {month}.")
    for _ in range(2):
        with window.page.context.expect_page() as opened:
            window.press("The whole mail, in a new window")
        opened.value.get_by_text("Only in this window, March 2026.").wait_for()
        opened.value.close()
    window.press("Save", exact=True)
    window.reads("Saved. The next mails say it so.")


def test_it_shows_errors_and_a_preview_without_scripts(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana, PHONE_DARK, javascript=False)
    window.visit(PAGE)
    window.fill("Subject", "{month} for {you}")
    window.press("Preview")
    window.reads("Nobody fills in {you}.")
    assert window.faults(axe=False) == []
    window.fill("Subject", "{month} for you")
    window.press("Preview")
    window.reads("March 2026 for you")
    window.press("Save and send me a test")
    window.reads("a test is on its way to ana@example.com")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_it_stops_all_by_one_button_without_an_account(people: Cast, open_window: Opener, javascript: bool) -> None:
    assert people.ben.client_id is not None
    with people.app.app_context():
        token = tokens.sign("unsubscribe-client", people.ana.practice_id, people.ben.client_id)
    window = open_window(None, PHONE_LIGHT, javascript=javascript)
    window.visit(f"/u/c/{token}")
    assert window.faults(axe=javascript) == []
    window.press("Stop all of these")
    window.reads("None of these comes any more.")
    assert window.faults(axe=javascript) == []
    assert window.page.context.cookies() == []
