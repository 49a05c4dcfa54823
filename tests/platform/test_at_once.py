"""What is asked at once is prepared where the server itself answers, and nobody sees it: not when functions change
under it, not through a pooler, not after the server has gone.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from coachhub.app import create_app
from coachhub.platform import at_once
from coachhub.platform.at_once import ask_at_once
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_visitor

_ASKED = "select * from told_at_once(%(n)s::int)"
_PREPARED = "select coalesce(array_agg(statement), '{}') from pg_prepared_statements"
_ANSWERS = "create function told_at_once(n int) returns {} language sql as $$ select {} $$"


@pytest.fixture(autouse=True)
def web(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    with made.app_context():
        yield made
        db.engine.dispose()


@pytest.fixture
def answer(admin: psycopg.Connection) -> Iterator[Any]:
    """Make the function, or make it anew, as a migration does."""

    def make(kind: str, told: str) -> None:
        admin.execute("drop function if exists told_at_once(int)")
        admin.execute(_ANSWERS.format(kind, told))  # type: ignore[arg-type]  # texts of this file
        admin.execute("grant execute on function told_at_once(int) to public")
        admin.commit()

    yield make
    admin.rollback()
    admin.execute("drop function if exists told_at_once(int)")
    admin.commit()


def _prepared() -> list[str]:
    row = ask_at_once(_PREPARED, {})
    assert row is not None
    return [*row[0]]


def test_it_prepares_what_is_asked_at_once_where_the_server_itself_answers(as_fleet: bool) -> None:
    for number in range(3):
        assert ask_at_once("select %(n)s::int", {"n": number}) == (number,)
    assert _prepared() == ([] if as_fleet else ["select $1::int", _PREPARED])


def test_it_takes_and_gives_whatever_the_driver_knows() -> None:
    kinds = {"text": "Zoë % $1", "uuid": UUID(int=7), "boolean": True, "bytea": b"\0\xff", "int[]": [1, None, 3]}
    kinds |= {"timestamptz": datetime(2026, 3, 5, 12, 30, tzinfo=UTC), "date": date(2026, 3, 5), "json": None}
    asked = {f"value_{number}": value for number, value in enumerate(kinds.values())}
    columns = ", ".join(f"%(value_{number})s::{kind}" for number, kind in enumerate(kinds))
    for _again in range(3):
        answer = ask_at_once(f"select {columns}, %(value_1)s::text, 7 %% 4, '[1, {{}}]'::json", asked)
        assert answer == (*kinds.values(), str(UUID(int=7)), 3, [1, {}])
    nothing = dict.fromkeys(asked)
    assert ask_at_once(f"select {columns}, 7 %% 4", nothing) == (*[None] * len(kinds), 3)
    assert ask_at_once("select %(n)s::int where false", {"n": 1}) is None


def test_it_prepares_nothing_else() -> None:
    for _again in range(10):
        with as_visitor():
            db.session.execute(text("select 1 as kept_by_nobody"))
    ask_at_once("select 1", {})
    assert "kept_by_nobody" not in "".join(_prepared())


def test_it_is_answered_by_whichever_function_there_is_now(answer: Any) -> None:
    for kind, told, row in (
        ("int", "n + 1", (2,)),
        ("int", "n + 2", (3,)),
        ("text", "'one'", ("one",)),
        ("table (a int, b text)", "n, 'two'", (1, "two")),
    ):
        answer(kind, told)
        assert [ask_at_once(_ASKED, {"n": 1}) for _again in range(7)] == [row] * 7


def test_it_does_once_what_it_could_not_do_as_it_was_prepared(answer: Any, admin: psycopg.Connection) -> None:
    admin.execute("create sequence counted_at_once")
    admin.execute("grant all on sequence counted_at_once to public")
    try:
        for kind, row in (("bigint", (1,)), ("text", ("2",))):
            answer(kind, f"nextval('counted_at_once')::{kind}")
            assert ask_at_once(_ASKED, {"n": 1}) == row
    finally:
        admin.execute("drop sequence counted_at_once cascade")
        admin.commit()


def test_it_survives_that_somebody_forgets_what_was_prepared() -> None:
    ask_at_once("select %(n)s::int", {"n": 1})
    with db.engine.connect() as connection:
        connection.exec_driver_sql("deallocate all").close()
    assert ask_at_once("select %(n)s::int", {"n": 2}) == (2,)


def test_it_prepares_anew_what_a_transaction_that_failed_has_made_the_driver_forget(as_fleet: bool) -> None:
    for number in range(3):
        assert ask_at_once("select %(n)s::int", {"n": number}) == (number,)
        with pytest.raises(DBAPIError), as_visitor():
            db.session.execute(text("select 1 / 0"))
    assert ask_at_once("select %(n)s::int", {"n": 9}) == (9,)
    assert (len(_prepared()) == 2) is not as_fleet


def test_it_asks_from_many_threads_what_any_server_can_answer(web: Flask) -> None:
    def ask(number: int) -> Any:
        with web.app_context():
            return ask_at_once(f"select %(n)s::int, {number % 7}, pg_sleep(0.002)::text", {"n": number})

    with ThreadPoolExecutor(8) as pool:
        assert [row[:2] for row in pool.map(ask, range(200))] == [(each, each % 7) for each in range(200)]


def test_it_holds_no_answer_after_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    results: list[Any] = []
    first = at_once._first_row
    monkeypatch.setattr(at_once, "_first_row", lambda line, result: (results.append(result), first(line, result))[1])
    assert ask_at_once("select repeat('x', 1000)", {}) == ("x" * 1000,)
    assert results[0].ntuples == 0


def test_it_asks_a_server_that_has_come_back(admin: psycopg.Connection) -> None:
    asked = "select pg_backend_pid(), %(n)s::int"
    gone, _one = ask_at_once(asked, {"n": 1}) or ()
    admin.execute("select pg_terminate_backend(%s, 5000)", [gone])
    there, two = ask_at_once(asked, {"n": 2}) or ()
    assert (there != gone, two) == (True, 2)


def test_it_keeps_no_more_prepared_than_the_driver_may(as_fleet: bool) -> None:
    for number in (*range(130), 0):
        assert ask_at_once(f"select %(n)s::int + {number}", {"n": 1}) == (1 + number,)
    assert len(_prepared()) <= (0 if as_fleet else 101)  # and the one that is about to go
