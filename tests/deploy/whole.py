"""Everything that a database holds, for comparing two of them."""

import subprocess

import psycopg
from psycopg import sql

from coachhub.ops.backup import client_command


def contents(url: str) -> dict[str, tuple[int, str | None]]:
    """Every table: how many rows it has, and a digest over all columns of all of them."""
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {name: _digest(connection, name) for (name,) in names}


def _digest(connection: psycopg.Connection, table: str) -> tuple[int, str | None]:
    asked = sql.SQL("select count(*), md5(string_agg(md5(t::text), '' order by md5(t::text))) from {} t")
    row = connection.execute(asked.format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0]), row[1]


def schema(url: str) -> list[str]:
    """Every statement that makes it: tables, policies, functions, who owns what and who may do what.

    Without brackets: PostgreSQL leaves some out when it reads what it has written itself.
    """
    argv, environment = client_command("pg_dump", url)
    dumped = subprocess.run([*argv, "--schema-only"], env=environment, capture_output=True, text=True, check=True)
    lines = dumped.stdout.translate(str.maketrans("", "", "()")).splitlines()
    return [line for line in lines if not line.startswith(("\\", "--"))]
