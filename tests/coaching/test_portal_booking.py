"""A client books from their portal, sees how a booking stands, and moves or cancels it by its rule."""

from datetime import timedelta

import pytest

from coachhub.booking.models import BookingStatus
from coachhub.platform.clock import FixedClock
from tests.booking.booked import NEXT_MONDAY, an_offering, confirmed, read
from tests.cast import Cast
from tests.coaching.booked_rows import IN_A_WEEK, booked, call_off, end
from tests.coaching.booked_rows import an_offering as another_offering
from tests.factories import a_client


def _slug(cast: Cast) -> str:
    browser = cast.browser(cast.ben)
    return browser.get("/book").text.split('href="/p/')[1].split("/")[0]


def test_it_leads_from_the_portal_into_the_booker(cast: Cast) -> None:
    an_offering(cast.app, cast.ana, slug="hour", title="Career hour")
    page = cast.browser(cast.ben).get("/book").text
    assert "Career hour" in page
    assert "£90.00" in page
    assert "Next free:" in page
    at = page.split("?at=")[1].split('"')[0]
    booker = cast.browser(cast.ben).get(f"/p/{_slug(cast)}/hour?at={at}")
    assert booker.status_code == 200
    assert "ben@example.com" in booker.text  # they need not say again who they are


def test_it_tells_times_by_the_clients_clock(cast: Cast) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone="Asia/Tokyo")
    an_offering(cast.app, cast.ana, slug="hour")
    london, tokyo = (cast.browser(person).get("/book").text for person in (cast.ben, fay))
    assert london.split("<time")[1].split("</time>")[0] != tokyo.split("<time")[1].split("</time>")[0]


def test_it_says_calmly_that_nothing_can_be_booked(cast: Cast) -> None:
    assert "Nothing can be booked here just now" in cast.browser(cast.ben).get("/book").text


def test_it_offers_the_last_one_again_first(cast: Cast) -> None:
    an_offering(cast.app, cast.ana, slug="first", title="First of all", position=0)
    last = an_offering(cast.app, cast.ana, slug="quiet", title="By link alone", is_hidden=True)
    booked(cast, offering_id=last)
    page = cast.browser(cast.ben).get("/book").text
    assert page.index("By link alone") < page.index("As on Thursday 12 March") < page.index("First of all")


def test_it_offers_the_intro_once(cast: Cast) -> None:
    intro = an_offering(cast.app, cast.ana, slug="intro", title="A first talk", is_intro=True)
    browser = cast.browser(cast.ben)
    assert "A first talk" in browser.get("/book").text
    booked(cast, offering_id=intro, is_intro=True)
    assert "A first talk" not in browser.get("/book").text


def test_it_moves_and_cancels_from_the_list_and_the_session(cast: Cast) -> None:
    booking_id = booked(cast, offering_id=another_offering(cast))
    browser = cast.browser(cast.ben)
    for path in ("/sessions", f"/sessions/{booking_id}"):
        page = browser.get(path).text
        assert "Career conversation" in page
        assert '/move"' in page
        assert '/cancel"' in page
    page = browser.get(f"/sessions/{booking_id}").text
    assert "Price: £90.00" in page
    assert "Cancel at least 24 hours before" in page
    cancel = page.split('href="/b/')[2].split('"')[0]
    assert browser.post(f"/b/{cancel}", data={}).status_code == 303
    assert read(cast, booking_id).status is BookingStatus.CANCELLED
    assert "Cancelled" in browser.get("/sessions").text


def test_it_offers_no_move_when_it_is_too_late(cast: Cast, clock: FixedClock) -> None:
    booking_id = booked(cast, offering_id=another_offering(cast))
    clock.instant = IN_A_WEEK - timedelta(hours=3)
    page = cast.browser(cast.ben).get(f"/sessions/{booking_id}").text
    assert '/move"' not in page
    assert '/cancel"' in page


@pytest.mark.parametrize(("what", "words"), [("completed", "Took place"), ("no_show", "Missed"), ("off", "Cancelled")])
def test_it_shows_how_a_booking_ended(cast: Cast, clock: FixedClock, what: str, words: str) -> None:
    booking_id = booked(cast, offering_id=another_offering(cast))
    if what == "off":
        call_off(cast, booking_id)
    else:
        clock.instant = IN_A_WEEK
        end(cast, booking_id, what)
    browser = cast.browser(cast.ben)
    for path in ("/sessions", f"/sessions/{booking_id}"):
        page = browser.get(path).text
        assert words in page
        assert '/move"' not in page


def test_it_takes_a_visitors_booking_along_into_the_portal(cast: Cast) -> None:
    """Ben books without signing in: by his address it is his, and stands among his sessions."""
    booking_id = confirmed(cast, "Ben", an_offering(cast.app, cast.ana), NEXT_MONDAY, email="ben@example.com")
    assert f"/sessions/{booking_id}" in cast.browser(cast.ben).get("/sessions").text


def test_it_keeps_book_and_sessions_to_clients(cast: Cast) -> None:
    for person in (cast.ana, cast.cleo):
        assert cast.browser(person).get("/book").status_code == 404
