"""`coachhub up` as a person meets it: one command, no leftovers, nothing lost."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.prepared import copy_into
from tests.supervise.copies import Copy, eventually, started

pytestmark = pytest.mark.lengthy


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    with started(tmp_path_factory.mktemp("up") / "state") as found:
        yield found


@pytest.fixture(scope="module")
def told(first_start: Copy) -> dict[str, str]:
    """What it tells of its settings, secrets and all; asked once, for each command is a process."""
    said: dict[str, str] = json.loads(
        first_start.ask("env", "--json", "--show-secrets", PORT="").stdout.splitlines()[-1]
    )
    return said


@pytest.fixture
def copy(first_start: Copy) -> Copy:
    """It runs, however the test before has ended it: no test needs a first start of its own."""
    if not first_start.runs():
        first_start.start()
    return first_start


def test_it_answers_when_it_says_so(copy: Copy) -> None:
    assert (copy.get("/healthz"), copy.get("/readyz")) == (200, 200)


def test_it_tells_every_command_where_it_runs(copy: Copy, told: dict[str, str]) -> None:
    assert told["BASE_URL"] == f"http://localhost:{copy.port}"
    with psycopg.connect(told["DATABASE_URL"]) as connection:
        assert connection.execute("select current_user").fetchone() == ("coachhub_web",)


def test_it_masks_passwords_and_keys(copy: Copy, told: dict[str, str]) -> None:
    printed = copy.ask("env").stdout
    assert "coachhub_web:********@/coachhub" in printed
    assert told["SECRET_KEY"] not in printed


def test_it_is_well_by_its_own_examination(copy: Copy) -> None:
    def is_well() -> bool:
        return copy.ask("doctor").returncode == 0

    assert eventually(is_well), copy.ask("doctor").stdout
    said = json.loads(copy.ask("doctor", "--json").stdout.splitlines()[-1])
    assert said["ok"] is True
    assert "2 on default" in said["checks"]["workers"]["found"]


def test_it_refuses_a_second_start_on_its_folder(copy: Copy) -> None:
    second = copy.ask("up")
    assert second.returncode == 1
    assert f"already runs on {copy.folder}" in second.stderr
    assert f"It is at http://localhost:{copy.port}." in second.stderr


def test_it_refuses_a_port_that_is_taken(copy: Copy, tmp_path: Path) -> None:
    other = copy.ask("up", COACHHUB_DATA=str(tmp_path / "other"))
    assert other.returncode == 1
    assert f"Port {copy.port} on 127.0.0.1 cannot be used" in other.stderr


def test_it_names_the_roles_that_a_database_of_ones_own_needs(copy: Copy, tmp_path: Path) -> None:
    other = copy.ask("up", COACHHUB_DATA=str(tmp_path / "other"), DATABASE_URL="postgresql://web@db/coachhub")
    assert other.returncode == 1
    assert "DATABASE_WORKER_URL and DATABASE_OWNER_URL" in other.stderr
    assert "deploy/roles.sql" in other.stderr


@pytest.mark.parametrize(
    "name", ["web", "worker-urgent", "worker-default", "worker-default-2", "scheduler", "valkey", "postgres"]
)
def test_it_starts_again_what_was_killed(copy: Copy, name: str) -> None:
    killed = copy.pid_of(name)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: copy.pid_of(name) != killed)
    assert eventually(lambda: copy.get("/readyz") == 200)


def test_it_runs_beside_another_copy_which_stops_as_a_whole(copy: Copy, tmp_path: Path) -> None:
    copy_into(tmp_path / "state")
    with started(tmp_path / "state") as other:
        assert (copy.get("/readyz"), other.get("/readyz")) == (200, 200)
        theirs = json.loads(other.ask("env", "--json").stdout.splitlines()[-1])
        assert theirs["PORT"] == str(other.port) != str(copy.port)
        _stops_everything(other, signal.SIGTERM)
        assert copy.get("/readyz") == 200


def test_it_stops_everything_when_interrupted_and_starts_again_with_little_work(copy: Copy) -> None:
    _stops_everything(copy, signal.SIGINT)
    copy.start()
    assert copy.work_done() < 8  # seconds of one core; the clock would measure who else is at work here


def _stops_everything(copy: Copy, how: signal.Signals) -> None:
    processes = copy.processes()
    assert len(processes) > 6
    assert copy.stop(how) == 0
    assert [process for process in processes if process.is_running()] == []


def test_it_loses_nothing_when_its_group_is_killed(copy: Copy, told: dict[str, str]) -> None:
    owner = told["DATABASE_OWNER_URL"]
    with psycopg.connect(owner) as connection:
        connection.execute("create table kept as select 7 as number")
    copy.kill_group()
    copy.start()
    with psycopg.connect(owner) as connection:
        assert connection.execute("select number from kept").fetchone() == (7,)


def test_it_leaves_nobody_behind_when_it_is_killed_alone(copy: Copy) -> None:
    processes = copy.processes()
    assert copy.process is not None
    copy.process.kill()
    copy.process.communicate()
    assert psutil.wait_procs(processes, timeout=60)[1] == []
    copy.start()
