"""What plans messages is put together once in a process: only its values differ from practice to practice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
from flask import Flask
from sqlalchemy import Insert, event

from coachhub.platform.db import db
from tests.cast import Cast
from tests.factories import a_client
from tests.reminders.rows import Office, a_proof

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday and a first working day."""


@contextmanager
def _inserts(app: Flask) -> Iterator[list[Insert]]:
    """The statements that add rows, as they were built."""
    seen: list[Insert] = []

    def note(_connection: object, statement: object, *_told: object) -> None:
        if isinstance(statement, Insert):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_execute", note)


def test_it_plans_each_practice_by_the_same_statements(
    cast: Cast, office: Office, worker_app: Flask, admin: psycopg.Connection
) -> None:
    coaches = (cast.ana, cast.cleo)
    a_client(cast.app, cast.cleo, "Eva Eder", "eva@example.com")
    for coach in coaches:
        a_proof(cast.app, coach, "sign_in", NINE)
    built = []
    for coach, later in zip(coaches, (timedelta(), timedelta(minutes=5)), strict=True):
        with _inserts(worker_app) as seen:
            assert office.plan(coach, NINE + later) > 0
        built.append({id(statement) for statement in seen})
    assert built[0] == built[1]
    assert len(built[0]) > 20
    planned = "select practice_id, planned_at from outbox where kind = 'sign_in_code' order by planned_at"
    rows = admin.execute(planned).fetchall()
    assert rows == [(cast.ana.practice_id, NINE), (cast.cleo.practice_id, NINE + timedelta(minutes=5))]
