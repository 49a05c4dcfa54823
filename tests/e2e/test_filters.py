"""The filters above a list: where one row is too short for them, none stands alone in the next."""

from collections import Counter

import pytest

from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import DESKTOP_LIGHT
from tests.factories import a_client
from tests.habits.facts import MARCH, give_habit

pytestmark = pytest.mark.browser

_TOPS = "filters => filters.map(filter => filter.getBoundingClientRect().top)"


def test_it_leaves_no_filter_alone_in_a_row(people: Cast, open_window: Opener) -> None:
    for status in ("invited", "paused", "archived", "active"):
        a_client(people.app, people.ana, f"{status} one", f"{status}@example.com", status=status)
    give_habit(people, MARCH.plus(-3))
    ana = open_window(people.ana, DESKTOP_LIGHT)
    ana.visit("/clients")
    for width in range(560, 1000, 40):
        ana.page.set_viewport_size({"width": width, "height": 800})
        rows = Counter(ana.page.locator(".filter").evaluate_all(_TOPS))
        assert min(rows.values()) > 1, width
