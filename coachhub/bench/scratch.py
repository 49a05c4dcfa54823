"""Servers, a schema and a practice of our own, in a folder that is removed afterwards."""

import gc
import random
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import event

from coachhub.accounts.service.logins import start_login
from coachhub.app import create_app, create_worker_app
from coachhub.demo import people
from coachhub.demo.practice import Staff, make_client, make_practice
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import Who
from coachhub.platform import clock, embedded, migrate
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.garbage import kept_for_good
from coachhub.platform.jobs import Ring
from coachhub.platform.tenancy import as_practice, as_visitor


class _NoBell:
    """Nobody listens: what a worker would do is called by name here, where it can be timed."""

    def put(self, ring: Ring) -> None:
        """Drop it."""


class Person(Protocol):
    """Somebody in a practice."""

    @property
    def practice_id(self) -> UUID: ...

    @property
    def user_id(self) -> UUID: ...


@dataclass(frozen=True)
class Scratch:
    """The application's two sides and a practice; the addresses are for floors and for clearing."""

    web: Flask
    worker: Flask
    staff: Staff
    addresses: embedded.Addresses
    settings: Settings

    @property
    def redis_url(self) -> str:
        """Where its Valkey is."""
        return self.addresses.redis_url

    @property
    def superuser_url(self) -> str:
        """Its database as a superuser, who makes loads and looks behind the policies."""
        name = urlsplit(self.addresses.database_url).path
        return urlsplit(self.addresses.admin_url)._replace(path=name).geturl()

    def client(self, number: int, friends: int) -> Who:
        """Another client of the practice, with so many friends and fourteen months of meetups."""
        chance, sheets = random.Random(number), Sheets()  # noqa: S311 (a story, not a secret)
        name, _, zone = people.CLIENTS[number]
        with self.worker.app_context():
            now = clock.now()
            with as_practice(self.staff.practice_id):
                life, address = people.LIVES[0], f"client-{number}@bench.example"
                who = make_client(sheets, chance, now, self.staff, number, name, address, zone, life, (friends, 0))
        assert who is not None  # noqa: S101 (that life is an active client's)
        sheets.copy_into(self.addresses.owner_url)
        return who

    def as_owner(self, statement: LiteralString) -> None:
        """Run one statement of ours as the owner of the tables, outside of any transaction."""
        with psycopg.connect(self.addresses.owner_url, autocommit=True) as connection:
            connection.execute(statement)

    def as_admin(self, statement: LiteralString) -> None:
        """Run one statement of ours as a superuser, outside of any transaction."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(statement)

    def forget_tries(self) -> None:
        """Begin the hour anew in which tries and looks are counted."""
        with Redis.from_url(self.redis_url) as valkey:
            for key in valkey.scan_iter(match="LIMITS:*"):
                valkey.delete(key)

    def browser(self, who: Person) -> FlaskClient:
        """A browser in which the person is signed in."""
        browser = self.web.test_client()
        with self.web.app_context(), as_visitor():
            token = start_login(who.user_id, who.practice_id)
        browser.set_cookie(self.web.config["SIGN_IN_COOKIE"], token)
        return browser


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Servers as `script/up` starts them, migrated, for the length of the block. Nothing else is touched."""
    with tempfile.TemporaryDirectory(prefix="coachhub-bench-") as folder, embedded.running(Path(folder)) as addresses:
        migrate.upgrade(addresses.owner_url)
        settings = _settings(addresses, Path(folder))
        with kept_for_good():  # as a server's processes are: no round looks through all of it for garbage
            web, worker = create_app(settings, queue=_NoBell()), create_worker_app(settings, queue=_NoBell())
        try:
            yield Scratch(web, worker, _practice(worker, addresses.owner_url), addresses, settings)
        finally:
            gc.unfreeze()
            for app in (web, worker):
                with app.app_context():
                    db.engine.dispose()


def _settings(addresses: embedded.Addresses, folder: Path) -> Settings:
    given: dict[str, Any] = {
        "environment": "test",
        "data": folder,
        "secret_key": secrets.token_urlsafe(48),
        "database_url": addresses.database_url,
        "database_worker_url": addresses.worker_url,
        "database_owner_url": addresses.owner_url,
        "redis_url": addresses.redis_url,
        "base_url": "http://localhost",
        "access_log": False,  # it would stand among the figures
    }
    return Settings(**given)


def _practice(worker: Flask, owner_url: str) -> Staff:
    chance, sheets = random.Random(1), Sheets()  # noqa: S311 (a story, not a secret)
    with worker.app_context():
        details = ("Bench", "bench", "Europe/London", "GBP", "en_GB")
        staff = make_practice(sheets, chance, clock.now(), details, (("Ana", "ana@bench.example"),), is_demo=False)
    sheets.copy_into(owner_url)
    return staff


@contextmanager
def counting(app: Flask) -> Iterator[Callable[[], int]]:
    """Count the SQL statements of an application in the block, `set_config` included; asked, it says how many."""
    count = 0

    def one_more(*_of_it: object) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", one_more)
    try:
        yield lambda: count
    finally:
        event.remove(engine, "before_cursor_execute", one_more)
