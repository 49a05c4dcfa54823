"""One month of the habit: the client walks it on a phone, the coach watches it without seeing a name."""

from datetime import UTC, datetime

import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.window import PHONE_LIGHT, Window
from tests.factories import a_client
from tests.reminders.rows import a_habit_for

pytestmark = pytest.mark.browser

SECRETS = ("Dan", "Dorsey", "Acme", "dan@example.net", "Silva", "blueberry")


class Month:
    """Ben's window and Ana's, on the same days."""

    is_examined = False

    def __init__(self, people: Cast, open_window: Opener, clock: FixedClock) -> None:
        self.people = people
        self.clock = clock
        self.ben = open_window(people.ben, PHONE_LIGHT)
        self.ana = open_window(people.ana)

    def at(self, day: int, hour: int = 9, month: int = 3) -> None:
        """Let time pass until a day of that spring."""
        self.clock.instant = datetime(2026, month, day, hour, 30, tzinfo=UTC)

    def asks(self, question: str) -> None:
        """Ben's page asks this, and nothing is wrong with it."""
        heading = self.ben.page.get_by_role("heading", level=1).inner_text()
        assert question in heading
        assert self.ben.faults(axe=self.is_examined) == []

    def fill_time(self, day: int, at: str, place: str) -> None:
        """Ben names a time and a place in the form that is open."""
        form = self.ben.page.locator("form:has([name=at])").last
        form.get_by_label("Day").fill(f"2026-03-{day:02}")
        form.get_by_label("Time").fill(at)
        form.get_by_label("Place").fill(place)

    def coach_reads(self, *words: str) -> None:
        """Ana reads these words in Ben's row of Clients, and no secret on any of her pages."""
        for path in ("/today", f"/clients/{self.people.ben.client_id}", "/clients"):
            self.ana.visit(path)
            page = self.ana.page.content()
            assert [secret for secret in SECRETS if secret in page] == [], path
        row = self.ana.page.get_by_role("row", name="Ben Berger").inner_text()
        assert [word for word in words if word not in row] == [], row


@pytest.fixture
def month(people: Cast, open_window: Opener, clock: FixedClock) -> Month:
    """The fifth of March; nobody has given Ben a habit yet."""
    return Month(people, open_window, clock)


def _give_the_habit(ana: Window) -> None:
    ana.visit("/clients")
    ana.page.get_by_role("row", name="Ben Berger").get_by_role("checkbox").check()
    ana.press("Give “One hour")
    assert ana.shows("One hour a month")


def _plan_choose_write(month: Month) -> None:
    ben = month.ben
    ben.visit("/month?ask=plan")
    month.asks("When will you write?")
    ben.page.locator("button.option").first.click()
    month.coach_reads("At risk", "Planned")
    month.asks("How about Dan Dorsey?")
    ben.press("Write to Dan")
    month.coach_reads("On track", "Chosen")
    month.asks("Your message to Dan is written")
    ben.press("I sent it")
    month.coach_reads("On track", "Written")


def _agree_and_move_twice(month: Month) -> None:
    ben = month.ben
    month.asks("Did Dan answer?")
    ben.press("Yes, we will meet")
    month.asks("When do you meet Dan?")
    month.fill_time(19, "12:30", "Café Silva")
    ben.press("It is agreed")
    month.coach_reads("On track", "Agreed")
    for day in (24, 26):
        month.asks("You meet Dan Dorsey")
        ben.follow("Move it")
        month.asks("To when, and where?")
        month.fill_time(day, "18:00", "Café Silva")
        ben.press("Move it")
    assert ben.shows("26 March")
    month.coach_reads("On track", "Agreed")


def _log(month: Month, post: Post) -> None:
    ben = month.ben
    post.send()
    assert "How was it?" in post.texts("ben@example.com")[-1]
    ben.visit(post.link("ben@example.com"))
    ben.follow("Say how it was")
    month.asks("How was it with Dan Dorsey?")
    ben.page.get_by_role("radio").first.check()
    ben.fill("Minutes", "75")
    ben.fill("One thing you learned", "He grows blueberry bushes now")
    ben.press("Write it down")
    ben.visit("/month")
    month.asks("March 2026 is done")


def test_it_leads_a_client_through_the_month_while_the_coach_watches(month: Month, post: Post) -> None:
    month.is_examined = True
    _give_the_habit(month.ana)
    month.coach_reads("On track", "Not begun")
    month.at(12)
    month.coach_reads("At risk", "Not begun")
    month.ana.visit("/today")
    assert month.ana.shows("Nobody chosen by day 12.")
    _plan_choose_write(month)
    _agree_and_move_twice(month)
    month.at(27, 10)
    _log(month, post)
    month.coach_reads("On track", "Met", "25")


def test_it_shows_a_friend_to_the_coach_only_once_the_client_shares(month: Month, post: Post) -> None:
    _give_the_habit(month.ana)
    month.at(12)
    _plan_choose_write(month)
    _agree_and_move_twice(month)
    client = f"/clients/{month.people.ben.client_id}"
    month.coach_reads()
    month.ben.visit(f"/friends/{month.people.dan_id}")
    month.ben.press("Share with my coach")
    assert month.ben.shows("Your coach sees this friend")
    month.ana.visit(client)
    assert month.ana.shows("Dan Dorsey")
    month.ben.press("Stop sharing")
    month.coach_reads()


def test_it_keeps_a_month_green_whose_meetup_moved_into_the_next(month: Month) -> None:
    _give_the_habit(month.ana)
    month.at(12)
    _plan_choose_write(month)
    _agree_and_move_twice(month)
    month.ben.follow("Move it")
    form = month.ben.page.locator("form:has([name=at])").last
    form.get_by_label("Day").fill("2026-04-02")
    month.ben.press("Move it")
    month.at(28)
    month.coach_reads("On track")
    assert month.ben.shows("Moved, not lost")


def test_it_comes_back_to_the_month_after_a_mistake(people: Cast, open_window: Opener) -> None:
    newcomer = a_client(people.app, people.ana, "Noor Novak", "noor@example.com")
    a_habit_for(people.app, newcomer)
    window = open_window(newcomer, PHONE_LIGHT)
    window.visit("/month")
    window.press("Continue")
    assert window.shows("Write at least one name.")
    window.fill("Name", "Dan Dorsey")
    window.press("Add them")
    assert window.page.url.endswith("/month")
    assert window.shows("Dan Dorsey")
