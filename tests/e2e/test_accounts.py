"""A coach comes, leaves and comes back, in a real browser."""

import psycopg
import pytest
from flask import Flask

from tests.accounts.mailbox import newest_code
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_DARK, Steps

pytestmark = pytest.mark.browser

PASSWORD = "late bus green moon"


def _sign_up(steps: Steps) -> None:
    steps.open("/sign-up")
    steps.fill("Name of your practice", "Zoe Coaching")
    steps.fill("E-mail address", "zoe@example.com")
    steps.fill("Password", PASSWORD)
    steps.press("Start your practice")
    steps.window.page.wait_for_url("**/today")


def test_it_brings_a_coach_in_with_three_fields(people: Cast, open_window: Opener, admin: psycopg.Connection) -> None:
    window = open_window()
    _sign_up(Steps(window))
    assert window.shows("Please confirm your e-mail address")
    kept = admin.execute("select time_zone, currency from practices where slug = 'zoe-coaching'").fetchone()
    assert kept == ("Europe/London", "GBP")


def test_it_brings_a_coach_back_by_a_mailed_code(
    people: Cast, open_window: Opener, web: Flask, admin: psycopg.Connection
) -> None:
    window = open_window()
    _sign_up(Steps(window))
    window.page.locator("summary").first.click()
    window.press("Sign out")
    window.visit("/sign-in")
    window.page.get_by_label("E-mail address").fill("zoe@example.com")
    window.press("E-mail me a code instead")
    window.page.get_by_label("Six-digit code").fill(newest_code(web, admin, "zoe@example.com"))
    window.press("Sign in")
    window.page.wait_for_url("**/today")


def test_it_signs_up_on_a_phone_without_javascript(people: Cast, open_window: Opener) -> None:
    window = open_window(look=PHONE_DARK, javascript=False)
    _sign_up(Steps(window))
    assert window.faults(axe=False) == []


def test_it_says_that_the_address_has_an_account_and_keeps_what_was_typed(people: Cast, open_window: Opener) -> None:
    window = open_window()
    window.visit("/sign-up")
    for label, text in {
        "Name of your practice": "Ana",
        "E-mail address": "ana@example.com",
        "Password": PASSWORD,
    }.items():
        window.page.get_by_label(label).fill(text)
    window.press("Start your practice")
    assert window.page.get_by_label("E-mail address").input_value() == "ana@example.com"
    assert window.page.get_by_label("Password").input_value() == ""
    window.follow("Sign in to your account")
    window.asks("Sign in")
    assert window.faults() == []


def test_it_shows_no_list_that_the_browser_kept_once_somebody_has_signed_out(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana)
    window.visit("/clients")
    assert window.shows("Ben Berger")
    window.page.locator("summary").first.click()
    window.press("Sign out")
    window.page.get_by_text("You are signed out.").wait_for()  # before that there is no page to go back from
    window.page.go_back()
    window.page.wait_for_url("**/sign-in*")
    assert not window.shows("Ben Berger")
