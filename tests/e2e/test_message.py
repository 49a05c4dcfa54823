"""The message in a real browser: free hours by keyboard, the way it went, and words that are not lost."""

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_LIGHT, Window
from tests.reminders.rows import a_habit_for

pytestmark = pytest.mark.browser

SHARES = "navigator.share = (parts) => { window.shared = parts; return Promise.resolve(); }"


@pytest.fixture
def ben(people: Cast, open_window: Opener) -> Window:
    """Ben on his phone, with the habit."""
    a_habit_for(people.app, people.ben)
    return open_window(people.ben, PHONE_LIGHT)


def _choose(ben: Window, people: Cast) -> None:
    ben.visit("/month?ask=choose")
    ben.page.locator(f"form[action$='/month/choose/{people.dan_id}'] button").first.click()


def _tick_by_keyboard(page: Page) -> None:
    page.locator("input[name=hours]").first.focus()
    for key in ("Space", "Tab", "Tab", "Space"):
        page.keyboard.press(key)


def test_it_shares_the_whole_message_and_remembers_how_it_went(
    ben: Window, people: Cast, admin: psycopg.Connection
) -> None:
    ben.page.add_init_script(SHARES)
    _choose(ben, people)
    ben.press("Share")
    shared = ben.page.evaluate("window.shared")
    assert (shared["text"].startswith("Dear Dan,"), "/r/" in shared["text"], bool(shared["title"])) == (True,) * 3
    ben.press("I sent it")
    assert ben.shows("on its way")
    assert admin.execute("select channel from invitations").fetchone() == ("share",)


def test_it_hides_share_where_the_browser_cannot(ben: Window, people: Cast) -> None:
    ben.page.add_init_script("delete Navigator.prototype.share")
    _choose(ben, people)
    assert not ben.page.locator("[data-share]").is_visible()


def test_it_takes_free_hours_by_keyboard_and_by_one_tap(ben: Window, people: Cast) -> None:
    ben.visit("/my/free-hours")
    _tick_by_keyboard(ben.page)
    ben.press("Weekends")
    expect(ben.page.locator("input[name=hours]:checked")).to_have_count(6)
    assert ben.faults() == []
    _choose(ben, people)
    assert ben.shows("I am free Saturday 7 March at 10:00")


def test_it_loses_no_word_of_the_clients(ben: Window, people: Cast) -> None:
    _choose(ben, people)
    ben.page.get_by_text("Change the words").click()
    ben.page.locator("#body").fill("Dan, lunch? My own words.")
    ben.press("Keep it like this")
    for tone in ("Light", "Plain", "Your words"):
        ben.follow(tone, exact=True)
    ben.page.get_by_text("Add a topic, times and a place").click()
    ben.fill("First time", "2026-03-12T12:30")
    ben.press("Put it into the message")
    assert ben.page.locator("#letter").inner_text() == "Dan, lunch? My own words."
    assert ben.shows("The times that you offer are not in them: Thursday 12 March at 12:30.")
    assert ben.faults() == []
    ben.page.get_by_text("Change the words").click()
    ben.press("Let my words go and write it anew")
    assert ben.shows("Thursday 12 March at 12:30")
    assert not ben.shows("My own words")
