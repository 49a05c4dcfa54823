"""Tenancy is in the database: every tenant table has its key, its policies and its composite keys."""

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from coachhub.platform.config import Settings, sqlalchemy_url
from tests.fitness.source import ROOT

GLOBAL = {"users", "logins", "practices", "mail_pauses", "operators"}
ACROSS_PRACTICES = {
    *("ix_memberships_user_id", "ix_wakes_at", "ix_outbox_settled_at"),
    *("ix_stripe_accounts_account_id", "ix_practice_plans_customer_id", "ix_bookings_ends_at"),
}
OF_PERSON = {
    *("friends", "contacts", "invitations", "meetups", "meetup_moves", "logs"),
    *("plans", "choices", "free_hours", "imports", "import_chunks", "import_rows"),
}


def _tables(admin: psycopg.Connection) -> set[str]:
    rows = admin.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name for (name,) in rows} - {"alembic_version"}


def test_it_forces_row_security_on_every_table(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
        "and relrowsecurity and relforcerowsecurity"
    ).fetchall()
    assert {name for (name,) in rows} == _tables(admin)


def test_it_leads_every_tenant_key_and_index_with_the_practice(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "select c.relname, i.relname, a.attname from pg_index x join pg_class c on c.oid = x.indrelid "
        "join pg_class i on i.oid = x.indexrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0] "
        "where c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    lost = [
        (table, index, column)
        for table, index, column in rows
        if table not in GLOBAL | {"alembic_version"} and column != "practice_id" and index not in ACROSS_PRACTICES
    ]
    assert lost == []


def test_it_joins_tenant_tables_by_composite_keys(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "select conrelid::regclass::text, confrelid::regclass::text, conname, "
        "(select array_agg(attname::text order by n) from unnest(conkey) with ordinality k(attnum, n) "
        " join pg_attribute a on a.attrelid = conrelid and a.attnum = k.attnum) "
        "from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
    ).fetchall()
    single = [name for table, target, name, columns in rows if target not in GLOBAL and columns[0] != "practice_id"]
    assert single == []


def test_it_binds_what_belongs_to_a_person(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "select tablename, count(*) from pg_policies where permissive = 'RESTRICTIVE' and roles = '{coachhub_web}' "
        "and qual || coalesce(with_check, '') like '%app.user_id%' or with_check like '%app.user_id%' group by 1"
    ).fetchall()
    assert {name for name, _ in rows} >= OF_PERSON
    with_person = admin.execute(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'shared'"
    ).fetchall()
    assert {name for (name,) in with_person} == OF_PERSON


def test_it_shows_what_is_shared_to_staff_alone(admin: psycopg.Connection) -> None:
    rows = admin.execute("select tablename, qual like '%works_in%' from pg_policies where policyname = 'person_reads'")
    assert dict(rows.fetchall()) == dict.fromkeys(OF_PERSON, True)


@pytest.mark.parametrize("role", ["coachhub_web", "coachhub_worker", "coachhub_owner"])
def test_it_connects_as_a_plain_role(admin: psycopg.Connection, role: str) -> None:
    row = admin.execute("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = %s", [role])
    assert row.fetchone() == (False, False, False)


def test_it_answers_across_practices_with_ids_alone(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "select p.proname, p.prosecdef, r.rolname, r.rolcanlogin, p.proconfig from pg_proc p "
        "join pg_roles r on r.oid = p.proowner where p.pronamespace = 'lookup'::regnamespace"
    ).fetchall()
    assert rows
    for name, is_definer, owner, can_log_in, config in rows:
        assert (is_definer, owner, can_log_in) == (True, "coachhub_lookup", False), name
        assert config == ["search_path=public, pg_temp"], name


def test_it_has_one_head_and_no_drift(settings: Settings) -> None:
    assert settings.database_owner_url is not None
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = sqlalchemy_url(settings.database_owner_url.get_secret_value())
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    numbers = [script.revision for script in scripts.walk_revisions()]
    assert numbers == sorted(numbers, reverse=True)  # the newest file is the newest step, as `migrate.head` takes it
    command.check(config)


def test_it_lets_nobody_call_a_narrow_function_but_whom_it_names(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "select proname from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) "
        "where pronamespace = 'lookup'::regnamespace and grantee = 0"
    ).fetchall()
    assert rows == []
    by_role = admin.execute(
        "select r, count(*) filter (where has_function_privilege(r, p.oid, 'execute')), count(*) from pg_proc p, "
        "unnest(array['coachhub_web', 'coachhub_worker']) r where pronamespace = 'lookup'::regnamespace group by r"
    ).fetchall()
    assert all(0 < allowed < all_of_them for _, allowed, all_of_them in by_role)
