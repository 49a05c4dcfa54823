"""The demo practice for the tests that look at it."""

import pytest

from coachhub.demo import seed_demo
from coachhub.platform.config import Settings
from tests.emptying import Empty


@pytest.fixture(scope="module")
def demo(settings: Settings, empty: Empty) -> None:
    """Made once for all tests of a file, as these only look: a test that begins with nothing stands in another file."""
    empty()
    seed_demo(settings)
