"""What is private stays out of every report: each text of the schema is a marker, and each PDF is searched for it."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import ARRAY, CheckConstraint, Column, Table

from coachhub.platform.db import Base
from coachhub.platform.tenancy import as_practice
from coachhub.reports.documents import ReportRow, facts_of, print_report
from coachhub.reports.models import ReportKind
from tests.cast import Cast
from tests.conftest import NOW
from tests.reports.documents.papers import holds
from tests.story import tell_story

_READ_BY_CODE = {"kind", "locale", "time_zone", "accent", "currency", "email"}
"""Texts that a program has to understand, or joins by."""
_SHARED = {"practices.name", "clients.name", "session_notes.text", "actions.text", "coaching_sessions.topic"}
"""What the report of a session is made to say."""
_FOR_A_SPONSOR = {"practices.name"}
Report = Callable[[ReportKind], bytes]


@dataclass(frozen=True)
class Marked:
    """A marker that stands in all rows of a column."""

    column: str
    marker: str


def _texts() -> Iterator[tuple[Table, Column[Any], str]]:
    """Each column of the schema that holds text of people, with its marker."""
    for table in Base.metadata.sorted_tables:
        chosen = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
        for column in table.columns:
            if (
                _is_text(column)
                and column.name not in _READ_BY_CODE
                and not re.search(rf"\b{column.name} in \(", chosen)
            ):
                yield table, column, f"zq{table.name}{column.name}qz".replace("_", "")


def _is_text(column: Column[Any]) -> bool:
    return column.type.python_type is str or (
        isinstance(column.type, ARRAY) and column.type.item_type.python_type is str
    )


def _value(column: Column[Any], known: Mapping[str, Any], chosen: str) -> Any:
    """Something that the column takes; a choice where it has to be one."""
    if column.name in known:
        return known[column.name]
    one_of = re.search(rf"\b{column.name} in \('([^']*)'", chosen)
    if one_of:
        return one_of[1]
    some: dict[type, Any] = {str: "x", UUID: uuid4(), datetime: NOW, date: date(2026, 3, 1), time: time(9), bool: False}
    some |= {int: 1, float: 1.0, bytes: b"x", list: []}
    return some.get(column.type.python_type, "{}")


def _fill(admin: psycopg.Connection, table: Table, known: Mapping[str, Any]) -> None:
    """A row in a table that has none yet, unless its checks want more of it."""
    if admin.execute(f"select 1 from {table.name}").fetchone():
        return
    chosen = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
    needed = [each for each in table.columns if not each.nullable and each.server_default is None]
    values = [_value(each, known, chosen) for each in needed]
    names, places = ", ".join(each.name for each in needed), ", ".join("%s" for _ in needed)
    with suppress(psycopg.errors.CheckViolation):
        admin.execute(f"insert into {table.name} ({names}) values ({places})", values)


def _notes(cast: Cast, session_id: UUID) -> list[tuple[Any, ...]]:
    return [
        (cast.ana.practice_id, uuid4(), session_id, cast.ben.client_id, cast.ana.user_id, level, level, 1, NOW, NOW)
        for level in ("me", "coaches", "client")
    ]


def _mark(admin: psycopg.Connection, table: Table, column: Column[Any], marker: str) -> None:
    """Each row has its own marker, as some must not be equal."""
    whole = f"'{marker}' || substr(md5(ctid::text), 1, 4)"
    if column.type.python_type is list:
        whole = f"array_fill({whole}, array[greatest(1, cardinality({column.name}))])"
    elif column.type.python_type is dict:
        whole = f"jsonb_build_object('said', {whole})"
    admin.execute(f"update {table.name} set {column.name} = {whole}")


@pytest.fixture
def session_id(cast: Cast, admin: psycopg.Connection) -> Iterator[UUID]:
    """A row in each table, and a marker in each text of it; notes at all levels; everything shared with the coach."""
    tell_story(cast)
    admin.execute("set session_replication_role = replica")
    [session_id] = admin.execute(
        "update coaching_sessions set starts_at = %s, status = 'held' returning id", [NOW]
    ).fetchone()  # type: ignore[misc]
    known = {"practice_id": cast.ana.practice_id, "client_id": cast.ben.client_id, "session_id": session_id}
    known |= {"user_id": cast.ben.user_id, "coach_id": cast.ana.user_id, "author_id": cast.ana.user_id}
    admin.execute("delete from session_notes")
    columns = "practice_id, id, session_id, client_id, author_id, level, text, version, created_at, changed_at"
    for row in _notes(cast, session_id):
        admin.execute(f"insert into session_notes ({columns}) values ({', '.join(['%s'] * len(row))})", row)
    for table in Base.metadata.sorted_tables:
        _fill(admin, table, known)
    for table, column, marker in _texts():
        _mark(admin, table, column, marker)
    admin.execute("update session_notes set text = 'zqprivate' || level || 'qz' where level <> 'client'")
    admin.execute("update users set name = 'zqthecoachqz' where id = %s", [cast.ana.user_id])
    admin.execute("update actions set session_id = %s, done_at = %s, done_by = 'coach'", [session_id, NOW])
    admin.execute("update clients set shares_all = true")
    for table in Base.metadata.sorted_tables:
        if "shared" in table.columns:
            admin.execute(f"update {table.name} set shared = true")
    yield session_id
    admin.execute("set session_replication_role = origin")


@pytest.fixture
def report(cast: Cast, worker_app: Flask, session_id: UUID) -> Report:
    """Make one of the three, as a worker does."""

    def make(kind: ReportKind) -> bytes:
        of_session = {"session_id": session_id, "first_month": None, "last_month": None}
        of_months = {"session_id": None, "first_month": date(2026, 1, 1), "last_month": date(2026, 3, 1)}
        subject: Any = of_session if kind is ReportKind.SESSION else of_months
        assert cast.ben.client_id is not None
        asked = ReportRow(uuid4(), kind, cast.ben.client_id, version=1, asked_at=NOW, **subject)
        with worker_app.app_context():
            with as_practice(cast.ana.practice_id):
                facts = facts_of(asked)
            return print_report(facts).pdf

    return make


def _told(pdf: bytes) -> set[str]:
    """The columns whose marker stands anywhere in the document."""
    markers = [Marked(f"{table.name}.{column.name}", marker) for table, column, marker in _texts()]
    markers += [Marked("private", "zqprivate"), Marked("coach", "zqthecoachqz")]
    return {each.column for each in markers if holds(pdf, each.marker)}


def test_it_tells_in_the_report_of_a_session_what_is_shared_and_nothing_else(report: Report) -> None:
    assert _told(report(ReportKind.SESSION)) == _SHARED | {"coach"}


def test_it_tells_in_the_report_of_some_months_nothing_that_is_private(report: Report) -> None:
    assert _told(report(ReportKind.PROGRESS)) == {"practices.name", "clients.name", "actions.text", "coach"}


def test_it_tells_a_sponsor_the_practice_and_the_coach_and_no_other_name_or_text(report: Report) -> None:
    assert _told(report(ReportKind.SPONSOR)) == _FOR_A_SPONSOR | {"coach"}


def test_it_marks_every_table_in_which_people_write(session_id: UUID, admin: psycopg.Connection) -> None:
    for table, column, marker in _texts():
        rows = admin.execute(
            f"select 1 from {table.name} where {column.name}::text like %s", [f"%{marker}%"]
        ).fetchone()
        is_renamed = (table.name, column.name) == ("users", "name")
        assert rows or is_renamed, f"{table.name}.{column.name}"
