"""The database: the declarative base, the session and the few column types that everybody uses."""

from collections.abc import Callable, MutableMapping, Sequence
from datetime import datetime
from select import POLLIN, poll
from time import monotonic, perf_counter
from typing import Annotated, Any
from uuid import UUID

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import DateTime, Dialect, MetaData, Text, TextualSelect, Uuid, column, event, text
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.pool import PoolResetState
from sqlalchemy.types import UserDefinedType

from coachhub.platform.statements import tally

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table. Constraint names are fixed by rule, so that migrations can name them."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: DateTime(timezone=True), str: Text(), UUID: Uuid()},
    )


TenantId = Annotated[UUID, mapped_column(Uuid(), primary_key=True)]
"""`practice_id`: always the first column of a tenant table's primary key."""

RowId = Annotated[UUID, mapped_column(Uuid(), primary_key=True, server_default=text("uuidv7()"))]
"""An id made by the database; ids of version 7 rise with time, so indexes stay compact."""


class Ids(UserDefinedType[Sequence[UUID | None]]):
    """Many ids as one value to a statement. Each is written down here: the driver takes twice as long to find out how
    an element of a list is written.
    """

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_how: Any) -> str:
        return "UUID[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[UUID | None] | None], str | None]:
        return _as_array


def _as_array(ids: Sequence[UUID | None] | None) -> str | None:
    if ids is None:
        return None
    return "{" + ",".join(["NULL" if each is None else each.hex for each in ids]) + "}"


db: SQLAlchemy = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False}, disable_autonaming=True)


def telling(statement: str, *names: str) -> TextualSelect:
    """A statement in SQL with the columns of its answer named, so that nobody has to find them out each time."""
    return text(statement).columns(*(column(name) for name in names))


_TRUSTED = 10.0
"""So many seconds after it was last used a connection may still be silent about a network that is gone."""
_AT, _SOCKET = "last_used", "socket"
_CONTEXT = 4
"""Where SQLAlchemy's events tell the context of one statement."""


def check_connection(connection: psycopg.Connection, record: Any, _proxy: Any) -> None:
    """Before a connection of the pool is used: one that is broken is replaced, and all that are as old as it is.

    To ask the server costs a round trip. A server that ends closes its sockets, and then there is something to read;
    so it is asked only where there is, or where the connection has been idle for long.
    """
    last_used = record.info.get(_AT)
    if last_used is None or (monotonic() - last_used < _TRUSTED and not _has_news(connection, record.info)):
        return
    try:
        _ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def note_use(_connection: psycopg.Connection | None, record: Any) -> None:
    """As a connection comes back into the pool; a new one has not been there."""
    record.info[_AT] = monotonic()


def end_what_is_open(connection: psycopg.Connection, _record: object, state: PoolResetState) -> None:
    """Before a connection comes back. Where nothing is open, to roll back is a lock and a wait for nothing."""
    if not state.transaction_was_reset and connection.pgconn.transaction_status != TransactionStatus.IDLE:
        connection.rollback()


def _has_news(connection: psycopg.Connection, kept: MutableMapping[str, Any]) -> bool:
    if connection.closed:
        return True
    if _SOCKET not in kept:
        kept[_SOCKET] = poll()
        kept[_SOCKET].register(connection.fileno(), POLLIN)
    return bool(kept[_SOCKET].poll(0))


def _ping(connection: psycopg.Connection) -> None:
    connection.autocommit = True
    try:
        connection.execute("select 1")
    finally:
        if not connection.closed:
            connection.autocommit = False


def engine_options(pool_size: int = 5) -> dict[str, Any]:
    """Options for each engine: a connection is checked before use, so a database restart is survived.

    What people wrote never reaches a log: an error of the database is told without its parameters. The driver prepares
    no statement on the server by itself: its plan would be kept while a table goes from empty to ten thousand rows, and
    a plan for an empty table looks through all of them for each. Only what `ask_at_once` sends is prepared, which calls
    functions, and only where the server itself answers (at_once.py). So any pooler does, too.

    The connection that came back last is taken first: in a process that lives as long as its job each one more has to
    be opened, and its server has to learn the tables and the memory that it has just learnt.
    """
    own = {"connect_args": {"prepare_threshold": None}}
    checks = [(check_connection, "checkout"), (end_what_is_open, "reset"), (note_use, "checkin")]
    return own | {
        "pool_events": checks,
        "pool_reset_on_return": None,  # end_what_is_open does
        "pool_size": pool_size,
        "pool_recycle": 1800,
        "pool_use_lifo": True,
        "hide_parameters": True,
    }


@event.listens_for(Engine, "before_cursor_execute")
def _ask(*told: Any) -> None:
    if tally() is not None:
        told[_CONTEXT].asked_at = perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _answer(_connection: Connection, _cursor: object, text: str, _values: object, context: Any, _many: bool) -> None:
    if (running := tally()) is not None:
        running.add(text, perf_counter() - context.asked_at)
        del context.asked_at


@event.listens_for(Engine, "handle_error")
def _refuse(error: ExceptionContext) -> None:
    """What the database refused, or ended after too long, was asked, too."""
    context: Any = error.execution_context
    if (running := tally()) is not None and hasattr(context, "asked_at"):
        running.add(error.statement or "", perf_counter() - context.asked_at)
