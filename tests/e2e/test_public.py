"""What everybody meets first."""

import pytest

from tests.cast import Cast
from tests.e2e.conftest import Opener

pytestmark = pytest.mark.browser


def test_it_answers_a_page_that_is_not_there_calmly(people: Cast, open_window: Opener) -> None:
    window = open_window()
    assert window.visit("/nothing-here").status == 404
    assert window.page.get_by_role("heading", level=1).inner_text() == "Not found"
    assert window.faults() == []
