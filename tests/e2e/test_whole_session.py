"""A coaching session from its booking to the report that the client opens: the whole path, through the browser."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect

from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.booking.booked import an_offering
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.test_reports import hire
from tests.e2e.window import PHONE_DARK, Window
from tests.fakes import KeptQueue
from tests.reminders.rows import a_habit_for
from tests.reports.documents.papers import holds, words_of

pytestmark = pytest.mark.browser

TOPIC, AGREED = "Whether to take the new job", "Write to Eva"
ONLY_ME, SHARED = "Zebrafish for nobody but me", "He met two people and liked it"


class Pair:
    """Ben on his phone and Ana at her desk."""

    def __init__(self, people: Cast, open_window: Opener, post: Post, clock: FixedClock) -> None:
        self.people, self.post, self.clock = people, post, clock
        self.ben, self.ana = open_window(people.ben, PHONE_DARK), open_window(people.ana)

    def books(self) -> None:
        """Ben takes the first free time."""
        self.ben.visit("/book")
        self.ben.page.locator("main time").first.click()
        self.ben.press("Book it")
        self.ben.reads("You are booked")

    def says_what_to_talk_about(self, eve: datetime) -> None:
        """The mail of the day before leads Ben to a page of one field."""
        self.clock.instant = eve
        self.post.send()
        self.ben.visit(next(word for word in self.post.texts("ben@example.com")[-1].split() if "/topic/" in word))
        self.ben.fill("What would you like to talk about?", TOPIC)
        self.ben.press("Tell Ana Alvarez")
        self.ben.reads("Kept. Ana Alvarez reads it")

    def is_briefed(self, morning: datetime) -> None:
        """Ana goes from Today to the brief."""
        self.clock.instant = morning
        self.ana.visit("/today")
        self.ana.reads(TOPIC)
        self.ana.page.locator(".card", has_text="Sessions today").get_by_role("link", name="Ben Berger").click()
        brief = self.ana.page.locator("#brief")
        for words in (TOPIC, "This is your first session.", "Months", "Network"):
            expect(brief).to_contain_text(words)

    def writes_it_down(self, later: datetime) -> None:
        """It took place; Ana's notes save themselves, and an action is agreed."""
        self.clock.instant = later
        self.ana.page.reload()
        self.ana.press("It took place")
        self.ana.page.get_by_role("button", name="Make the report").wait_for()
        self._notes("Only me", ONLY_ME)
        self._notes("Ben Berger and the coaches", SHARED)
        self.ana.fill("What was agreed?", AGREED)
        self.ana.press("Write it down")
        expect(self.ana.page.locator("#actions li")).to_contain_text(AGREED)

    def _notes(self, level: str, words: str) -> None:
        with self.ana.page.expect_response("**/notes"):
            self.ana.page.get_by_label(level, exact=True).press_sequentially(words)
        expect(self.ana.page.locator("[data-notice=saved]")).to_have_text("Saved.")

    def gets_the_report(self) -> bytes:
        """Ana sends it; Ben opens it from his mail."""
        self.ana.press("Send to Ben Berger")
        self.ana.reads("Ben Berger gets a mail that leads to it.")
        self.post.send()
        self.ben.visit(self.post.link("ben@example.com"))
        self.ben.asks("Session report")
        with self.ben.page.expect_download() as download:
            self.ben.follow("Download")
        return download.value.path().read_bytes()


@pytest.fixture
def pair(people: Cast, open_window: Opener, post: Post, clock: FixedClock) -> Pair:
    """Ana offers an hour, and has given Ben the habit."""
    an_offering(people.app, people.ana, slug="talk", title="A talk", price=0, notice_minutes=2880)
    a_habit_for(people.app, people.ben)
    return Pair(people, open_window, post, clock)


def _faultless(*windows: Window) -> None:
    assert [fault for window in windows for fault in window.faults()] == []


def test_it_leads_from_a_booking_to_a_report_that_the_client_opens(
    pair: Pair, admin: psycopg.Connection, queue: KeptQueue, web_settings: Settings, tmp_path: Path
) -> None:
    pair.books()
    found = admin.execute("select starts_at from coaching_sessions").fetchone()
    assert found is not None
    starts_at: datetime = found[0]
    pair.says_what_to_talk_about(starts_at - timedelta(days=1))
    pair.is_briefed(starts_at - timedelta(minutes=10))
    pair.writes_it_down(starts_at + timedelta(minutes=70))
    _faultless(pair.ana, pair.ben)
    pair.ana.press("Make the report")
    crew = hire(web_settings, queue, tmp_path / "worker.log")
    try:
        pair.ana.page.get_by_role("button", name="Send to Ben Berger").wait_for(timeout=30_000)
    finally:
        crew.close()
    pdf = pair.gets_the_report()
    words = words_of(pdf)
    assert all(said in words for said in ("Ben Berger with Ana Alvarez", TOPIC, SHARED, AGREED))
    assert not holds(pdf, "Zebrafish")
    pair.ana.page.reload()
    pair.ana.reads("Opened by the client")
    assert admin.execute("select status from bookings").fetchone() == ("completed",)
    pair.ana.visit(f"/clients/{pair.people.ben.client_id}")
    _faultless(pair.ana)
