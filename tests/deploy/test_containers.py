"""The image and the compose files: linted, of the specification, and starting what `coachhub up` starts."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from coachhub.platform.config import Settings
from coachhub.platform.embedded import Addresses, lay_out
from coachhub.platform.jobs import QUEUES
from coachhub.supervise.programs import application_programs
from tests.deploy.described import DEPLOY, compose_problems, documents

BOOT = ["python", "-m", "workers.boot"]


def _program(name: str) -> str:
    """A program that came as a package: beside our Python."""
    return shutil.which(name, path=Path(sys.executable).parent) or name


def _compose() -> Any:
    [composed] = documents(DEPLOY / "compose.yaml")
    return composed


def _instructions() -> list[str]:
    joined = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    return [" ".join(line.split()) for line in joined.splitlines() if line and not line.startswith("#")]


def test_it_has_a_dockerfile_without_fault() -> None:
    done = subprocess.run([_program("hadolint"), DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_starts_the_web_as_we_do(settings: Settings, tmp_path: Path) -> None:
    started = next(line for line in _instructions() if line.startswith("CMD [") and "coachhub.serving" in line)
    command = json.loads(started.removeprefix("CMD "))
    web = application_programs(settings, lay_out(tmp_path / "state"))[0].argv
    ours = ["python", "-m", *web[web.index("coachhub.serving") :]]
    for option in ("--host", "--port", "--workers"):
        del ours[ours.index(option) : ours.index(option) + 2]
    assert command[:5] == ["python", "-m", "coachhub.serving", "--interface", "wsgi"]
    assert command[5:9] == ["--host", "0.0.0.0", "--port", "8000"]  # noqa: S104
    assert command[:5] + command[9:] == ours


def test_it_copies_what_the_wheel_is_made_of_and_nothing_secret() -> None:
    sources = [line.split()[1:-1] for line in _instructions() if line.startswith("COPY ") and "--from" not in line]
    copied = {name for names in sources for name in names}
    allowed = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert copied == allowed
    assert all((DEPLOY.parent / name).exists() for name in copied)
    assert "USER 10001" in _instructions()


@pytest.mark.parametrize("name", ["compose.yaml", "compose.stripe.yaml", "compose.metrics.yaml"])
def test_it_keeps_to_the_compose_specification(name: str) -> None:
    [composed] = documents(DEPLOY / name)
    assert compose_problems(composed) == []


def test_it_would_notice_a_word_that_compose_does_not_know() -> None:
    assert compose_problems({"services": {"web": {"image": "coachhub", "port": 8000}}}) != []


def test_it_runs_everything_that_there_is() -> None:
    services = _compose()["services"]
    commands = {name: service.get("command") for name, service in services.items()}
    for queue in QUEUES:
        assert commands[f"worker-{queue}"] == [*BOOT, "worker", queue]
        assert services[f"worker-{queue}"]["healthcheck"]["test"][1:] == [*BOOT, "beating", "worker", queue]
    assert commands["scheduler"] == [*BOOT, "scheduler"]
    assert commands["migrate"] == ["coachhub", "migrate"]
    assert services.keys() >= {"caddy", "web", "database", "valkey", "tools"}


def test_it_refers_to_what_there_is() -> None:
    composed = _compose()
    services = composed["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= services.keys(), name
        assert set(service.get("secrets", [])) <= composed["secrets"].keys(), name
        assert set(service.get("networks", [])) <= composed["networks"].keys(), name
        paths = [value for key, value in _environment(service).items() if key.endswith("_FILE")]
        assert {Path(path).name for path in paths} <= set(service.get("secrets", [])), name


def _environment(service: Any) -> dict[str, str]:
    found: dict[str, str] = service.get("environment", {})
    return found


def test_it_knows_every_setting_that_it_gives() -> None:
    known = {str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()}
    more = [documents(DEPLOY / f"compose.{name}.yaml")[0] for name in ("stripe", "metrics")]
    services = [each for name, each in _compose()["services"].items() if name not in ("caddy", "database", "valkey")]
    services += [service for each in more for service in each["services"].values()]
    given = {name.removesuffix("_FILE") for each in services for name in each["environment"]}
    assert given - {"GRANIAN_WORKERS"} <= known


def test_it_lets_nothing_but_migrations_change_the_schema() -> None:
    services = _compose()["services"]
    assert [name for name, each in services.items() if "database_owner_url" in each.get("secrets", [])] == ["migrate"]
    assert [name for name, each in services.items() if "database_admin_url" in each.get("secrets", [])] == ["tools"]


def test_it_opens_no_port_but_those_of_people() -> None:
    services = _compose()["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["caddy"]
    assert all(services[name]["networks"] == ["inside"] for name in ("database", "valkey"))
    ours = [each for name, each in services.items() if name not in ("caddy", "database", "valkey")]
    assert all(each["read_only"] and each["cap_drop"] == ["ALL"] for each in ours)


def test_it_fills_no_disk_and_no_memory() -> None:
    services = _compose()["services"]
    for name, each in services.items():
        assert {"max-size", "max-file"} <= each["logging"]["options"].keys(), name
    ours = ("web", "scheduler", *(f"worker-{queue}" for queue in QUEUES))
    assert all("mem_limit" in services[name] for name in ours)


def test_it_has_no_database_write_rows_into_its_log(addresses: Addresses) -> None:
    with psycopg.connect(addresses.admin_url) as ours:
        assert ours.execute("show log_error_verbosity").fetchone() == ("terse",)
    assert _compose()["services"]["database"]["command"] == ["postgres", "-c", "log_error_verbosity=terse"]
    parameters = [each for each in documents(DEPLOY / "kubernetes/postgres/cluster.yaml") if each["kind"] == "Cluster"]
    assert parameters[0]["spec"]["postgresql"]["parameters"]["log_error_verbosity"] == "terse"
    assert "alter system set log_error_verbosity = terse" in (DEPLOY / "systemd/server.md").read_text()


def test_it_gives_a_database_time_to_start() -> None:
    """Three failures of a check are unhealthy, and what depends on a healthy one gives up then."""
    check = _compose()["services"]["database"]["healthcheck"]
    assert check["start_period"] == "5m"


@pytest.mark.parametrize("web", ["web:8000", "127.0.0.1:8001 127.0.0.1:8002"])
def test_it_has_a_proxy_that_starts(web: str, tmp_path: Path) -> None:
    given = {"BASE_URL": "https://coach.example.com", "COACHHUB_WEB": web, "XDG_DATA_HOME": str(tmp_path)}
    argv = [_program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(argv, env=os.environ | given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    argv[1] = "adapt"
    adapted = subprocess.run(argv, env=os.environ | given, capture_output=True, text=True, check=True).stdout
    assert all(f'"dial": "{each}"' in adapted or f'"dial":"{each}"' in adapted for each in web.split())
