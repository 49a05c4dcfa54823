"""The whole database into one file, and back out of it, by the pg_dump and psql that come with us.

Row-level security is forced, so this connects as a role that passes it by: a superuser, or one with BYPASSRLS.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coachhub.platform import embedded, migrate
from coachhub.platform.config import Settings

_ROLES = ("coachhub_owner", "coachhub_web", "coachhub_worker", "coachhub_lookup")
_TLS = ("require", "verify-ca", "verify-full")
_MARK = " TABLE public alembic_version "

# What the file holds is made anew, so everything of ours goes first: a table of a later version would stay otherwise.
_CLEARING = b"""
set client_min_messages = warning;
set lock_timeout = '10s';
begin;
do $$
declare
    name text;
begin
    for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
        execute format('drop schema %I cascade', name);
    end loop;
end $$;
create schema public;
comment on schema public is 'standard public schema';
"""

_TABLES = """
select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
"""
"""Of anybody; what belongs to an extension is nobody's."""


class BackupFailed(Exception):
    """Nothing was written, or nothing was changed; the text says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """What is there now: how many tables and rows, and the schema's revision."""

    tables: int
    rows: int
    revision: str | None


@contextmanager
def administered(settings: Settings, *, alone: bool = False) -> Iterator[str]:
    """The database's address as a role that passes row-level security by, for the length of the block.

    The embedded server is started for it where it does not run. `alone`: it must not. Raises BackupFailed.
    """
    if settings.database_admin_url is not None:
        yield settings.database_admin_url.get_secret_value()
    elif not _is_embedded(settings):
        raise BackupFailed(
            "DATABASE_ADMIN_URL is not set: the address of this database as a superuser, or as a role with BYPASSRLS."
        )
    elif not alone and _is_running(settings):
        yield admin_address(embedded.addresses(settings.data))
    else:
        with embedded.running(settings.data, ("postgres",)) as found:
            yield admin_address(found)


def admin_address(found: embedded.Addresses) -> str:
    """The embedded database itself, as its superuser."""
    return urlsplit(found.admin_url)._replace(path=urlsplit(found.database_url).path).geturl()


def back_up(url: str, file: Path) -> int:
    """Write the database into a new file that only we may read, whole or not at all. Returns its bytes.

    All is of one instant; who works on goes on. Raises BackupFailed.
    """
    if file.exists():
        raise BackupFailed(f"{file} exists already.")
    draft = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run("pg_dump", url, "--format=custom", "--file", str(draft))
        draft.replace(file)
    except OSError as error:
        raise BackupFailed(f"{file} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path) -> Restored:
    """Put what a file holds in the place of everything in the database: all of it, or nothing. Raises BackupFailed."""
    _refuse_strange(file)
    _refuse_without_roles(url)
    _replay(url, file)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")
    counted = row_counts(url)
    return Restored(len(counted), sum(counted.values()), migrate.current(url))


def refuse_another_database(url: str) -> None:
    """Raises BackupFailed where the address leads to a database of nobody, or of somebody else: one slip in a name."""
    if migrate.current(url) is None:
        raise BackupFailed(f"{_place(url)} holds nothing of CoachHub. Does DATABASE_ADMIN_URL name another database?")


def what_is_there(url: str) -> str | None:
    """What a restore would take the place of, in a few words; None where there is nothing.

    Raises BackupFailed where somebody else's tables are there: all of them would go.
    """
    with psycopg.connect(url) as connection:
        row = connection.execute(_TABLES).fetchone()
    tables = int(row[0]) if row else 0
    if tables:
        refuse_another_database(url)
    return f"{_place(url)}: {sum(row_counts(url).values()):,} rows in {tables} tables" if tables else None


def _place(url: str) -> str:
    parts = conninfo_to_dict(url)
    return f"The database {parts.get('dbname')} at {parts.get('host')}"


def row_counts(url: str) -> dict[str, int]:
    """Every table of ours, and how many rows it has."""
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return {name: _count(connection, name) for (name,) in names}


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier("public", table))).fetchone()
    return int(row[0]) if row else 0


def _refuse_strange(file: Path) -> None:
    listed = subprocess.run([embedded.client_program("pg_restore"), "--list", file], capture_output=True, text=True)
    if listed.returncode != 0 or _MARK not in listed.stdout:
        raise BackupFailed(f"{file} is no backup of CoachHub. {listed.stderr.strip()}".strip())


def _refuse_without_roles(url: str) -> None:
    with psycopg.connect(url) as connection:
        found = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
    missing = [role for role in _ROLES if role not in found]
    if missing:
        raise BackupFailed(f"The server has no {', '.join(missing)}: run deploy/roles.sql there first.")


def _replay(url: str, file: Path) -> None:
    """One transaction, committed only once the file was read to its end: half a file changes nothing."""
    reading = subprocess.Popen(
        [embedded.client_program("pg_restore"), "--file=-", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        with tempfile.TemporaryFile("w+") as said:
            is_done = _feed(url, reading, said.fileno())
            said.seek(0)
            complaint = said.read().strip()
    finally:
        reading.kill()
        _, unreadable = reading.communicate()
    if not is_done:
        raise BackupFailed(f"Nothing was changed. {complaint or unreadable.decode().strip()}\n{_WHO_WORKS}")


_WHO_WORKS = "Where it says that a lock was not to be had: stop web, workers and scheduler first."


def _feed(url: str, reading: "subprocess.Popen[bytes]", said: int) -> bool:
    argv, environment = client_command("psql", url)
    # Terse: without the row that an error is about.
    argv += ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]
    writing = subprocess.Popen(argv, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
    assert writing.stdin is not None  # noqa: S101 - tells mypy what PIPE means
    assert reading.stdout is not None  # noqa: S101
    try:
        with writing.stdin as script:
            script.write(_CLEARING)
            shutil.copyfileobj(reading.stdout, script, 1 << 20)
            is_whole = reading.wait() == 0
            script.write(b"\ncommit;\n" if is_whole else b"\nrollback;\n")
    except BrokenPipeError:
        is_whole = False
    return writing.wait() == 0 and is_whole


def _run(program: str, url: str, *arguments: str) -> None:
    argv, environment = client_command(program, url)
    done = subprocess.run([*argv, *arguments], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()}")


def client_command(program: str, url: str) -> tuple[list[str], dict[str, str]]:
    """The beginning of a command line, and its environment: that is where the password is, as all read the former."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    argv = [_program_for(program, parts.get("sslmode")), "--no-password", "--dbname", make_conninfo("", **parts)]
    return argv, os.environ | ({"PGPASSWORD": password} if password else {})


def _program_for(program: str, sslmode: object) -> str:
    """Ours, which speaks no TLS: where the address asks for that, the one that the machine has. Raises BackupFailed."""
    if sslmode not in _TLS:
        return str(embedded.client_program(program))
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"Our own {program} speaks no TLS. Install PostgreSQL 18's (postgresql-client-18) for it.")
    return found


def _is_embedded(settings: Settings) -> bool:
    if not (settings.data / "secrets.json").exists():
        return False
    return embedded.addresses(settings.data).database_url == settings.database_url.get_secret_value()


def _is_running(settings: Settings) -> bool:
    try:
        with embedded.hold(settings.data):
            return False
    except embedded.AlreadyRunning:
        return True
