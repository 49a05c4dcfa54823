"""A coach sets up what can be booked, and a visitor reads it."""

import pytest
from playwright.sync_api import expect

from coachhub.booking.service.starting import set_up_practice
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOP_LIGHT, PHONE_DARK, Look, Window

pytestmark = pytest.mark.browser


@pytest.fixture
def practice(people: Cast) -> Cast:
    """Ana's practice as a new one is."""
    with people.app.app_context(), as_practice(people.ana.practice_id, people.ana.user_id):
        set_up_practice(people.ana.practice_id, people.ana.user_id)
    return people


def _finish_the_draft(window: Window) -> None:
    window.visit("/offerings")
    window.press("Copy link")
    window.reads("Copied")
    window.follow("Finish “Coaching session”")
    window.fill("Price in GBP, 0 for free", "ninety")
    window.press("Save and open for booking")
    window.reads("Write an amount such as 120.00.")
    window.fill("Price in GBP, 0 for free", "90")
    window.press("Save and open for booking")
    window.reads("“Coaching session” is open: visitors can book it now.")


@pytest.mark.parametrize("look", [DESKTOP_LIGHT, PHONE_DARK], ids=lambda look: look.name)
def test_it_leads_from_a_draft_to_what_a_visitor_reads(practice: Cast, open_window: Opener, look: Look) -> None:
    window = open_window(practice.ana, look)
    _finish_the_draft(window)
    assert window.faults() == []
    page = window.page.get_by_role("link", name="/p/").get_attribute("href")
    visitor = open_window(None, look)
    visitor.visit(page or "")
    visitor.reads("Coaching session")
    visitor.reads("£90.00")


def test_it_asks_hours_only_of_somebody_who_works_other_hours(practice: Cast, open_window: Opener) -> None:
    window = open_window(practice.ana)
    window.visit("/availability")
    hours = window.page.get_by_label("These days, range 1, from")
    expect(hours).to_be_hidden()
    window.page.get_by_label("Other hours").check()
    window.fill("First day", "2026-04-06")
    hours.fill("10:00")
    window.page.get_by_label("These days, range 1, until").fill("12:00")
    window.press("Add these days")
    window.reads("10:00–12:00")


def test_it_keeps_a_week_without_scripts(practice: Cast, open_window: Opener) -> None:
    window = open_window(practice.ana, javascript=False)
    window.visit("/availability")
    window.page.get_by_label("Saturday, range 1, from").fill("10:00")
    window.page.get_by_label("Saturday, range 1, until").fill("09:00")
    window.press("Save hours")
    window.reads("It must end after it begins.")
    window.page.get_by_label("Saturday, range 1, until").fill("00:00")
    window.press("Save hours")
    window.reads("The hours are saved.")
    assert window.page.get_by_label("Saturday, range 1, until").input_value() == "00:00"
