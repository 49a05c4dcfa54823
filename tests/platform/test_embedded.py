"""The embedded servers, really started: closed to others, kept over restarts, whoever we are."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from coachhub.platform import embedded
from coachhub.platform.embedded import Addresses, AlreadyRunning
from coachhub.platform.launcher import launch_command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "state"


@pytest.fixture(scope="module")
def servers(folder: Path) -> Iterator[Addresses]:
    with embedded.running(folder, durable=False) as found:
        yield found


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_refuses_a_connection_without_the_password(servers: Addresses) -> None:
    for url in (servers.database_url, servers.admin_url):
        before, _, after = url.partition("@")
        role = before.rpartition(":")[0]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"{role}:wrong@{after}")


def test_it_keeps_data_and_sockets_in_closed_folders(servers: Addresses, folder: Path) -> None:
    layout = embedded.lay_out(folder)
    assert [_mode(path) for path in (layout.postgres, layout.valkey, layout.run)] == [0o700] * 3
    assert _mode(folder / "secrets.json") == 0o600


def test_it_opens_no_port(servers: Addresses) -> None:
    opened = [one for child in psutil.Process().children(recursive=True) for one in _connections(child)]
    assert [one for one in opened if one.status == psutil.CONN_LISTEN] == []


def _connections(process: psutil.Process) -> list[Any]:
    """What it has open; a process that has ended meanwhile has nothing."""
    try:
        return list(process.net_connections("inet"))
    except psutil.NoSuchProcess:
        return []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to drop to")
def test_it_runs_the_servers_as_nobody_when_we_are_root(servers: Addresses, folder: Path) -> None:
    pids = [int(note.read_text().split()[0]) for note in (folder / "pids").glob("*.pid")]
    users = {psutil.Process(pid).uids().effective for pid in pids if psutil.pid_exists(pid)}
    assert users
    assert 0 not in users


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to drop to")
def test_it_tells_the_server_user_nothing_of_our_environment(tmp_path: Path) -> None:
    command = launch_command("env", ["env"], pids=tmp_path, folder=Path("/"), user=(65534, 65534), stop="TERM")
    told = subprocess.run(command, env=os.environ | {"SECRET_KEY": "ours"}, capture_output=True, text=True, check=True)
    assert "PATH=" in told.stdout
    assert "SECRET_KEY" not in told.stdout


def test_it_logs_an_error_without_the_row_that_it_is_about(servers: Addresses, folder: Path) -> None:
    with psycopg.connect(servers.admin_url, autocommit=True) as admin:
        admin.execute("create temporary table people (email text unique)")
        admin.execute("insert into people values ('ben@example.com')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="ben@"):
            admin.execute("insert into people values (%s)", ["ben@example.com"])
    said = (folder / "log" / "postgres.log").read_text()
    assert "people_email_key" in said
    assert "ben@" not in said


@pytest.mark.parametrize("role", ["database_url", "worker_url", "owner_url"])
def test_it_gives_no_role_a_way_around_row_level_security(servers: Addresses, role: str) -> None:
    with psycopg.connect(getattr(servers, role)) as connection:
        rights = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
        ).fetchone()
    assert rights == (False, False, False)


@pytest.mark.parametrize("role", ["database_url", "worker_url"])
def test_it_lets_the_application_make_no_tables(servers: Addresses, role: str) -> None:
    with psycopg.connect(getattr(servers, role)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("create table theirs (id int)")


def test_it_knows_letters_of_every_script(servers: Addresses) -> None:
    with psycopg.connect(servers.owner_url) as connection:
        row = connection.execute("select similarity('Иван', 'Иванов') > 0, lower('ÉΣ')").fetchone()
    assert row == (True, "éσ")


def test_it_refuses_a_second_start_on_the_same_folder(servers: Addresses, folder: Path) -> None:
    with pytest.raises(AlreadyRunning, match=str(os.getpid())), embedded.running(folder):
        pass


def test_it_keeps_everything_over_a_restart_and_a_start_cut_short(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    (folder / "postgres.new").mkdir(parents=True)
    (folder / "postgres.new" / "PG_VERSION").write_text("18")
    with embedded.running(folder) as first, psycopg.connect(first.owner_url) as connection:
        connection.execute("create table kept as select 7 as number")
        redis.Redis.from_url(first.redis_url).set("kept", "7")
    with embedded.running(folder) as second, psycopg.connect(second.owner_url) as connection:
        assert connection.execute("select number from kept").fetchone() == (7,)
        assert redis.Redis.from_url(second.redis_url).get("kept") == b"7"
    assert first == second


def test_it_starts_after_a_crash_that_left_its_locks(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    embedded.prepare(folder)
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with embedded.running(folder, ["postgres"], durable=False) as found:
        psycopg.connect(found.owner_url).close()


def test_it_takes_a_folder_whose_name_is_long_and_odd(tmp_path: Path) -> None:
    above = {path: _mode(path) for path in tmp_path.parents}
    folder = tmp_path / 'it\'s 100% "odd"; $HOME' / ("x" * 90)
    with embedded.running(folder, durable=False) as found:
        psycopg.connect(found.database_url).close()
        outside = embedded.lay_out(folder).place
    assert {path: _mode(path) for path in tmp_path.parents} == above
    assert not outside.exists()


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from coachhub.platform import embedded\n"
    script += "with embedded.running(Path(sys.argv[1])): print('up', flush=True); input()"
    command = [sys.executable, "-c", script, str(tmp_path / "state")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        servers = psutil.Process(child.pid).children(recursive=True)
        child.kill()
    assert psutil.wait_procs(servers, timeout=20)[1] == []
    embedded.leave(embedded.lay_out(tmp_path / "state"))
