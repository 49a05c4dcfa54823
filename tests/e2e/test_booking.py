"""A visitor books without an account: on a phone and at a desk, with scripts and without, by the keyboard alone."""

import re

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.booking.booked import held
from tests.booking.visited import Shop, an_offer, open_shop
from tests.cast import Cast
from tests.conftest import NOW
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOPS, PHONE_DARK, PHONE_LIGHT, PHONES, Look, Steps, Window

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(people: Cast, admin: psycopg.Connection) -> Shop:
    """Ana's practice with a free intro, open to visitors."""
    made = open_shop(people, admin)
    an_offer(people.app, "intro", people.ana, is_intro=True)
    return made


def _no_fault(window: Window, *, javascript: bool = True) -> None:
    assert window.faults(axe=javascript) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("looks", [PHONES, DESKTOPS], ids=["phone", "desktop"])
def test_it_leads_from_the_practice_page_to_a_booked_time(
    shop: Shop, open_window: Opener, looks: tuple[Look, ...], javascript: bool
) -> None:
    window = open_window(look=looks[0], javascript=javascript)
    steps = Steps(window)
    window.visit(shop.path)
    assert window.faults_in(looks, axe=javascript) == []
    steps.follow("See all times")
    window.asks("Free intro call")
    assert window.faults_in(looks, axe=javascript) == []
    steps.follow("Monday 9 March")
    window.page.get_by_role("heading", name="Monday 9 March").wait_for()
    steps.follow("11:30")
    window.asks("Monday 9 March, 11:30")
    assert window.faults_in(looks, axe=javascript) == []
    steps.fill("Your name", "Vera Visitor")
    steps.fill("Your e-mail address", "vera@example.org")
    steps.press("Book it")
    window.reads("You are booked.")
    window.asks("Monday 9 March, 11:30")
    assert window.faults_in(looks, axe=javascript) == []
    assert steps.count <= 6


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_it_moves_and_cancels_under_the_link(shop: Shop, open_window: Opener, javascript: bool) -> None:
    window = open_window(look=PHONE_LIGHT, javascript=javascript)
    _book(window, shop)
    window.follow("Move it")
    window.asks("Move it to when?")
    _no_fault(window, javascript=javascript)
    window.follow("Tuesday 10 March")
    window.page.get_by_role("heading", name="Tuesday 10 March").wait_for()
    window.follow("14:00")
    window.asks("Tuesday 10 March, 14:00")
    _no_fault(window, javascript=javascript)
    window.press("Move it")
    window.reads("Moved from")
    window.follow("Cancel it")
    window.asks("Cancel it?")
    _no_fault(window, javascript=javascript)
    window.fill("A word with it", "I have caught a cold.")
    window.press("Cancel the booking")
    window.asks("It is cancelled")
    _no_fault(window, javascript=javascript)


def _book(window: Window, shop: Shop) -> None:
    window.visit(f"{shop.path}/intro?at=2026-03-09T11:30Z")
    window.fill("Your name", "Vera Visitor")
    window.fill("Your e-mail address", "vera@example.org")
    window.press("Book it")
    window.reads("You are booked.")


def test_it_books_by_the_keyboard_alone(shop: Shop, open_window: Opener) -> None:
    window = open_window()
    window.visit(f"{shop.path}/intro")
    keyboard = window.page.keyboard
    _tab_to(window, "day-9")
    keyboard.press("Enter")
    window.page.get_by_role("heading", name="Monday 9 March").wait_for()
    assert window.page.evaluate("document.activeElement.id") == "day-9"  # the part that htmx brought keeps the focus
    while window.page.evaluate("document.activeElement.textContent") != "09:30":
        keyboard.press("Tab")
    keyboard.press("Enter")
    window.asks("Monday 9 March, 09:30")
    _tab_to(window, "name")
    keyboard.type("Vera Visitor")
    keyboard.press("Tab")
    keyboard.type("vera@example.org")
    keyboard.press("Enter")
    window.reads("You are booked.")


def _tab_to(window: Window, wanted: str) -> None:
    for _ in range(60):
        window.page.keyboard.press("Tab")
        if window.page.evaluate("document.activeElement.id") == wanted:
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_it_tells_times_by_the_browsers_clock_and_by_another(shop: Shop, browser: Browser, site: str) -> None:
    window = Window(browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo").new_page(), site)
    window.visit(f"{shop.path}/intro")
    picked = window.page.get_by_label("Times are told by the clock of")
    expect(picked).to_have_value("Asia/Tokyo")
    expect(window.page.locator(".times a").first).to_have_text("22:00")
    picked.select_option("Asia/Kolkata")
    window.press("Change")
    window.page.wait_for_url(re.compile("zone=Asia"))
    expect(window.page.locator(".times a").first).to_have_text("18:30")
    window.page.locator(".times a").first.click()
    window.reads("By the clock of Kolkata.")
    assert window.complaints == []
    window.page.context.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_it_loses_nothing_when_somebody_was_quicker(shop: Shop, open_window: Opener, javascript: bool) -> None:
    talk = an_offer(shop.cast.app, "talk", shop.cast.ana, title="A talk")
    window = open_window(look=PHONE_DARK, javascript=javascript)
    window.visit(f"{shop.path}/talk?at=2026-03-09T10:00Z")
    window.fill("Your name", "Vera Visitor")
    window.fill("Your e-mail address", "vera@example.org")
    held(shop.cast, "Walt", talk, NOW.replace(day=9, hour=10))
    window.press("Book it")
    window.asks("This time is not free any more")
    _no_fault(window, javascript=javascript)
    window.page.get_by_label("Monday 9 March, 10:30").check()
    window.press("Book it")
    window.reads("You are booked.")
    window.asks("Monday 9 March, 10:30")


def test_it_tells_whoever_waits(shop: Shop, open_window: Opener, admin: psycopg.Connection) -> None:
    admin.execute("delete from weekly_hours")
    window = open_window(look=PHONE_LIGHT)
    window.visit(f"{shop.path}/intro")
    window.reads("Nothing is free in March 2026")
    _no_fault(window)
    window.follow("Tell me if a time opens")
    window.asks("Tell me if a time opens")
    _no_fault(window)
    window.fill("Your name", "Vera Visitor")
    window.fill("Your e-mail address", "vera@example.org")
    window.press("Tell me")
    window.asks("We will tell you")
    _no_fault(window)
    window.press("Do not tell me any more")
    window.asks("You are not waiting any more")
