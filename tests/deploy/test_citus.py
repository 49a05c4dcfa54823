"""The schema can be spread over many machines by practice: keys and references never leave a practice."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from coachhub.ops.backup import client_command
from coachhub.platform import embedded
from tests.fitness.source import ROOT

REFERENCE = {"users", "practices", "logins", "mail_pauses", "operators"}

# What Citus would be asked for, noted down; and the view of what it has spread already.
_STAND_IN = """
create schema stand_in;
create table stand_in.pg_dist_partition (logicalrelid regclass, n serial, how text);
create function stand_in.create_reference_table(wanted regclass) returns void language sql as
    $$ insert into stand_in.pg_dist_partition (logicalrelid, how) values (wanted, 'reference') $$;
create function stand_in.create_distributed_table(wanted regclass, by text) returns void language sql as
    $$ insert into stand_in.pg_dist_partition (logicalrelid, how) values (wanted, by) $$;
"""

_KEYS = """
select c.relname, i.relname, bool_or(a.attname = 'practice_id')
  from pg_index x
  join pg_class c on c.oid = x.indrelid
  join pg_class i on i.oid = x.indexrelid
  join pg_attribute a on a.attrelid = c.oid and a.attnum = any (x.indkey)
 where c.relnamespace = 'public'::regnamespace and (x.indisunique or x.indisexclusion)
 group by 1, 2
"""

_REFERENCES = """
select k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text, exists (
         select from unnest(k.conkey, k.confkey) as pair(here, there)
           join pg_attribute h on h.attrelid = k.conrelid and h.attnum = pair.here and h.attname = 'practice_id'
           join pg_attribute t on t.attrelid = k.confrelid and t.attnum = pair.there and t.attname = 'practice_id')
  from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace
"""

_EXCLUSIONS = """
select k.conname, array_agg(o.oprname::text order by e.place)
  from pg_constraint k, unnest(k.conkey, k.conexclop) with ordinality as e(attnum, operator, place)
  join pg_operator o on o.oid = e.operator, pg_attribute a
 where k.contype = 'x' and a.attrelid = k.conrelid and a.attnum = e.attnum and a.attname = 'practice_id' group by 1
"""


def test_it_has_the_practice_in_every_key_of_a_tenant_table(admin: psycopg.Connection) -> None:
    rows = admin.execute(_KEYS).fetchall()
    alone = [(table, index) for table, index, has in rows if not has and table not in REFERENCE | {"alembic_version"}]
    assert alone == []
    assert len({table for table, _, has in rows if has}) > 60


def test_it_excludes_within_a_practice_alone(admin: psycopg.Connection) -> None:
    names = admin.execute("select conname from pg_constraint where contype = 'x'").fetchall()
    operators = dict(admin.execute(_EXCLUSIONS).fetchall())
    assert operators == {name: ["="] for (name,) in names}


def test_it_refers_to_the_same_practice_or_to_reference_tables(admin: psycopg.Connection) -> None:
    rows = admin.execute(_REFERENCES).fetchall()
    assert len(rows) > 60
    strays = [name for name, _, target, is_same in rows if target not in REFERENCE and not is_same]
    assert strays == []


def test_it_refers_from_reference_tables_to_no_tenant_table(admin: psycopg.Connection) -> None:
    rows = admin.execute(_REFERENCES).fetchall()
    assert [name for name, table, target, _ in rows if table in REFERENCE and target not in REFERENCE] == []


@pytest.fixture
def copy(addresses: embedded.Addresses) -> Iterator[str]:
    """A database with our schema in it, and with a stand-in that notes what Citus is asked for."""
    with psycopg.connect(addresses.admin_url, autocommit=True) as admin:
        admin.execute("create database spread template coachhub")
        url = urlsplit(addresses.admin_url)._replace(path="/spread").geturl()
        with psycopg.connect(url) as citus:
            citus.execute(_STAND_IN)
            citus.execute("alter database spread set search_path to public, stand_in")
        yield url
        admin.execute("drop database spread")


def _spread(url: str) -> None:
    argv, environment = client_command("psql", url)
    argv += ["--no-psqlrc", "--file", str(Path(ROOT, "deploy", "citus.sql"))]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_spreads_every_table_what_is_referred_to_first(copy: str, admin: psycopg.Connection) -> None:
    _spread(copy)
    _spread(copy)  # again, it finds nothing left to do
    with psycopg.connect(copy) as citus:
        asked = citus.execute("select logicalrelid::text, how from pg_dist_partition order by n").fetchall()
    tables = [name for name, _ in asked]
    everything = admin.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    assert sorted([*tables, "alembic_version"]) == sorted(name for (name,) in everything)
    assert {name for name, how in asked if how == "reference"} == REFERENCE
    assert {how for name, how in asked if name not in REFERENCE} == {"practice_id"}
    rows = admin.execute(_REFERENCES).fetchall()
    late = [name for name, table, target, _ in rows if tables.index(target) > tables.index(table)]
    assert late == []
