"""Booking with sessions of a package on screen: one, several in one go; and what a coach gives or takes back."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.by_hand import book_by_hand
from coachhub.booking.service.offers import offering_of
from coachhub.booking.service.visitor_links import booking_token
from coachhub.payments.models import PurchaseStatus
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, as_nobody, held
from tests.booking.visited import written
from tests.payments.packages import Shelf

A_WEEK = timedelta(days=7)


@pytest.fixture
def ben(shelf: Shelf) -> FlaskClient:
    return shelf.till.cast.browser(shelf.till.cast.ben)


@pytest.fixture
def ana(shelf: Shelf) -> FlaskClient:
    return shelf.till.cast.browser(shelf.till.cast.ana)


def _link(shelf: Shelf, booking_id: UUID) -> str:
    with as_nobody(shelf.till.cast):
        return f"/b/{booking_token(booking_id)}"


def _several(shelf: Shelf) -> str:
    with as_nobody(shelf.till.cast):
        return f"/book/several/{offering_of(shelf.till.offering_id).slug}"


def test_it_books_with_a_session_beside_paying(shelf: Shelf, ben: FlaskClient) -> None:
    shelf.given(4)
    link = _link(shelf, shelf.hold())
    page = ben.get(f"{link}/pay").text
    assert "Use one of your 4 sessions" in page
    assert "Pay £90.00" in page
    assert ben.post(f"{link}/credit").location.endswith("/paid")
    assert "You are booked" in ben.get(f"{link}/paid").text
    page = ben.get(link).text
    assert "A session, 3 of 4 left" in page
    assert "Cancel at least 24 hours before, and your session comes back. Later, it counts." in page


def test_it_lets_nobody_else_use_them(shelf: Shelf) -> None:
    shelf.given(4)
    link = _link(shelf, shelf.hold())
    for browser in (shelf.till.cast.browser(), shelf.till.cast.browser(shelf.till.cast.cleo)):
        assert "Use one of" not in browser.get(f"{link}/pay").text
        assert browser.post(f"{link}/credit").status_code == 404
    assert shelf.left() == 4


def test_it_pays_a_hold_that_was_taken_before_signing_in(shelf: Shelf, ben: FlaskClient) -> None:
    shelf.given(1)
    booking_id = held(shelf.till.cast, "Ben", shelf.till.offering_id, email=shelf.till.cast.ben.email)
    assert ben.post(f"{_link(shelf, booking_id)}/credit").status_code == 303
    assert shelf.till.booking(booking_id).status is BookingStatus.CONFIRMED


def test_it_ends_a_payment_that_was_begun(shelf: Shelf, ben: FlaskClient) -> None:
    shelf.given(1)
    booking_id = shelf.hold()
    purchase_id = shelf.till.buy(booking_id)
    shelf.till.open_page(purchase_id)
    ben.post(f"{_link(shelf, booking_id)}/credit")
    shelf.till.settle()
    assert shelf.till.purchase(purchase_id).status is PurchaseStatus.EXPIRED


def test_it_says_what_is_left_in_the_portal_and_to_the_coach(shelf: Shelf, ben: FlaskClient, ana: FlaskClient) -> None:
    shelf.given(4)
    shelf.booked()
    for page in (ben.get("/book"), ben.get("/sessions"), ana.get(f"/clients/{shelf.ben}")):
        assert "3 of 4 left" in page.text


def test_it_shows_the_dates_of_several_and_books_them_all(shelf: Shelf, ben: FlaskClient) -> None:
    shelf.given(4)
    page = ben.get(_several(shelf), query_string={"at": written(NEXT_MONDAY), "sessions": 3}).text
    starts = re.findall(r'name="starts" value="([^"]+)"', page)
    assert starts == [written(NEXT_MONDAY + number * A_WEEK) for number in range(3)]
    answer = ben.post(_several(shelf), data={"at": written(NEXT_MONDAY), "starts": starts})
    assert answer.location == "/sessions"
    assert (shelf.left(), "3 sessions are booked." in ben.get("/sessions").text) == (1, True)


def test_it_books_none_when_one_is_taken_and_offers_what_is_near(shelf: Shelf, ben: FlaskClient) -> None:
    shelf.given(4)
    shelf.till.hold("Wim", NEXT_MONDAY + A_WEEK)
    starts = [written(NEXT_MONDAY), written(NEXT_MONDAY + A_WEEK)]
    answer = ben.post(_several(shelf), data={"at": written(NEXT_MONDAY), "sessions": 2, "starts": starts})
    assert (answer.status_code, shelf.left()) == (409, 4)
    assert f'<option value="{written(NEXT_MONDAY + A_WEEK + AN_HOUR)}">' in answer.text


def test_it_books_no_more_than_there_are_sessions(shelf: Shelf, ben: FlaskClient) -> None:
    shelf.given(1)
    starts = [written(NEXT_MONDAY), written(NEXT_MONDAY + A_WEEK)]
    answer = ben.post(_several(shelf), data={"at": written(NEXT_MONDAY), "starts": starts})
    assert (answer.status_code, shelf.left()) == (409, 1)


@pytest.mark.parametrize("at", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "nonsense", "2026-03-09"])
def test_it_books_nothing_for_dates_that_we_never_wrote(shelf: Shelf, ben: FlaskClient, at: str) -> None:
    shelf.given(2)
    answer = ben.post(_several(shelf), data={"at": written(NEXT_MONDAY), "starts": [at]})
    assert (answer.status_code, shelf.left()) == (422, 2)


def test_it_asks_for_the_first_time_first(shelf: Shelf, ben: FlaskClient) -> None:
    assert "No session is left" in ben.get(_several(shelf)).text
    shelf.given(2)
    assert "When is the first one?" in ben.get(_several(shelf)).text


def test_it_lets_a_coach_give_sessions_and_take_them_back(shelf: Shelf, ana: FlaskClient) -> None:
    address = f"/clients/{shelf.ben}/packages"
    given = {"offering": str(shelf.till.offering_id), "sessions": "3", "reason": "a talk", "last_day": "2026-06-30"}
    assert ana.post(address, data=given).status_code == 303
    [row] = shelf.holdings()
    assert "good until Tuesday 30 June" in ana.get(address).text
    assert ana.post(f"{address}/{row.id}", data={"sessions": "1", "reason": "too many"}).status_code == 303
    page = ana.get(f"{address}/{row.id}").text
    assert all(words in page for words in ("a talk", "too many", "+3", "-1"))
    assert shelf.left() == 2


def _once(page: str) -> str:
    found = re.search(r'name="once" type="hidden" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_it_gives_and_takes_back_once_for_two_clicks(shelf: Shelf, ana: FlaskClient) -> None:
    address = f"/clients/{shelf.ben}/packages"
    given = {"offering": str(shelf.till.offering_id), "sessions": "3", "reason": "a talk"}
    given |= {"once": _once(ana.get(address).text)}
    assert [ana.post(address, data=given).status_code for _ in range(2)] == [303, 303]
    assert shelf.left() == 3
    here = f"{address}/{shelf.holdings()[0].id}"
    taken = {"sessions": "2", "reason": "a mistake", "once": _once(ana.get(here).text)}
    assert [ana.post(here, data=taken).status_code for _ in range(2)] == [303, 303]
    assert shelf.left() == 1


@pytest.mark.parametrize("wrong", [{"sessions": "0"}, {"reason": ""}, {"last_day": "2026-03-01"}])
def test_it_keeps_what_a_coach_typed(shelf: Shelf, ana: FlaskClient, wrong: dict[str, str]) -> None:
    said = {"offering": str(shelf.till.offering_id), "sessions": "3", "reason": "a talk", "last_day": ""}
    assert ana.post(f"/clients/{shelf.ben}/packages", data=said | wrong).status_code == 422
    assert shelf.left() == 0


def test_it_takes_back_no_more_than_is_left_on_screen(shelf: Shelf, ana: FlaskClient) -> None:
    holding_id = shelf.given(2)
    answer = ana.post(f"/clients/{shelf.ben}/packages/{holding_id}", data={"sessions": "3", "reason": "x"})
    assert (answer.status_code, shelf.left()) == (422, 2)


def test_it_settles_a_booking_that_a_coach_made_with_a_session(shelf: Shelf, ana: FlaskClient) -> None:
    cast = shelf.till.cast
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        booking_id = book_by_hand(shelf.ben, cast.ana.user_id, NEXT_MONDAY, 60, "", shelf.till.offering_id)
    here = f"/bookings/{booking_id}"
    assert "Use one for this booking" not in ana.get(here).text
    assert ana.post(f"{here}/credit").status_code == 409
    shelf.given(2)
    assert "Ben Berger has sessions of a package for this: 2 of 2 left." in ana.get(here).text
    assert [ana.post(f"{here}/credit").location for _ in range(2)] == [here, here]
    assert (shelf.left(), shelf.till.booking(booking_id).paid_with) == (1, PaidWith.CREDIT)
    assert "Use one for this booking" not in ana.get(here).text
    shelf.cancel(booking_id, Side.COACH)
    assert shelf.left() == 2


@pytest.mark.parametrize("how", ["paid", "off"])
def test_it_settles_nothing_that_is_paid_or_off(shelf: Shelf, ana: FlaskClient, how: str) -> None:
    shelf.given(2)
    if how == "paid":
        booking_id, _ = shelf.till.paid_by_client(shelf.till.cast.ben, NEXT_MONDAY)
    else:
        booking_id = shelf.hold()
        shelf.cancel(booking_id)
    assert (ana.post(f"/bookings/{booking_id}/credit").status_code, shelf.left()) == (409, 2)
    assert shelf.till.cast.browser(shelf.till.cast.cleo).post(f"/bookings/{booking_id}/credit").status_code == 404


@pytest.mark.parametrize(("ticked", "left"), [(True, 0), (False, 4)])
def test_it_takes_unused_sessions_back_with_the_money(shelf: Shelf, ana: FlaskClient, ticked: bool, left: int) -> None:
    purchase_id = shelf.buys(shelf.package())
    shelf.booked()
    page = ana.get(f"/payments/{purchase_id}").text
    assert "One session of this package is used or gone, 4 are left." in page
    said = {"amount": "320.00"} | ({"takes_back": "y"} if ticked else {})
    assert ana.post(f"/payments/{purchase_id}/refunds", data=said).status_code == 303
    assert shelf.left() == left
    shelf.till.settle()


def test_it_takes_them_back_when_all_is_given_back_at_stripe(shelf: Shelf) -> None:
    purchase_id = shelf.buys(shelf.package())
    payment_id = shelf.till.purchase(purchase_id).payment_id
    assert payment_id is not None
    shelf.till.gateway.refund_outside(payment_id, 40_000)
    shelf.till.sync(purchase_id)
    assert shelf.left() == 0


@pytest.mark.parametrize(("won", "left"), [(True, 5), (False, 0)])
def test_it_takes_them_back_when_a_bank_takes_all_for_good(shelf: Shelf, won: bool, left: int) -> None:
    purchase_id = shelf.buys(shelf.package())
    payment_id = shelf.till.purchase(purchase_id).payment_id or ""
    shelf.till.gateway.dispute(payment_id)
    shelf.till.sync(purchase_id)
    assert shelf.left() == 5
    shelf.till.gateway.dispute_ends(payment_id, won=won)
    for _ in range(2):
        shelf.till.sync(purchase_id)
    assert shelf.left() == left
