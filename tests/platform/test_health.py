"""What probes are told: the web is ready where its pages work."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from pydantic import SecretStr

from coachhub.app import create_app
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from tests.cast import Cast, signed_in
from tests.fakes import OutboxMailer


@pytest.fixture
def alone(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The web with its limits and its own queue, where nobody answers for Valkey."""
    told = settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1")})
    made = create_app(told, clock=clock, mailer=OutboxMailer())
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield made
    with made.app_context():
        db.engine.dispose()


def test_it_stays_ready_without_valkey_and_tells_of_it(alone: Flask) -> None:
    answer = alone.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "checks": {"database": True, "migrations": True, "valkey": False}}


def test_it_means_it(alone: Flask, cast: Cast, admin: psycopg.Connection) -> None:
    assert signed_in(alone, cast.ana).get("/clients").status_code == 200
    asked = alone.test_client().post("/sign-in/send-code", data={"email": "ben@example.com"})
    assert asked.status_code == 303
    assert admin.execute("select count(*) from wakes where practice_id = %s", [cast.ben.practice_id]).fetchone() == (1,)


def test_it_is_not_ready_without_a_database(settings: Settings, clock: FixedClock) -> None:
    away = {"database_url": SecretStr("postgresql://somebody@127.0.0.1:1/coachhub")}
    made = create_app(settings.model_copy(update=away), clock=clock, mailer=OutboxMailer())
    answer = made.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["checks"]["database"]) == (503, False)
