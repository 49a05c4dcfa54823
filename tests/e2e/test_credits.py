"""Sessions of a package in a browser: one, several in one go, a code at the pay step, and what a coach gives."""

from datetime import timedelta
from uuid import UUID

import pytest

from coachhub.booking.service.offers import offering_of
from coachhub.booking.service.visitor_links import booking_token
from coachhub.payments.models import Coupon, StripeAccount
from coachhub.payments.service.giving_credits import Gift, grant_credits
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import NEXT_MONDAY, an_offering, as_nobody, held
from tests.booking.visited import written
from tests.cast import Cast
from tests.conftest import NOW
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOP_DARK, PHONE_LIGHT, Look, Window
from tests.factories import LONG_AGO

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize("look", [PHONE_LIGHT, DESKTOP_DARK], ids=lambda look: look.name)


@pytest.fixture
def hour(people: Cast) -> UUID:
    """Ben has four sessions of Ana's hour; there is a code, and an account that takes payments."""
    offering_id, ana = an_offering(people.app, people.ana), people.ana
    assert people.ben.client_id is not None
    account = {"account_id": "acct_ana", "card_payments": "active", "country": "GB", "created_at": LONG_AGO}
    with people.app.app_context(), as_practice(ana.practice_id, ana.user_id):
        gift = Gift(offering_id, 4, "a thank-you", NOW + timedelta(days=90))
        grant_credits(people.ben.client_id, gift, ana.user_id)
        db.session.add(StripeAccount(practice_id=ana.practice_id, **account))
        db.session.add(Coupon(practice_id=ana.practice_id, code="SPRING-20", percent=20, created_at=LONG_AGO))
    return offering_id


def _hold(people: Cast, offering_id: UUID) -> str:
    ben = people.ben
    booking_id = held(people, "Ben", offering_id, email=ben.email, client_id=ben.client_id)
    with as_nobody(people):
        return f"/b/{booking_token(booking_id)}"


def _is_fine(window: Window) -> None:
    assert window.faults() == []


@LOOKS
def test_it_books_with_a_session(people: Cast, hour: UUID, open_window: Opener, look: Look) -> None:
    window = open_window(people.ben, look)
    window.visit(f"{_hold(people, hour)}/pay")
    _is_fine(window)
    window.page.get_by_role("button", name="Use one of your 4 sessions").click()
    window.page.get_by_role("heading", name="You are booked").wait_for()
    assert window.page.get_by_text("3 of 4 left").is_visible()
    _is_fine(window)


@LOOKS
def test_it_takes_a_code(people: Cast, hour: UUID, open_window: Opener, look: Look) -> None:
    window = open_window(None, look)
    window.visit(f"{_hold(people, hour)}/pay")
    window.page.get_by_text("Have you got a code?").click()
    window.page.get_by_label("Code").fill("nonsense")
    window.page.get_by_role("button", name="Use the code").click()
    window.page.get_by_text("We do not know this code").wait_for()
    _is_fine(window)
    window.page.get_by_label("Code").fill("spring-20")
    window.page.get_by_role("button", name="Use the code").click()
    window.page.get_by_role("button", name="Pay £72.00").wait_for()
    _is_fine(window)


@LOOKS
def test_it_books_several_in_one_go(people: Cast, hour: UUID, open_window: Opener, look: Look) -> None:
    held(people, "Wim", hour, NEXT_MONDAY + timedelta(days=7))
    window = open_window(people.ben, look)
    window.visit("/book")
    _is_fine(window)
    window.page.get_by_role("link", name="Book several at once").click()
    window.page.get_by_role("heading", name="When is the first one?").wait_for()
    _is_fine(window)
    with as_nobody(people):
        slug = offering_of(hour).slug
    window.visit(f"/book/several/{slug}?at={written(NEXT_MONDAY)}&sessions=3")
    _is_fine(window)
    window.page.get_by_role("button", name="Book them all").click()
    window.page.get_by_text("3 sessions are booked.").wait_for()
    assert window.page.get_by_text("1 of 4 left").is_visible()
    _is_fine(window)


@LOOKS
def test_it_lets_a_coach_give_and_take_back(people: Cast, hour: UUID, open_window: Opener, look: Look) -> None:
    window = open_window(people.ana, look)
    window.visit(f"/clients/{people.ben.client_id}/packages")
    _is_fine(window)
    window.page.get_by_label("How many").fill("2")
    window.page.get_by_label("Why").fill("for the talk")
    window.page.get_by_role("button", name="Give them").click()
    window.page.get_by_text("can book with it from now on").wait_for()
    window.page.get_by_role("link", name="A session").first.click()
    window.page.get_by_role("heading", name="Take some back").wait_for()
    _is_fine(window)
