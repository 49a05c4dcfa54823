"""The whole loop: people come in from a file, one is written to, answers on a phone, and is met after two moves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.shift import Shift
from tests.e2e.window import PHONE_LIGHT, Window
from tests.factories import a_client
from tests.reminders.rows import a_habit_for

pytestmark = pytest.mark.browser

CONNECTIONS = Path(__file__).parent.parent / "network" / "imports" / "files" / "linkedin.csv"


class Loop:
    """Noor at her desk, who has nobody in her network yet, and Dan with a phone and without an account."""

    def __init__(self, people: Cast, open_window: Opener, clock: FixedClock) -> None:
        noor = a_client(people.app, people.ana, "Noor Novak", "noor@example.com")
        a_habit_for(people.app, noor)
        self.clock = clock
        self.noor = open_window(noor)
        self.dan = open_window(look=PHONE_LIGHT)
        self.link = ""

    def says_when_she_is_free(self) -> None:
        """Noor is free at lunch time on working days."""
        self.noor.visit("/my/free-hours")
        self.noor.press("Lunch")
        self.noor.reads("What your next message would offer")

    def brings_in(self, file: Path, shift: Shift) -> None:
        """Noor uploads her connections, looks at them, and takes Dan alone."""
        noor = self.noor
        noor.visit("/friends/import")
        noor.page.get_by_label("The file").set_input_files(file)
        noor.press("Read this file")
        noor.asks(f"Reading {file.name}")
        assert shift.work() == ["read_import"]
        noor.asks("Whom did you like working with?")
        with noor.page.expect_navigation():
            noor.press("Tick none")
        noor.page.get_by_label("Dan Dorsey").check()
        noor.press("Add one friend")
        noor.asks("Adding your friends")
        assert shift.work() == ["take_import"]
        noor.asks("One friend is in your network")

    def writes(self) -> None:
        """Noor chooses Dan and sends the message; the link in it is what Dan gets."""
        noor = self.noor
        noor.visit("/month?ask=choose")
        noor.asks("How about Dan Dorsey?")
        noor.press("Write to Dan")
        noor.asks("Your message to Dan is written")
        self.link = noor.address_in("#letter")
        noor.press("I sent it")
        noor.asks("Did Dan answer?")

    def offers(self, at: str) -> None:
        """None of the proposed times suits Dan: he names one of his own, local to London."""
        dan = self.dan
        dan.visit(self.link)
        dan.asks("Noor Novak would like to see you again")
        dan.follow("Another time")
        dan.asks("When would suit you?")
        dan.fill("First time", at)
        dan.fill("A word with it", "I am away until then.")
        dan.press("Offer these times")
        dan.asks("Noor has your times")

    def accepts(self, post: Post, when: str) -> None:
        """Noor takes it on the page that her mail leads to, with one tap."""
        post.send()
        self.noor.visit(post.link("noor@example.com"))
        self.noor.asks("Dan Dorsey offers another time")
        self.noor.reads("I am away until then.")
        self.noor.press(when)
        self.noor.asks(when)
        self.noor.follow("The meetup")

    def moves_it(self, day: str, when: str) -> None:
        """Noor moves the meetup on its page."""
        self.noor.follow("Move it")
        self.noor.fill("Day", day)
        self.noor.press("Move it")
        self.noor.asks(when)

    def moves_it_too(self, when: str) -> None:
        """Dan moves it on his phone, to a time at which Noor is free."""
        self.dan.visit(self.link)
        self.dan.follow("Move it")
        self.dan.asks("Move it to when?")
        self.dan.press(when)
        self.dan.asks(when)

    def logs(self) -> None:
        """It is over, and Noor says how it was."""
        noor = self.noor
        noor.visit("/month")
        noor.asks("How was it with Dan Dorsey?")
        noor.page.get_by_role("radio").first.check()
        noor.fill("Minutes", "75")
        noor.fill("One thing you learned", "He grows blueberry bushes now")
        noor.press("Write it down")
        noor.reads("March 2026 is done")

    def event(self, window: Window, link: str) -> Event:
        """The meetup as the calendar file has it that the window offers."""
        with window.page.expect_download() as download:
            window.follow(link)
        [event] = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
        return event

    def both_see(self, starts_at: datetime) -> tuple[str, int]:
        """Both have the same event in their calendars, at this time; its UID and its SEQUENCE."""
        self.noor.page.reload()
        self.dan.visit(self.link)
        events = [self.event(self.noor, "Put it into your calendar"), self.event(self.dan, "Add to my calendar")]
        [(uid, sequence, start)] = {(str(each["UID"]), int(each["SEQUENCE"]), each["DTSTART"].dt) for each in events}
        assert start == starts_at
        return uid, sequence


@pytest.fixture
def loop(people: Cast, open_window: Opener, clock: FixedClock) -> Loop:
    """The fifth of March, a Thursday."""
    return Loop(people, open_window, clock)


def test_it_leads_from_a_file_to_a_meetup_that_was_moved_twice(
    loop: Loop, shift: Shift, post: Post, clock: FixedClock
) -> None:
    loop.says_when_she_is_free()
    loop.brings_in(CONNECTIONS, shift)
    loop.writes()
    loop.offers("2026-03-17T18:00")
    loop.accepts(post, "Tuesday 17 March, 18:00")
    seen = [loop.both_see(datetime(2026, 3, 17, 18, 0, tzinfo=UTC))]
    loop.moves_it("2026-03-18", "Wednesday 18 March")
    seen.append(loop.both_see(datetime(2026, 3, 18, 18, 0, tzinfo=UTC)))
    loop.moves_it_too("Monday 9 March, 12:30")
    seen.append(loop.both_see(datetime(2026, 3, 9, 12, 30, tzinfo=UTC)))
    uids, sequences = zip(*seen, strict=True)
    assert len(set(uids)) == 1
    assert sequences == (0, 1, 2)
    clock.instant = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
    loop.logs()
    loop.dan.visit(loop.link)
    loop.dan.asks("You met")
