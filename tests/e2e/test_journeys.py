"""The two journeys that must be short: what a person fills in and clicks is counted, with and without JavaScript."""

import pytest

from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.window import PHONE_LIGHT, Steps

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])]

PASSWORD = "three or four words"


def test_it_takes_a_coach_at_most_twelve_steps_to_the_first_invitation(
    post: Post, open_window: Opener, javascript: bool
) -> None:
    window = open_window(javascript=javascript)
    steps = Steps(window)
    window.visit("/sign-up")
    steps.fill("name of your practice", "Alvarez & Partners")
    steps.fill("E-mail", "ana@example.com")
    steps.fill("Password", PASSWORD)
    steps.press("Start your practice")
    assert window.page.url.endswith("/today")
    steps.fill("Your clients", "Ben Berger, ben@example.com")
    steps.press("Look at the list")
    steps.press("Add 1 and send")
    assert window.shows("Ben Berger")
    post.send()
    assert len(post.texts("ben@example.com")) == 1
    assert steps.count <= 12, steps.taken


def test_it_takes_a_client_at_most_fourteen_steps_to_the_first_message(
    people: Cast, post: Post, open_window: Opener, javascript: bool
) -> None:
    coach = open_window(people.ana)
    coach.visit("/clients/add")
    coach.fill("Name", "Eva Ek")
    coach.fill("E-mail", "eva@example.com")
    coach.press("Send invitation")
    post.send()

    window = open_window(look=PHONE_LIGHT, javascript=javascript)
    steps = Steps(window)
    steps.open(post.link("eva@example.com"))
    assert window.shows("Ana Alvarez")
    steps.press("Start")
    steps.fill("Name", "Dan Dorsey")
    steps.fill("From where", "Acme")
    steps.tick("Longer ago")
    steps.press("Continue")
    assert window.shows("How about Dan Dorsey?")
    steps.press("Write to Dan")
    assert window.shows("Hello Dan") or window.shows("Dan,")
    if javascript:
        steps.press("Copy")
        assert "Dan" in window.page.evaluate("navigator.clipboard.readText()")
    steps.press("I sent it")
    assert window.shows("on its way")
    assert steps.count <= 14, steps.taken
