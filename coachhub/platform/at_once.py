"""One statement that is a transaction of its own, by the shortest way to the driver.

SQLAlchemy's pool, its events and the way it tells of errors are kept; what it does to compile a statement, to begin and
end a transaction around it and to name the columns of its answer is left out, which is half of what it takes.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection

from coachhub.platform.db import db


class _Sent:
    """What SQLAlchemy's events keep notes on between a statement and its answer, as a context of its own is."""

    executemany = False

    def handle_dbapi_exception(self, error: BaseException) -> None:
        """Nothing to put away."""


def ask_at_once(statement: str, asked: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Its first row, if it has any. Values stand in it as the driver names them: `%(name)s`."""
    with db.engine.connect() as connection:
        driver: psycopg.Connection | None = connection.connection.driver_connection
        if driver is None:  # not while it is checked out
            raise RuntimeError("no connection of the driver")
        driver.autocommit = True
        try:
            return _told(connection, driver, statement, asked)
        finally:
            if not driver.closed:
                driver.autocommit = False


def _told(
    connection: Connection, driver: psycopg.Connection, statement: str, asked: Mapping[str, Any]
) -> tuple[Any, ...] | None:
    """Whoever listens to the engine hears of it: what counts statements, and what traces them."""
    cursor: Any = driver.cursor()
    sent, heard = _Sent(), connection.engine.dispatch
    try:
        heard.before_cursor_execute(connection, cursor, statement, asked, sent, False)
        cursor.execute(_as_sent(statement), asked)
        heard.after_cursor_execute(connection, cursor, statement, asked, sent, False)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
    except BaseException as error:
        context: Any = sent
        connection._handle_dbapi_exception(error, statement, asked, cursor, context)
    finally:
        cursor.close()


@lru_cache(maxsize=256)
def _as_sent(statement: str) -> bytes:
    """The driver writes and hashes it anew each time, and some are as long as the page that is made of them."""
    return statement.encode()
