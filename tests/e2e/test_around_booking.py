"""From the portal to a booked time, to the mails about it, to the session, and off again; on a phone."""

import pytest

from tests.booking.booked import an_offering
from tests.cast import Cast
from tests.coaching.booked_rows import IN_A_WEEK, booked
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.window import DESKTOP_DARK, PHONE_LIGHT

pytestmark = pytest.mark.browser


def test_it_goes_from_the_portal_to_a_booking_to_a_session_and_off_again(
    people: Cast, post: Post, open_window: Opener
) -> None:
    an_offering(people.app, people.ana, slug="talk", title="A talk", price=0, notice_minutes=1440)
    ben = open_window(people.ben, PHONE_LIGHT)
    ben.visit("/month")
    ben.follow("Book", exact=True)
    ben.asks("Book a session")
    ben.page.locator("main time").first.click()
    ben.press("Book it")
    ben.reads("You are booked")
    post.send()
    [told], [hers] = post.mailer.to("ben@example.com"), post.mailer.to("ana@example.com")
    assert told.subject.startswith("Booked:")
    assert hers.subject.startswith("Ben Berger has booked")
    assert ben.visit(post.link("ben@example.com")).ok
    ben.visit("/sessions")
    ben.reads("A talk")
    ben.follow("Cancel: ")
    ben.asks("Cancel it?")
    assert ben.faults() == []
    ben.press("Cancel the booking")
    ben.reads("It is cancelled")
    ben.visit("/sessions")
    assert ben.shows("Cancelled")
    ana = open_window(people.ana)
    ana.visit("/calendar")
    assert not ana.shows("A talk")


def test_it_finds_no_fault_with_the_pages_around_a_booking(people: Cast, open_window: Opener) -> None:
    hour = an_offering(people.app, people.ana, slug="hour", title="Career conversation")
    booking_id = booked(people, IN_A_WEEK, offering_id=hour)
    for person, paths in (
        (people.ben, ("/book", "/sessions", f"/sessions/{booking_id}", "/account/calendar")),
        (people.ana, (f"/clients/{people.ben.client_id}/sessions/{booking_id}", "/account/calendar")),
    ):
        window = open_window(person)
        for path in paths:
            assert window.visit(path).ok
            assert window.faults_in((PHONE_LIGHT, DESKTOP_DARK)) == [], path


def test_it_copies_the_secret_address_and_makes_a_new_one(people: Cast, open_window: Opener) -> None:
    ben = open_window(people.ben, PHONE_LIGHT)
    ben.visit("/account/calendar")
    before = ben.page.locator("#feed").input_value()
    ben.press("Make a new address")
    ben.reads("There is a new address")
    assert ben.page.locator("#feed").input_value() != before
