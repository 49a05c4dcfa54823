"""Lists that are read anew each time: what they cost whoever asks for the first time since something was changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from coachhub.bench.scratch import Scratch

_STAMP = "lookup.clients_stamp(uuid, timestamptz)"
_BODY = "select prosrc from pg_proc where oid = %s::regprocedure"


@contextmanager
def restless(made: Scratch) -> Iterator[None]:
    """No stamp of a practice's lists is the same twice inside the block; to find it takes what it always does."""
    with psycopg.connect(made.superuser_url, autocommit=True) as admin:
        (body,) = admin.execute(_BODY, [_STAMP]).fetchone() or ("",)
        _stamp_by(admin, f"select ({body}) || ' ' || gen_random_uuid()", "volatile")
        try:
            yield
        finally:
            _stamp_by(admin, body, "stable")


def _stamp_by(admin: psycopg.Connection, body: str, kind: str) -> None:
    made = sql.SQL(
        "create or replace function lookup.clients_stamp(practice uuid, at timestamptz) returns text language sql {} "
        "security definer set search_path = public, pg_temp as {}"
    )
    admin.execute(made.format(sql.SQL(kind), sql.Literal(body)))
