"""One statement that is a transaction of its own, by the shortest way to the driver.

SQLAlchemy's pool, its events and the way it tells of errors are kept; what it does to compile a statement, to begin and
end a transaction around it and to name the columns of its answer is left out, which is half of what it takes. A cursor
is kept with each connection: a new one finds out anew how each kind of value is written and read.

These statements, and they alone, are prepared on the server, which then reads and plans them once and not each time:
they call functions with values, so that no kept plan can be one for a table of another size (db.py). Where a pooler
stands between, the next statement may meet another server, which has prepared nothing; so it is done only where the
connection is known to be the server's own.

The connection is left as these statements want it, since most of what comes next is one of them; a transaction of
several statements puts it back as it begins. To turn it over and back took as long as to send the statement.
"""

from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy import Connection, Engine, PoolProxiedConnection, event

from coachhub.platform.db import db

_CURSOR, _PREPARES = "cursor_at_once", "prepares"
_NOT_AS_PREPARED = (errors.FeatureNotSupported, errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement)
"""A function answers with other columns than when it was prepared; or it was prepared on another server after all."""


class _Sent:
    """What SQLAlchemy's events keep notes on between a statement and its answer, as a context of its own is."""

    executemany = False

    def handle_dbapi_exception(self, error: BaseException) -> None:
        """Nothing to put away."""


class _Sender:
    """As much of SQLAlchemy's own connection as its listeners look at: to make one of those takes a tenth of all."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine


def ask_at_once(statement: str, asked: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Its first row, if it has any. Values stand in it as the driver names them: `%(name)s`."""
    engine = db.engine
    taken = _taken(engine)
    try:
        return _told(engine, taken, statement, asked)
    finally:
        taken.close()


def _taken(engine: Engine) -> PoolProxiedConnection:
    """A connection out of the pool, which was checked. Where there is none it fails as SQLAlchemy does."""
    try:
        return engine.raw_connection()
    except psycopg.Error as error:
        Connection._handle_dbapi_exception_noconnection(error, engine.dialect, engine)
        raise


def _told(
    engine: Engine, taken: PoolProxiedConnection, statement: str, asked: Mapping[str, Any]
) -> tuple[Any, ...] | None:
    """Whoever listens to the engine hears of it: what counts statements, and what traces them."""
    driver, cursor = _ready(taken)
    sender, sent, heard = _Sender(engine), _Sent(), engine.dispatch
    try:
        heard.before_cursor_execute(sender, cursor, statement, asked, sent, False)
        _send(driver, cursor, taken.info, _as_sent(statement), asked)
        heard.after_cursor_execute(sender, cursor, statement, asked, sent, False)
        return _first_row(cursor)
    except BaseException as error:
        taken.info.pop(_CURSOR, None)  # it is closed now
        context: Any = sent
        Connection(engine, taken)._handle_dbapi_exception(error, statement, asked, cursor, context)


@event.listens_for(Engine, "begin")
def _turn_back(connection: Connection) -> None:
    """A transaction of several statements begins on a connection over which something was asked at once before."""
    driver: psycopg.Connection | None = connection.connection.driver_connection
    if driver is not None and driver.autocommit:
        driver.autocommit, driver.prepare_threshold = False, None


def _ready(taken: PoolProxiedConnection) -> tuple[psycopg.Connection, Any]:
    """The driver's connection, on which each statement is a transaction now, and its cursor."""
    driver: psycopg.Connection | None = taken.driver_connection
    if driver is None:  # not while it is checked out
        raise RuntimeError("no connection of the driver")
    if not driver.autocommit:
        driver.autocommit = True
    kept = taken.info
    if _CURSOR not in kept:
        kept[_CURSOR] = driver.cursor()
    return driver, kept[_CURSOR]


def _send(
    driver: psycopg.Connection, cursor: Any, kept: MutableMapping[Any, Any], statement: bytes, asked: Mapping[str, Any]
) -> None:
    """Prepared, where that may be. What cannot be done as it was prepared has not begun, and is done unprepared."""
    if _PREPARES not in kept:
        kept[_PREPARES] = _is_the_servers_own(driver)
    if not kept[_PREPARES]:
        cursor.execute(statement, asked)
        return
    driver.prepare_threshold = 0
    try:
        cursor.execute(statement, asked)
    except _NOT_AS_PREPARED:
        kept[_PREPARES], driver.prepare_threshold = False, None
        cursor.execute(statement, asked)


def _is_the_servers_own(driver: psycopg.Connection) -> bool:
    """Whether the process that answers is the one that took the connection. A pooler tells a number of its own there,
    by which a client may have a statement cancelled on whichever server that is.
    """
    answer = driver.execute("select pg_backend_pid()").fetchone()
    return answer == (driver.info.backend_pid,)


def _first_row(cursor: Any) -> tuple[Any, ...] | None:
    """What else the cursor holds of the answer would lie there until the next: some are as long as a page."""
    row: tuple[Any, ...] | None = cursor.fetchone()
    cursor.pgresult.clear()
    return row


@lru_cache(maxsize=256)
def _as_sent(statement: str) -> bytes:
    """The driver writes and hashes it anew each time, and some are as long as the page that is made of them."""
    return statement.encode()
