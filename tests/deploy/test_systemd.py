"""The units of a plain server: understood by systemd, and starting what we really start."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from coachhub.platform.config import Settings
from coachhub.platform.jobs import QUEUES
from tests.deploy.described import DEPLOY

UNITS = DEPLOY / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))


def _lines(path: Path, name: str) -> list[str]:
    found = [line.partition("=") for line in path.read_text().splitlines()]
    return [value for key, _, value in found if key == name]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_it_is_understood(tmp_path: Path) -> None:
    """systemd looks for the programs, too, which no machine of tests has in /opt/coachhub."""
    for path in UNITS.glob("coachhub*"):
        text = re.sub(r"/opt/coachhub/bin/\w+", "/bin/true", path.read_text())
        (tmp_path / path.name).write_text(text)
    units = [each.name.replace("@.", "@8001.") for each in tmp_path.iterdir()]
    argv = ["systemd-analyze", "verify", "--man=no", *(f"{tmp_path}/{name}" for name in units)]
    done = subprocess.run(argv, capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "coachhub" in line]
    assert (done.returncode, ours) == (0, [])


def test_it_has_a_worker_for_each_queue() -> None:
    assert {path.name for path in UNITS.glob("*worker*")} == {f"coachhub-worker-{queue}@.service" for queue in QUEUES}
    assert {path.read_text() for path in UNITS.glob("*worker*")} == {
        (UNITS / "coachhub-worker-bulk@.service").read_text()
    }
    [started] = _lines(UNITS / "coachhub-worker-urgent@.service", "ExecStart")
    assert started == "/opt/coachhub/bin/python -m workers.boot worker %j"


def test_it_starts_the_web_as_the_image_does() -> None:
    [started] = _lines(UNITS / "coachhub-web@.service", "ExecStart")
    words = re.findall(r'"([^"]+)"', (DEPLOY / "Dockerfile").read_text().replace("\\\n", "").rpartition("CMD [")[2])
    words[words.index("--host") + 1], words[words.index("--port") + 1] = "127.0.0.1", "%i"
    assert started == f"/opt/coachhub/bin/{' '.join(words)}"


@pytest.mark.parametrize("path", SERVICES, ids=[path.name for path in SERVICES])
def test_it_hands_each_service_the_secrets_that_it_names(path: Path) -> None:
    handed = {line.partition(":")[0] for line in _lines(path, "LoadCredential")}
    named = dict(each.split("=") for line in _lines(path, "Environment") for each in line.split() if "_FILE=" in each)
    assert {value.removeprefix("%d/") for value in named.values()} == handed
    known = {name.upper() for name in Settings.model_fields}
    assert {name.removesuffix("_FILE") for name in named} <= known


def test_it_lets_nothing_but_migrations_change_the_schema() -> None:
    assert [path.name for path in SERVICES if "database_owner_url" in path.read_text()] == ["coachhub-migrate.service"]
    assert [path.name for path in SERVICES if "database_admin_url" in path.read_text()] == ["coachhub-backup.service"]


def test_it_tells_only_the_worker_to_stop() -> None:
    for name in ("coachhub-worker-urgent@.service", "coachhub-web@.service"):
        assert _lines(UNITS / name, "KillMode") == ["mixed"]


def test_it_comes_back_whatever_was_late() -> None:
    """A start that a requirement has failed for is never tried again, and five quick failures end all trying."""
    for path in [path for path in SERVICES if _lines(path, "Restart") == ["always"]]:
        assert _lines(path, "Requires") == [], path.name
        assert _lines(path, "StartLimitIntervalSec") == ["0"], path.name
        assert "coachhub-migrate.service" in f"{_lines(path, 'Wants')}", path.name
        assert "coachhub-migrate.service" in f"{_lines(path, 'After')}", path.name
    assert sum("Restart=always" in path.read_text() for path in SERVICES) == 2 + len(QUEUES)


def test_it_may_not_eat_the_memory_of_the_database() -> None:
    for path in [path for path in SERVICES if _lines(path, "Restart") == ["always"]]:
        assert len(_lines(path, "MemoryMax")) == 1, path.name
        is_of_many = "scheduler" not in path.name  # a process of a job, or one of the web, is lost alone
        assert _lines(path, "OOMPolicy") == ["continue"] * is_of_many, path.name


def test_it_shows_what_runs_the_files_that_it_began_with() -> None:
    """Each version lies in a folder of its own: to install into what runs takes its templates away from it."""
    for path in SERVICES:
        assert _lines(path, "BindReadOnlyPaths") == ["/opt/coachhub-now:/opt/coachhub"], path.name
        assert all("/opt/coachhub/bin/" in line for line in _lines(path, "ExecStart")), path.name
    page = (UNITS / "server.md").read_text()
    assert "ln -sfn /opt/coachhub-1 /opt/coachhub-now" in page
    assert "/opt/coachhub/bin/pip" not in page


@pytest.mark.parametrize("has_hook", [True, False])
def test_it_tells_somebody_when_a_backup_or_a_migration_has_failed(tmp_path: Path, has_hook: bool) -> None:
    for name in ("coachhub-backup.service", "coachhub-migrate.service"):
        assert _lines(UNITS / name, "OnFailure") == ["coachhub-failed@%N.service"]
    [told] = _lines(UNITS / "coachhub-failed@.service", "ExecStart")
    _, _, script = told.partition(" -c ")
    doctor, hook = tmp_path / "coachhub", tmp_path / "on-failure"
    doctor.write_text("#!/bin/sh\necho BAD backup: $1\nexit 1\n")
    doctor.chmod(0o755)
    if has_hook:
        hook.write_text(f'#!/bin/sh\n(echo "$1 failed"; cat) > {tmp_path}/mail\n')
        hook.chmod(0o755)
    for theirs, ours in (("/opt/coachhub/bin/coachhub", doctor), ("/etc/coachhub/on-failure", hook), ("%i", "x")):
        script = script.replace(theirs, str(ours))
    assert subprocess.run(["sh", "-c", script.strip("'")], check=False).returncode == 0
    mail = tmp_path / "mail"
    assert (mail.read_text() if mail.exists() else None) == ("x failed\nBAD backup: doctor\n" if has_hook else None)
