"""A coach's calendar in a browser: a week as a grid on a desk and as a list on a phone, and what is done in it."""

from uuid import UUID

import pytest

from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, confirmed, held
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOP_LIGHT, LOOKS, PHONE_LIGHT, Window
from tests.factories import a_coach

pytestmark = pytest.mark.browser

WEEK = "/calendar?day=2026-03-09"


@pytest.fixture
def booking_id(people: Cast) -> UUID:
    """A week with three bookings, one of them on hold and one of a colleague at the same time."""
    zoe = a_coach(people.app, people.ana, "Zoe Zander", "zoe@example.com")
    offering_id = an_offering(people.app, people.ana, zoe)
    found = confirmed(people, "Vera", offering_id, coach_id=people.ana.user_id)
    confirmed(people, "Wim", offering_id, coach_id=zoe.user_id)
    held(people, "Xaver", offering_id, NEXT_MONDAY + 2 * AN_HOUR, coach_id=people.ana.user_id)
    return found


def _top(window: Window, name: str) -> float:
    box = window.page.get_by_role("link", name=name).bounding_box()
    assert box is not None
    return box["y"]


def test_it_finds_no_fault_with_the_calendar(people: Cast, booking_id: UUID, open_window: Opener) -> None:
    window = open_window(people.ana)
    forms = ("/calendar/book", "/calendar/block", f"/bookings/{booking_id}/move", f"/bookings/{booking_id}/cancel")
    for path in (WEEK, f"{WEEK}&coach=all", f"{WEEK}&view=day&coach=all", f"/bookings/{booking_id}", *forms):
        window.visit(path)
        assert window.faults_in(LOOKS) == [], path


def test_it_draws_an_hour_as_an_hour(people: Cast, booking_id: UUID, open_window: Opener) -> None:
    window = open_window(people.ana, DESKTOP_LIGHT)
    window.visit(f"{WEEK}&coach=all")
    assert _top(window, "Vera") == _top(window, "Wim")
    assert _top(window, "Xaver") - _top(window, "Vera") == pytest.approx(2 * 64, abs=1)


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_it_books_blocks_and_moves(people: Cast, booking_id: UUID, open_window: Opener, javascript: bool) -> None:
    window = open_window(people.ana, PHONE_LIGHT, javascript=javascript)
    window.visit(WEEK)
    window.follow("Book for a client")
    window.page.get_by_label("Client").select_option(label="Ben Berger")
    window.fill("Time", "10:00")
    window.press("Book it")
    window.reads("Ana Alvarez has a booking with Vera then")
    assert window.faults(axe=javascript) == []
    window.fill("Time", "16:00")
    window.press("Book it")
    window.reads("A session with Ben Berger")
    window.follow("Move it")
    window.fill("Time", "17:30")
    window.press("Move it")
    window.reads("Monday 9 March, 16:00")
    window.follow("Calendar")
    window.follow("Block time")
    window.fill("Time", "18:30")
    window.fill("Until", "19:30")
    window.press("Block it")
    window.press("Open it again")
    window.asks("Calendar")
