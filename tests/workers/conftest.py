"""What the tests of real worker processes share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from coachhub.platform.config import Settings
from tests.workers import forks
from tests.workers.forks import Nursery
from tests.workers.processes import Processes


@pytest.fixture
def valkey(settings: Settings) -> Iterator[Redis]:
    """An empty Valkey database of this test process's own."""
    with Redis.from_url(settings.redis_url.get_secret_value()) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where processes come from that need not load the application first."""
    with forks.nursery() as running:
        yield running


@pytest.fixture
def processes(settings: Settings, tmp_path: Path, nursery: Nursery) -> Iterator[Processes]:
    """Starts real processes, and ends them with the test."""
    running = Processes(settings, tmp_path / "processes.log", nursery)
    try:
        yield running
    finally:
        running.close()
