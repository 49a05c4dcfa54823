"""What the application asks the database, for tests of how often it asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from coachhub.platform.db import db


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database in the block, in order."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
