"""Measurements run on servers of their own; here these begin with the schema that is made once for all tests."""

import pytest

from coachhub.platform import embedded
from tests import prepared


@pytest.fixture(autouse=True)
def servers_are_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is timed here, so nothing is made durable either."""
    monkeypatch.setattr(embedded, "running", prepared.running)
