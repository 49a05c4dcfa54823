"""A backup brings back every table, every policy and every right; half of one changes nothing."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from click.testing import CliRunner, Result

from coachhub.cli import main
from coachhub.demo import seed_demo
from coachhub.ops.backup import BackupFailed, administered, back_up, client_command, restore
from coachhub.platform import embedded, jobs, migrate
from coachhub.platform.clock import machine_now
from coachhub.platform.config import ROOT, Settings
from coachhub.platform.moments import BACKUP
from tests.deploy.whole import contents, schema
from tests.servers.sentry import ErrorCollector
from tests.workers.processes import environment

Tell = Callable[..., Result]


@pytest.fixture(scope="module")
def full(settings: Settings, addresses: embedded.Addresses) -> str:
    """The test's database with the demo in it, as the superuser reaches it."""
    seed_demo(settings)
    return addresses.admin_url


@pytest.fixture(scope="module")
def file(full: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("backup") / "coachhub.dump"
    assert back_up(full, made) == made.stat().st_size
    return made


@pytest.fixture
def other(full: str) -> Iterator[str]:
    """Another database of that server, in which something strange lies."""
    with psycopg.connect(full, autocommit=True) as admin:
        admin.execute("create database another owner coachhub_owner template template0")
        url = urlsplit(full)._replace(path="/another").geturl()
        with psycopg.connect(url) as strange:
            strange.execute("create table public.strange (a int); create schema old; create table old.b (c int)")
        yield url
        admin.execute("drop database another")


@pytest.fixture
def tell(settings: Settings, addresses: embedded.Addresses, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Runs `coachhub` beside the test's servers, as one who may back up."""
    for name, value in (environment(settings) | {"DATABASE_ADMIN_URL": addresses.admin_url}).items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, [str(each) for each in arguments])


def test_it_brings_back_every_table(full: str, file: Path, other: str) -> None:
    restored = restore(other, file)
    kept = contents(full)
    assert contents(other) == kept
    assert (restored.tables, restored.revision) == (len(kept), migrate.head())
    assert restored.rows == sum(rows for rows, _ in kept.values()) > 1000


def test_it_brings_back_policies_functions_owners_and_rights(full: str, file: Path, other: str) -> None:
    restore(other, file)
    assert schema(other) == schema(full)


def test_it_takes_the_place_of_what_was_there(file: Path, other: str) -> None:
    restore(other, file)
    with psycopg.connect(other) as connection:
        assert connection.execute("select to_regclass('public.strange'), to_regnamespace('old')").fetchone() == (
            None,
            None,
        )


def test_it_changes_nothing_where_the_file_is_cut_short(file: Path, other: str, tmp_path: Path) -> None:
    half = tmp_path / "half.dump"
    half.write_bytes(file.read_bytes()[: file.stat().st_size * 3 // 4])
    with pytest.raises(BackupFailed, match=r"Nothing was changed\. (?!.*CONTEXT)"):
        restore(other, half)
    assert contents(other) == {"strange": (0, None)}


def test_it_says_who_is_in_the_way(file: Path, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1s")
    with psycopg.connect(other) as working:
        working.execute("select * from strange")
        with pytest.raises(BackupFailed, match="stop web, workers and scheduler"):
            restore(other, file)
    assert contents(other) == {"strange": (0, None)}


def test_it_refuses_what_is_no_backup(other: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ana,")
    with pytest.raises(BackupFailed, match="is no backup of CoachHub"):
        restore(other, letter)
    with pytest.raises(BackupFailed, match="is no backup of CoachHub"):
        restore(other, tmp_path / "nothing.dump")


def test_it_writes_for_nobody_else_and_over_nothing(full: str, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(BackupFailed, match="exists already"):
        back_up(full, file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_it_leaves_no_half_file(addresses: embedded.Addresses, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="pg_dump failed"):  # the web role is bound by row-level security
        back_up(addresses.database_url, tmp_path / "a.dump")
    with pytest.raises(BackupFailed, match="cannot be written"):
        back_up(addresses.admin_url, tmp_path / "none" / "a.dump")
    assert list(tmp_path.iterdir()) == []


def test_it_backs_up_as_a_role_that_can_change_nothing(full: str, tmp_path: Path) -> None:
    with psycopg.connect(full, autocommit=True) as admin:
        admin.execute("create role coachhub_backup login bypassrls password 'reading'")
        admin.execute("grant pg_read_all_data to coachhub_backup")
        admin.execute(f"grant connect on database {urlsplit(full).path[1:]} to coachhub_backup")
        _, _, place = full.partition("@")
        assert back_up(f"postgresql://coachhub_backup:reading@{place}", tmp_path / "all.dump") > 0
        admin.execute("drop owned by coachhub_backup; drop role coachhub_backup")


@pytest.mark.parametrize("mode", ["require", "verify-full"])
def test_it_takes_the_programs_of_the_machine_where_tls_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Ours speak none, whatever stands in PATH."""
    url = "postgresql://admin:secret@db.internal/coachhub"
    theirs = tmp_path / "pg_dump"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="speaks no TLS"):
        back_up(f"{url}?sslmode={mode}", tmp_path / "a.dump")
    theirs.write_text(f'#!/bin/sh\necho "$*" > {tmp_path}/told\n')
    theirs.chmod(0o755)
    back_up(f"{url}?sslmode={mode}", tmp_path / "a.dump")
    told = (tmp_path / "told").read_text()
    assert (f"sslmode={mode}" in told, "secret" in told) == (True, False)
    assert client_command("pg_dump", url)[0][0] == str(embedded.client_program("pg_dump"))


def test_it_is_two_commands(tell: Tell, full: str, tmp_path: Path) -> None:
    kept = contents(full)
    written = tell("backup", tmp_path / "all.dump")
    assert (written.exit_code, "SECRET_KEY" in written.output) == (0, True)
    with psycopg.connect(full, autocommit=True) as admin:
        admin.execute("truncate practices cascade")
    assert tell("restore", tmp_path / "all.dump").exit_code == 1  # nobody said yes
    assert contents(full) != kept
    answer = tell("restore", "--yes", tmp_path / "all.dump")
    assert (answer.exit_code, f"({migrate.head()} is the newest)" in answer.output) == (0, True), answer.output
    assert contents(full) == kept


def test_it_is_known_when_the_last_one_was_made(tell: Tell, settings: Settings, full: str, tmp_path: Path) -> None:
    url = settings.redis_url.get_secret_value()
    with jobs.connect(url) as valkey:
        valkey.flushdb()
    assert tell("backup", tmp_path / "none" / "all.dump").exit_code == 1
    assert BACKUP.last(url) is None
    assert tell("backup", tmp_path / "all.dump").exit_code == 0
    made = BACKUP.last(url)
    assert made is not None
    assert machine_now() - made < timedelta(minutes=1)


def test_it_is_made_without_valkey(tell: Tell, monkeypatch: pytest.MonkeyPatch, full: str, tmp_path: Path) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    answer = tell("backup", tmp_path / "all.dump")
    assert (answer.exit_code, "do not hear of this backup" in answer.stderr) == (0, True)
    assert (tmp_path / "all.dump").stat().st_size > 0


def test_it_takes_no_other_database_for_ours(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, full: str, file: Path, other: str, tmp_path: Path
) -> None:
    """One slip in a name would keep nothing, or wipe out what is somebody else's."""
    monkeypatch.setenv("DATABASE_ADMIN_URL", other)
    for argv in (["backup", tmp_path / "all.dump"], ["restore", "--yes", file]):
        answer = tell(*argv)
        assert (answer.exit_code, "another at" in answer.stderr) == (1, True)
        assert "holds nothing of CoachHub" in answer.stderr
    assert (list(tmp_path.iterdir()), contents(other)) == ([], {"strange": (0, None)})


def test_it_says_what_it_would_take_the_place_of(tell: Tell, full: str, file: Path) -> None:
    kept = contents(full)
    answer = tell("restore", file)
    assert (answer.exit_code, f"rows in {len(kept)} tables" in answer.output) == (1, True)
    assert contents(full) == kept


def test_it_reports_one_that_failed(settings: Settings, addresses: embedded.Addresses, tmp_path: Path) -> None:
    with ErrorCollector() as sentry:
        more = {"SENTRY_DSN": sentry.dsn, "DATABASE_ADMIN_URL": addresses.database_url}
        argv = [sys.executable, "-c", "from coachhub.cli import main; main()", "backup", str(tmp_path / "a.dump")]
        done = subprocess.run(argv, env=environment(settings) | more, cwd=ROOT, capture_output=True)
        assert done.returncode == 1
        [event] = sentry.events()
    assert event["tags"] == {"event": "backup_failed"}
    assert urlsplit(addresses.database_url).password not in str(event)


def test_it_says_what_is_missing(tell: Tell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_ADMIN_URL")
    monkeypatch.setenv("COACHHUB_DATA", str(tmp_path))
    answer = tell("backup", tmp_path / "a.dump")
    assert (answer.exit_code, "DATABASE_ADMIN_URL is not set" in answer.stderr) == (1, True)


@pytest.fixture(scope="module")
def moved(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Another machine's embedded database, restored from the file."""
    data = tmp_path_factory.mktemp("another") / "state"
    found = embedded.prepare(data, ("postgres",))
    settings = Settings(
        environment="test",
        data=data,
        secret_key="a secret for tests only, thirty-two or more",
        database_url=found.database_url,
        database_worker_url=found.worker_url,
        redis_url=found.redis_url,
        base_url="http://localhost",
    )
    with administered(settings, alone=True) as url:
        restore(url, file)
    return settings


def test_it_moves_to_another_machine(moved: Settings, full: str) -> None:
    with administered(moved) as url:
        assert contents(url) == contents(full)
        assert schema(url) == schema(full)


def test_it_backs_up_while_the_embedded_server_runs_and_restores_only_then_not(moved: Settings, tmp_path: Path) -> None:
    with embedded.running(moved.data, ("postgres",)):
        with administered(moved) as url:
            assert back_up(url, tmp_path / "all.dump") > 0
        with pytest.raises(embedded.AlreadyRunning), administered(moved, alone=True):
            pass


@pytest.fixture
def beside(moved: Settings, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Runs `coachhub` on the other machine."""
    monkeypatch.setenv("COACHHUB_DATA", str(moved.data))
    return tell


def test_it_makes_the_embedded_files_anew(moved: Settings, full: str, beside: Tell) -> None:
    assert "nothing to do" in beside("upgrade-embedded").output
    ours = embedded.client_program("psql").parent
    programs = ["--programs", str(ours)] if embedded.reachable(ours) or os.geteuid() else []
    plan = beside("upgrade-embedded", "--rebuild", "--plan", *programs).output
    assert [line[:2] for line in plan.splitlines()] == ["1.", "2.", "3.", "4.", "5."]
    done = beside("upgrade-embedded", "--rebuild", "--yes", *programs)
    assert (done.exit_code, "Once you are content" in done.output) == (0, True), done.output
    with administered(moved) as url:
        assert contents(url) == contents(full)
    assert (moved.data / "postgres-18" / "PG_VERSION").read_text() == "18\n"
    assert "left over" in beside("upgrade-embedded", "--rebuild", "--yes").stderr
