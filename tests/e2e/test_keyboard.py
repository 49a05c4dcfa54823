"""The keyboard reaches what the mouse does, and the focus goes where help is needed."""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_DARK, Window

pytestmark = pytest.mark.browser


def _focused(window: Window) -> str:
    """What has the focus: its id, or its classes."""
    found: str = window.page.evaluate("document.activeElement.id || document.activeElement.className")
    return found


@pytest.mark.parametrize("path", ["/sign-in", "/today", "/clients"])
def test_it_skips_to_the_content(people: Cast, open_window: Opener, path: str) -> None:
    window = open_window(None if path == "/sign-in" else people.ana)
    window.visit(path)
    window.page.keyboard.press("Tab")
    assert _focused(window) == "skip"
    window.page.keyboard.press("Enter")
    assert _focused(window) == "main"


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_it_moves_the_focus_to_what_went_wrong(people: Cast, open_window: Opener, javascript: bool) -> None:
    window = open_window(look=PHONE_DARK, javascript=javascript)
    window.visit("/sign-up")
    window.fill("E-mail", "ana at example")
    window.press("Start your practice")
    expect(window.page.locator(".error-summary")).to_be_focused()
    assert window.page.get_by_label("E-mail").input_value() == "ana at example"
    window.page.locator(".error-summary a").first.click()
    assert _focused(window) == "practice_name"
    assert window.faults(axe=javascript) == []


def test_it_walks_through_sign_in_by_the_keyboard_alone(people: Cast, open_window: Opener) -> None:
    window = open_window()
    window.visit("/sign-in")
    window.page.get_by_label("E-mail").focus()
    window.page.keyboard.type("ana@example.com")
    window.page.keyboard.press("Tab")
    window.page.keyboard.type("not the password")
    window.page.keyboard.press("Enter")
    expect(window.page.locator(".error-summary")).to_be_focused()


def test_it_closes_the_account_menu_and_gives_the_focus_back(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana)
    window.visit("/today")
    window.page.locator(".top details.menu summary").focus()
    window.page.keyboard.press("Enter")
    assert window.page.get_by_role("button", name="Sign out").is_visible()
    window.page.keyboard.press("Escape")
    assert not window.page.get_by_role("button", name="Sign out").is_visible()
    assert window.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_it_searches_as_one_types_and_keeps_the_address(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana)
    window.visit("/clients")
    window.page.get_by_role("searchbox").press_sequentially("nobody")
    window.page.wait_for_url("**/clients?*q=nobody*")
    assert window.shows("Nobody here")
    assert window.page.get_by_role("searchbox").is_visible()
    window.page.go_back()
    window.page.get_by_role("row", name="Ben Berger").wait_for()
