"""The application as it is outside of tests: with form tokens and limits on."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from redis import Redis

from coachhub.app import create_app
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from tests.fakes import KeptQueue, OutboxMailer

Strict = Callable[..., Flask]


@pytest.fixture
def strict(settings: Settings, clock: FixedClock) -> Iterator[Strict]:
    """Make the application for an address; nobody's tries are counted yet."""
    made: list[Flask] = []

    def make(base_url: str = "http://localhost") -> Flask:
        elsewhere = Settings(**(settings.model_dump() | {"base_url": base_url}))
        made.append(create_app(elsewhere, clock=clock, mailer=OutboxMailer(), queue=KeptQueue()))
        return made[-1]

    with Redis.from_url(settings.redis_url.get_secret_value()) as valkey:
        valkey.flushdb()
    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
