"""The owner is full, takes the platform's plan, lets its card fail, ends it: at the pretended pages, without a key."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from coachhub.platform.config import Settings
from coachhub.platform.ports import ports
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOP_DARK, PHONE_LIGHT, Look, Window
from tests.factories import a_client

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _sold(web: Flask, web_settings: Settings, tell_site: Callable[[Settings], None]) -> Iterator[None]:
    """A plan is on sale at the site."""
    with web.app_context():
        wired = ports()
    wired.settings = web_settings.model_copy(update={"stripe_price_id": "price_1"})
    tell_site(wired.settings)
    yield
    wired.settings = web_settings
    tell_site(web_settings)


def _add_mei(window: Window) -> None:
    window.visit("/clients/add")
    window.fill("Name", "Mei Lin")
    window.fill("E-mail", "mei@example.com")
    window.press("Add, I will send the link myself")


@pytest.mark.parametrize("look", [PHONE_LIGHT, DESKTOP_DARK], ids=lambda look: look.name)
def test_it_takes_the_plan_where_it_is_full(people: Cast, open_window: Opener, look: Look) -> None:
    for n in (2, 3):
        a_client(people.app, people.ana, f"Client {n}", f"client{n}@example.com")
    window = open_window(people.ana, look)
    _add_mei(window)
    window.reads("3 of 3 are taken")
    assert window.page.get_by_label("Name").input_value() == "Mei Lin"
    assert window.faults() == []
    window.follow("See the plan")
    window.reads("Free for up to 3 active clients")
    assert window.faults() == []
    window.press("Start 14 days free")
    window.reads("This is a pretend checkout: no money moves.")
    window.press("Take the pretend plan")
    window.reads("nothing to pay until")
    assert window.faults() == []
    _add_mei(window)
    window.reads("mei@example.com")


def test_it_says_until_when_a_failed_card_changes_nothing(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana, PHONE_LIGHT, javascript=False)
    window.visit("/settings/plan")
    window.press("Start 14 days free")
    window.press("Take the pretend plan")
    window.press("Change card or end the plan")
    window.press("Let the card fail")
    window.reads("Until Thursday 19 March nothing changes")
    window.visit("/today")
    window.reads("The card for your CoachHub plan failed.")
    window.press("Change the card")
    window.press("Give the plan up")
    window.reads("Ends")
