"""Real servers, started once by the first process; each parallel worker has a database of its own."""

import json
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask
from psycopg.sql import SQL, Identifier

from coachhub.app import create_app, create_worker_app
from coachhub.platform import embedded
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.limits import limiter
from coachhub.supervise.fleet import through_pooler
from tests import prepared
from tests.cast import Cast, Casting
from tests.emptying import Empty, emptying
from tests.fakes import KeptQueue, OutboxMailer
from tests.layout.running import pooled
from tests.layout.shared import SharedClock, SharedQueue
from tests.offline import offline  # noqa: F401 (a fixture of every test)
from tests.ordering import lengthy_first
from tests.payments.fake_gateway import FakeGateway

_ADDRESSES = "COACHHUB_TEST_ADDRESSES"
NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
_servers = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--as-fleet`: through a pooler, and browsers meet two web servers behind a proxy."""
    parser.addoption("--as-fleet", action="store_true", help="run the tests in the process layout of many machines")


def pytest_configure(config: pytest.Config) -> None:
    """In the controlling process only: make the schema, and start PostgreSQL and Valkey with it."""
    if hasattr(config, "workerinput") or _ADDRESSES in os.environ or config.option.collectonly:
        return
    folder = Path(_servers.enter_context(tempfile.TemporaryDirectory(prefix="coachhub-test-")))
    prepared.prepare(folder / "prepared")
    addresses = _servers.enter_context(prepared.running(folder / "servers"))
    if config.option.as_fleet:
        _servers.enter_context(pooled(folder / "servers", addresses))
    os.environ[_ADDRESSES] = json.dumps(asdict(addresses))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    if not hasattr(config, "workerinput"):
        os.environ.pop(_ADDRESSES, None)
        _servers.close()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nobody looks through thousands of tests for garbage: not while they are collected, and not while they run."""
    with kept_for_good():
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the lengthy ones, once those are left out that were not asked for."""
    lengthy_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


@pytest.fixture(scope="session")
def as_fleet(pytestconfig: pytest.Config) -> bool:
    """Whether the tests run in the process layout of many machines."""
    return bool(pytestconfig.option.as_fleet)


@pytest.fixture(scope="session")
def addresses(worker_id: str, as_fleet: bool) -> embedded.Addresses:
    """A database of this worker's own, copied from the migrated one, and a Valkey database of its own."""
    first = embedded.Addresses(**json.loads(os.environ[_ADDRESSES]))
    name = f"test_{worker_id}"
    with psycopg.connect(first.admin_url, autocommit=True) as admin:
        admin.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))
        admin.execute(
            SQL("create database {} template coachhub owner coachhub_owner strategy file_copy").format(Identifier(name))
        )
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 1
    found = _elsewhere(first, name, number)
    if not as_fleet:
        return found
    pooled_ones = (through_pooler(found.database_url), through_pooler(found.worker_url))
    return replace(found, database_url=pooled_ones[0], worker_url=pooled_ones[1])


def _elsewhere(first: embedded.Addresses, database: str, number: int) -> embedded.Addresses:
    def there(url: str) -> str:
        return urlsplit(url)._replace(path=f"/{database}").geturl()

    redis_url = first.redis_url.replace("db=0", f"db={number}")
    return embedded.Addresses(
        there(first.database_url), there(first.worker_url), there(first.owner_url), there(first.admin_url), redis_url
    )


@pytest.fixture(scope="session")
def settings(addresses: embedded.Addresses) -> Settings:
    """Settings of the test environment."""
    return Settings(
        environment="test",
        secret_key="a secret for tests only, thirty-two or more",
        database_url=addresses.database_url,
        database_worker_url=addresses.worker_url,
        database_owner_url=addresses.owner_url,
        redis_url=addresses.redis_url,
        base_url="http://localhost",
    )


@pytest.fixture(scope="session")
def clock(addresses: embedded.Addresses, as_fleet: bool) -> FixedClock:
    return SharedClock(addresses.redis_url, NOW) if as_fleet else FixedClock(NOW)


@pytest.fixture(scope="session")
def mailer() -> OutboxMailer:
    return OutboxMailer()


@pytest.fixture(scope="session")
def queue(addresses: embedded.Addresses, as_fleet: bool) -> KeptQueue:
    return SharedQueue(addresses.redis_url) if as_fleet else KeptQueue()


@pytest.fixture(scope="session")
def gateway(clock: FixedClock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture(scope="session")
def app(
    settings: Settings, clock: FixedClock, mailer: OutboxMailer, queue: KeptQueue, gateway: FakeGateway
) -> Iterator[Flask]:
    """The web application as the web role, with fakes at its ports."""
    made = prepared.with_templates(create_app(settings, clock=clock, mailer=mailer, queue=queue, gateway=gateway))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    yield made
    _let_go(made)


@pytest.fixture(scope="session")
def worker_app(
    settings: Settings, clock: FixedClock, mailer: OutboxMailer, queue: KeptQueue, gateway: FakeGateway
) -> Iterator[Flask]:
    """The services as the worker role, with the same fakes."""
    made = prepared.with_templates(
        create_worker_app(settings, clock=clock, mailer=mailer, queue=queue, gateway=gateway)
    )
    made.config.update(TESTING=True)
    yield made
    _let_go(made)


@pytest.fixture
def tries_count(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tries are counted, and nobody has tried anything yet.

    The limiter is one for all applications of a process and counts where the last of them was told to, which another
    test may have stopped meanwhile: it is given back to ours.
    """
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    limiter.init_app(app)
    limiter.reset()
    yield
    limiter.reset()


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def admin(addresses: embedded.Addresses) -> Iterator[psycopg.Connection]:
    """The superuser's connection: to clean up and to look behind the policies, never to test them."""
    with psycopg.connect(addresses.admin_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def table_names(admin: psycopg.Connection) -> list[str]:
    """The names of all tables."""
    rows = admin.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
    ).fetchall()
    return [name for (name,) in rows]


@pytest.fixture(scope="session")
def empty(
    admin: psycopg.Connection,
    table_names: list[str],
    clock: FixedClock,
    mailer: OutboxMailer,
    queue: KeptQueue,
    gateway: FakeGateway,
) -> Empty:
    """Does what `clean` does, for who tells a story once to several tests."""
    statement = emptying(table_names)

    def empty_it() -> None:
        admin.execute(statement)
        clock.instant = NOW
        mailer.mails.clear()
        queue.rings.clear()
        gateway.forget()

    return empty_it


@pytest.fixture
def clean(empty: Empty) -> None:
    """An empty database, an empty mailbox, nothing bought, and the clock at NOW."""
    empty()


@pytest.fixture(scope="session")
def casting(admin: psycopg.Connection, table_names: list[str]) -> Casting:
    """Makes the cast of each test."""
    return Casting(admin, table_names)


@pytest.fixture
def cast(app: Flask, clean: None, casting: Casting) -> Cast:
    """Ana, coach of practice A; Ben, her client; Cleo, coach of practice B, the stranger; Dan, Ben's friend."""
    return casting(app)
