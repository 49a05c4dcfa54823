"""What every test of the layout needs."""

import pytest

from tests.layout.needed import need_pooler


@pytest.fixture(scope="session")
def pooler() -> None:
    """pgbouncer is installed."""
    need_pooler()
