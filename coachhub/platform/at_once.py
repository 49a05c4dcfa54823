"""One statement that is a transaction of its own, by the shortest way to the driver.

SQLAlchemy's pool, its events and the way it tells of errors are kept; what it does to compile a statement, to begin and
end a transaction around it and to name the columns of its answer is left out, which is half of what it takes. Of the
driver its adapters are kept, which say how each kind of value is written and read, and its connection to libpq
(`psycopg.pq`), which sends and waits in one call. What a cursor of its own does for that took 40 of the 98 us of CPU
that such a statement costs us: what runs after a wait for the server finds little of itself at hand.

These statements, and they alone, are prepared on the server, which then reads and plans them once and not each time:
they call functions with values, so that no kept plan can be one for a table of another size (db.py). Where a pooler
stands between, the next statement may meet another server, which has prepared nothing; so it is done only where the
connection is known to be the server's own.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection, Engine, PoolProxiedConnection

from coachhub.platform.db import db

_LINE = "line_at_once"
_MOST_PREPARED = 100
"""As many as the driver would keep prepared on a connection; the oldest makes room."""
_VALUE = re.compile(r"%(?:\((\w+)\)s|%)")
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


class _Line:
    """A connection of the driver, with what was prepared on it. Between transactions each statement is one itself.

    Who listens to the engine is given it as the cursor: of one they look at the connection.
    """

    def __init__(self, driver: psycopg.Connection) -> None:
        self.connection, self._server = driver, driver.pgconn
        self._adapting = Transformer(driver)
        self._prepares = self._is_the_servers_own()
        self._prepared: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._made = 0

    def ask(self, text: bytes, values: Sequence[object]) -> PGresult:
        """Prepared, where that may be. What cannot be done as it was prepared has not begun, and is done unprepared."""
        written = self._adapting.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = self._adapting.types or (), self._adapting.formats
        if self._prepares:
            try:
                name = self._prepared.get((text, types)) or self._prepare(text, types)
                sent = self._server.exec_prepared(name, written, formats)  # type: ignore[arg-type]  # None is NULL there
                return self._checked(sent)
            except _NOT_AS_PREPARED:
                self._prepares = False
        return self._checked(self._server.exec_params(text, written, types, formats))

    def row(self, result: PGresult) -> tuple[Any, ...] | None:
        """The first, if there is any."""
        if not result.ntuples:
            return None
        self._adapting.set_pgresult(result)
        return self._adapting.load_row(0, tuple)

    def _prepare(self, text: bytes, types: tuple[int, ...]) -> bytes:
        if len(self._prepared) == _MOST_PREPARED:
            oldest = next(iter(self._prepared))
            self._checked(self._server.exec_(b"deallocate " + self._prepared.pop(oldest)))
        self._made += 1
        name = b"at_once_%d" % self._made
        self._checked(self._server.prepare(name, text, types))
        self._prepared[text, types] = name
        return name

    def _is_the_servers_own(self) -> bool:
        """Whether the process that answers is the one that took the connection. A pooler tells a number of its own
        there, by which a client may have a statement cancelled on whichever server that is.
        """
        answer = self._checked(self._server.exec_(b"select pg_backend_pid()")).get_value(0, 0)
        return answer is not None and int(answer) == self._server.backend_pid

    def _checked(self, result: PGresult) -> PGresult:
        """Raises what the driver's cursor would."""
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        if self._server.status != ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message(self._adapting.encoding))
        raise errors.error_from_result(result, self._adapting.encoding)


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
    sender, sent, heard = _Sender(engine), _Sent(), engine.dispatch
    try:
        line = _line(taken)
        text, names = _as_sent(statement)
        heard.before_cursor_execute(sender, line, statement, asked, sent, False)
        result = line.ask(text, [asked[name] for name in names])
        heard.after_cursor_execute(sender, line, statement, asked, sent, False)
        return _first_row(line, result)
    except BaseException as error:
        context: Any = sent
        Connection(engine, taken)._handle_dbapi_exception(error, statement, asked, None, context)


def _line(taken: PoolProxiedConnection) -> _Line:
    """Kept as long as the connection is."""
    kept = taken.info
    if _LINE not in kept:
        driver: psycopg.Connection | None = taken.driver_connection
        if driver is None:  # not while it is checked out
            raise RuntimeError("no connection of the driver")
        kept[_LINE] = _Line(driver)
    line: _Line = kept[_LINE]
    return line


def _first_row(line: _Line, result: PGresult) -> tuple[Any, ...] | None:
    """What else there is of the answer would lie there until the next: some are as long as a page."""
    row = line.row(result)
    result.clear()
    return row


@lru_cache(maxsize=256)
def _as_sent(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """As PostgreSQL numbers values, and their names in that order."""
    names: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    return _VALUE.sub(place, statement).encode(), tuple(names)
