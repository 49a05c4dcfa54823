"""An application that is watched, and what it tells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from redis import Redis

from coachhub.app import create_app
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from tests.emptying import Empty
from tests.fakes import KeptQueue, OutboxMailer
from tests.metrics.scrapes import TOKEN, Scrape
from tests.workers.processes import Processes


@pytest.fixture
def valkey(settings: Settings) -> Iterator[Redis]:
    """An empty Valkey database of this test process's own."""
    with Redis.from_url(settings.redis_url.get_secret_value()) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


@contextmanager
def _watched(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    given = settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    made = create_app(given, clock=clock, mailer=OutboxMailer(), queue=KeptQueue())
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def watched(settings: Settings, clock: FixedClock, valkey: Redis) -> Iterator[Flask]:
    """The web application with a token for `/metrics`."""
    with _watched(settings, clock) as made:
        yield made


def _scrape(app: Flask) -> Scrape:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return Scrape(answer.text, list(text_string_to_metric_families(answer.text)))


@pytest.fixture
def scrape(watched: Flask) -> Callable[[], Scrape]:
    """What the application tells now."""
    return lambda: _scrape(watched)


@pytest.fixture(scope="module")
def told_first(settings: Settings, clock: FixedClock, empty: Empty) -> tuple[Scrape, Scrape]:
    """What it tells before anything has happened, and when asked once more: asked once for all tests that read it."""
    empty()
    with Redis.from_url(settings.redis_url.get_secret_value()) as valkey, _watched(settings, clock) as made:
        valkey.flushdb()
        told = _scrape(made), _scrape(made)
        valkey.flushdb()
    return told


@pytest.fixture
def processes(settings: Settings, tmp_path: Path) -> Iterator[Processes]:
    """Starts real processes, and ends them with the test."""
    running = Processes(settings, tmp_path / "processes.log")
    try:
        yield running
    finally:
        running.close()
