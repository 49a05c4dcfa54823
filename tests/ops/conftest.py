"""What the tests of the operator's commands share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from redis import Redis

from coachhub.cli import main
from coachhub.platform.config import Settings
from tests.cast import Cast
from tests.fakes import KeptQueue
from tests.reminders.rows import Office, switch_monday_off
from tests.reminders.wakes import Sweeper
from tests.workers.processes import environment

Tell = Callable[..., Result]


@pytest.fixture
def office(worker_app: Flask, admin: psycopg.Connection, cast: Cast) -> Office:
    """The worker's side of the test. Nobody gets a Monday mail."""
    switch_monday_off(admin)
    return Office(worker_app, admin)


@pytest.fixture
def sweeper(worker_app: Flask, queue: KeptQueue, admin: psycopg.Connection) -> Sweeper:
    return Sweeper(worker_app, queue, admin)


@pytest.fixture
def valkey(settings: Settings) -> Iterator[Redis]:
    """An empty Valkey database."""
    with Redis.from_url(settings.redis_url.get_secret_value()) as connection:
        connection.flushdb()
        yield connection


@pytest.fixture
def tell(
    settings: Settings,
    cast: Cast,
    admin: psycopg.Connection,
    valkey: Redis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Tell:
    """Runs `coachhub` as an operator would, to whom the practices are ana-coaching and cleo-careers."""
    admin.execute("update practices set slug = replace(lower(name), ' ', '-')")
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COACHHUB_DATA", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(main, arguments)
