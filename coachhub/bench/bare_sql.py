"""The floor of a page's reading: the very statements that it sent, sent again by the driver alone, and fetched."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import event

from coachhub.bench.load import Page
from coachhub.bench.pages import body_of
from coachhub.bench.rounds import Watch
from coachhub.bench.scratch import Scratch
from coachhub.platform.db import db

Statements = Sequence[tuple[bytes, Any]]


def statements_of(made: Scratch, browser: FlaskClient, page: Page) -> Statements:
    """What a page asks the database, with the values, in order; those that bind the transaction are among them."""
    found: list[tuple[bytes, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_of_it: object) -> None:
        found.append((statement.encode(), parameters))

    with made.web.app_context():
        engine = db.engine
    body_of(browser, page)
    event.listen(engine, "before_cursor_execute", note)
    try:
        body_of(browser, page)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return found


@contextmanager
def bare_connection(made: Scratch) -> Iterator[psycopg.Connection]:
    """As the web role, kept open as the pool keeps ours, and without prepared statements, as ours is."""
    with psycopg.connect(made.addresses.database_url, prepare_threshold=None) as connection:
        yield connection


def send(connection: psycopg.Connection, statements: Statements, times: int, watch: Watch) -> None:
    """All of them in one transaction that leaves nothing behind, so many times."""
    with watch.step("statements"):
        for _ in range(times):
            for statement, parameters in statements:
                cursor = connection.execute(statement, parameters)
                if cursor.description:
                    cursor.fetchall()
            connection.rollback()
