"""Rows, table by table, and their way into the database: COPY, by the owner role, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from coachhub.platform.db import Base


@dataclass
class Sheet:
    """The rows of one table, as tuples in the order of `columns`."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)


class Sheets:
    """Rows kept until they are copied."""

    def __init__(self) -> None:
        self._by_table: dict[str, Sheet] = {}

    def add(self, model: type[Base], **values: Any) -> None:
        """Keep one row; every row of a table names the same columns."""
        sheet = self._by_table.get(model.__tablename__)
        if sheet is None:
            sheet = self._by_table[model.__tablename__] = Sheet(tuple(values))
        sheet.rows.append(tuple(values.values()))

    def copy_into(self, owner_url: str) -> int:
        """Copy everything, all or nothing. Returns the number of rows.

        COPY does not go through row-level security, so the owner lifts the forcing inside this transaction; the
        tables are locked meanwhile, and nobody ever sees them unforced.
        """
        names = [table.name for table in Base.metadata.sorted_tables if table.name in self._by_table]
        with psycopg.connect(owner_url) as connection:
            _force(connection, names, "no force")
            for name in names:
                _copy(connection, name, self._by_table[name])
            _force(connection, names, "force")
        written = sum(len(sheet.rows) for sheet in self._by_table.values())
        self._by_table.clear()
        return written


def _force(connection: psycopg.Connection, tables: Sequence[str], how: str) -> None:
    for name in tables:
        connection.execute(SQL("alter table {} " + how + " row level security").format(Identifier(name)))


def _copy(connection: psycopg.Connection, table: str, sheet: Sheet) -> None:
    """In binary, which the server reads quicker than text: then each column's type has to be known."""
    columns = SQL(", ").join(Identifier(name) for name in sheet.columns)
    probe = connection.execute(SQL("select {} from {} limit 0").format(columns, Identifier(table)))
    types = [column.type_code for column in probe.description or ()]
    holds_json = any(isinstance(value, dict) for value in sheet.rows[0])
    query = SQL("copy {} ({}) from stdin (format binary)").format(Identifier(table), columns)
    with connection.cursor().copy(query) as copy:
        copy.set_types(types)
        for row in map(_with_json, sheet.rows) if holds_json else sheet.rows:
            copy.write_row(row)


def _with_json(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(Jsonb(value) if isinstance(value, dict) else value for value in row)
