"""The bar at the bottom of a phone: every name can be read, and everything can be reached."""

import pytest

from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_LIGHT, Window

pytestmark = pytest.mark.browser

_TOO_SMALL = """links => links.filter(link => {
  const style = getComputedStyle(link)
  return link.offsetParent && (parseFloat(style.fontSize) < 13 || link.scrollWidth > link.offsetWidth)
}).map(link => link.textContent)"""


def _unreadable(window: Window) -> object:
    return window.page.locator(".nav-list > li > a, .nav-list summary").evaluate_all(_TOO_SMALL)


def test_it_names_every_place_of_the_coach_and_keeps_the_rest_behind_more(people: Cast, open_window: Opener) -> None:
    ana = open_window(people.ana, PHONE_LIGHT, javascript=False)
    ana.visit("/today")
    assert _unreadable(ana) == []
    ana.page.locator(".nav summary").click()
    ana.page.locator(".nav .menu-list").get_by_role("link", name="Settings").click()
    assert ana.page.url.endswith("/settings")


@pytest.mark.parametrize("width", [360, 390])
def test_it_names_every_place_of_the_client(people: Cast, open_window: Opener, width: int) -> None:
    ben = open_window(people.ben, PHONE_LIGHT)
    ben.page.set_viewport_size({"width": width, "height": 740})
    ben.visit("/month")
    assert _unreadable(ben) == []
