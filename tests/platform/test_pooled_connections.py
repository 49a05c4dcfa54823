"""A connection of the pool is checked before it is used, and the server is asked only where that is needed."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine, text

from coachhub.platform import db
from coachhub.platform.config import Settings, sqlalchemy_url


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = create_engine(sqlalchemy_url(settings.database_url.get_secret_value()), **db.engine_options())
    yield made
    made.dispose()


@pytest.fixture
def pings(monkeypatch: pytest.MonkeyPatch) -> list[psycopg.Connection]:
    sent: list[psycopg.Connection] = []
    ping = db._ping

    def counted(connection: psycopg.Connection) -> None:
        sent.append(connection)
        ping(connection)

    monkeypatch.setattr(db, "_ping", counted)
    return sent


def process_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("select pg_backend_pid()")).scalar_one())


def end(admin: psycopg.Connection, process: int) -> None:
    admin.execute("select pg_terminate_backend(%s, 5000)", [process])


def test_it_does_not_ask_about_a_connection_that_was_used_just_now(
    engine: Engine, pings: list[psycopg.Connection]
) -> None:
    assert process_of(engine) == process_of(engine)
    assert pings == []


def test_it_notices_at_once_that_the_server_has_gone(engine: Engine, admin: psycopg.Connection) -> None:
    before = process_of(engine)
    end(admin, before)
    assert process_of(engine) != before


def test_it_replaces_all_that_went_with_it(
    engine: Engine, admin: psycopg.Connection, pings: list[psycopg.Connection]
) -> None:
    with engine.connect() as one, engine.connect() as other:
        gone = [connection.execute(text("select pg_backend_pid()")).scalar_one() for connection in (one, other)]
    for process in gone:
        end(admin, process)
    with engine.connect() as one, engine.connect() as other:
        there = [connection.execute(text("select pg_backend_pid()")).scalar_one() for connection in (one, other)]
    assert not set(gone) & set(there)
    assert len(pings) == 1


def test_it_asks_about_a_connection_that_was_idle_for_long(
    engine: Engine, pings: list[psycopg.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = process_of(engine)
    monkeypatch.setattr(db, "monotonic", lambda: 1e12)
    assert process_of(engine) == before
    assert len(pings) == 1


def test_it_takes_nothing_back_that_is_still_open(engine: Engine) -> None:
    given = engine.raw_connection()
    given.cursor().execute("create temporary table left_open (n int)")
    given.close()
    again = engine.raw_connection()
    driver = again.driver_connection
    assert driver is not None
    assert driver.info.transaction_status == TransactionStatus.IDLE
    left = driver.execute("select to_regclass('left_open')").fetchone()
    again.close()
    assert left == (None,)


def test_it_keeps_a_connection_that_was_only_told_something(
    engine: Engine, admin: psycopg.Connection, pings: list[psycopg.Connection]
) -> None:
    with engine.connect() as connection:
        before = connection.execute(text("select pg_backend_pid()")).scalar_one()
        connection.execute(text("listen news"))
        connection.commit()
    admin.execute("notify news")
    assert process_of(engine) == before
    assert len(pings) <= 1
