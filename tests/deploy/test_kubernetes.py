"""The manifests are what Kubernetes understands, refer to what is there, and start what we really start."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from coachhub.platform.config import Settings
from coachhub.platform.jobs import QUEUES
from tests.deploy.described import KUBERNETES, Object, documents, problems

OF_OPERATOR = {"Cluster", "ObjectStore", "ScheduledBackup"}
FILES = [path for path in sorted(KUBERNETES.rglob("*.yaml")) if path.name != "kustomization.yaml"]
RUNNING = ("Deployment", "StatefulSet", "Job")


def _all(*kinds: str) -> list[Object]:
    return [each for path in FILES for each in documents(path) if not kinds or each["kind"] in kinds]


def _pods(*kinds: str) -> dict[str, Any]:
    return {each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in _all(*kinds)}


def _ours() -> dict[str, Any]:
    """The one container of each of our programs."""
    pods = _pods("Deployment", "Job")
    return {name: pod["containers"][0] for name, pod in pods.items()}


def _settings_file() -> dict[str, str]:
    lines = (KUBERNETES / "production" / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(KUBERNETES)) for path in FILES])
def test_it_is_what_kubernetes_understands(path: Path) -> None:
    found = documents(path)
    assert found
    assert [said for each in found if each["kind"] not in OF_OPERATOR for said in problems(each)] == []


def test_it_would_notice_a_field_that_nobody_knows() -> None:
    [service] = [each for each in _all("Service") if each["metadata"]["name"] == "web"]
    assert problems(service | {"spec": service["spec"] | {"port": 80}}) != []


def test_it_lists_every_file_that_is_there() -> None:
    for kustomization in KUBERNETES.rglob("kustomization.yaml"):
        [listed] = documents(kustomization)
        beside = {path.name for path in kustomization.parent.glob("*.yaml")} - {"kustomization.yaml"}
        files = {name for name in listed["resources"] if name.endswith(".yaml")}
        folders = [name for name in listed["resources"] if not name.endswith(".yaml")]
        assert files == beside
        assert all((kustomization.parent / name / "kustomization.yaml").exists() for name in folders)


def test_it_runs_each_queue_by_a_worker_of_its_own() -> None:
    commands = {name: container.get("command") for name, container in _ours().items()}
    workers = {f"worker-{queue}": ["python", "-m", "workers.boot", "worker", queue] for queue in QUEUES}
    assert commands == workers | {
        "web": None,
        "scheduler": ["python", "-m", "workers.boot", "scheduler"],
        "migrate": ["coachhub", "migrate"],
    }


def test_it_asks_each_program_whether_it_lives() -> None:
    containers = _ours()
    web = containers["web"]
    paths = {probe: web[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    for name in {*containers} - {"web", "migrate"}:
        command = containers[name]["command"]
        assert containers[name]["livenessProbe"]["exec"]["command"] == [*command[:3], "beating", *command[3:]]


def test_it_gives_no_pod_more_rights_than_it_needs() -> None:
    for name, pod in _pods(*RUNNING).items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        for container in pod["containers"]:
            limits = container["securityContext"]
            assert (limits["readOnlyRootFilesystem"], limits["allowPrivilegeEscalation"]) == (True, False), name
            assert limits["capabilities"] == {"drop": ["ALL"]}, name
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), name


def test_it_mounts_what_it_has() -> None:
    for name, pod in _pods("Deployment", "Job").items():
        mounted = {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}, name


def test_it_scales_spares_and_reaches_what_there_is() -> None:
    labels = {each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"] for each in _all(*RUNNING)}
    for scaler in _all("HorizontalPodAutoscaler"):
        assert scaler["spec"]["scaleTargetRef"]["name"] in labels
    spared = {budget["metadata"]["name"] for budget in _all("PodDisruptionBudget")}
    assert spared == {each["metadata"]["name"] for each in _all("Deployment")}
    selectors = [each["spec"]["selector"] for each in _all("Service")]
    selectors += [budget["spec"]["selector"]["matchLabels"] for budget in _all("PodDisruptionBudget")]
    for selector in selectors:
        assert any(selector.items() <= found.items() for found in labels.values()), selector


def test_it_forbids_what_is_not_allowed() -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in _all("NetworkPolicy")}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies.keys() >= {"names", "people", "watchers", "valkey", "servers", "providers"}


def test_it_lets_each_program_reach_what_it_speaks_to() -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in _all("NetworkPolicy")}
    labels = {each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"] for each in _all(*RUNNING)}
    [chosen] = policies["providers"]["podSelector"]["matchExpressions"]
    assert set(chosen["values"]) == labels.keys() - {"migrate", "valkey"}  # mail, payments, reports of errors
    servers = policies["servers"]["podSelector"]["matchLabels"].items()
    assert {name for name, own in labels.items() if servers <= own.items()} == labels.keys() - {"valkey"}
    ports = {name: [port["port"] for to in policies[name]["egress"] for port in to["ports"]] for name in _OUTWARDS}
    assert ports == _OUTWARDS


_OUTWARDS = {"names": [53, 53], "servers": [6379, 5432], "providers": [443, 465, 587]}


def test_it_lets_files_in_that_the_web_takes(app: Flask) -> None:
    [ingress] = _all("Ingress")
    said = ingress["metadata"]["annotations"]
    most = int(said["nginx.ingress.kubernetes.io/proxy-body-size"].removesuffix("m")) * 1024 * 1024
    assert most == app.config["MAX_CONTENT_LENGTH"]
    assert said["nginx.ingress.kubernetes.io/enable-access-log"] == "false"


def test_it_gives_each_program_longer_to_end_than_it_takes() -> None:
    pods = _pods("Deployment")
    web = pods["web"]
    waits = web["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert waits + 10 < web["terminationGracePeriodSeconds"]  # --workers-kill-timeout
    assert all(pods[f"worker-{queue}"]["terminationGracePeriodSeconds"] >= 90 for queue in QUEUES)
    for container in _ours().values():
        assert "memory" in container["resources"]["limits"]


def test_it_lets_nothing_but_migrations_change_the_schema() -> None:
    holders = [name for name, pod in _pods(*RUNNING).items() if "coachhub-owner" in str(pod)]
    assert holders == ["migrate"]


def test_it_keeps_settings_that_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [kustomization] = documents(KUBERNETES / "production" / "kustomization.yaml")
    generated = {each["name"]: each["files"] for each in kustomization["secretGenerator"]}
    files = {Path(file).name for file in generated["coachhub-secrets"]}
    settings = _settings_file()
    assert {Path(path).name for name, path in settings.items() if name.endswith("_FILE")} == files
    assert {str(Path(path).parent) for name, path in settings.items() if name.endswith("_FILE")} == {_mounted_at()}
    for name in [name for name in os.environ if name.endswith("_FILE") or name in settings]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, str(_secret(tmp_path, value)) if name.endswith("_FILE") else value)
    monkeypatch.setenv("COACHHUB_DATA", str(tmp_path))
    assert Settings().is_production


def _secret(folder: Path, path: str) -> Path:
    """A made-up secret of the form that the setting has."""
    name = Path(path).name
    made = folder / name
    made.write_text('["whsec_x"]' if name.endswith("secrets") else f"postgresql://somebody@{name}/{'x' * 32}")
    return made


def _mounted_at() -> str:
    mounts = _ours()["web"]["volumeMounts"]
    return str(next(mount["mountPath"] for mount in mounts if mount["name"] == "secrets"))


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not here")
@pytest.mark.parametrize("with_operator", [False, True])
def test_it_is_put_together(tmp_path: Path, with_operator: bool) -> None:
    production = Path(shutil.copytree(KUBERNETES, tmp_path / "kubernetes")) / "production"
    text = (production / "kustomization.yaml").read_text()
    (production / "secrets").mkdir(exist_ok=True)
    for name in re.findall(r"secrets/(\w+)", text):
        (production / "secrets" / name).write_text("x\n")
    if with_operator:
        text = text.replace("# - ../postgres", "- ../postgres")
    (production / "kustomization.yaml").write_text(text)
    built = subprocess.run(["kubectl", "kustomize", production], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    made = list(yaml.safe_load_all(built.stdout))
    assert [said for each in made if each["kind"] not in OF_OPERATOR for said in problems(each)] == []
    first = {each["kind"] for each in made if "coachhub.example/step" in each["metadata"].get("labels", {})}
    assert first - OF_OPERATOR == {
        *("Namespace", "ConfigMap", "Secret", "NetworkPolicy", "StatefulSet", "Service"),
    }
    names = {each["metadata"]["name"] for each in made if each["kind"] in ("ConfigMap", "Secret")}
    assert set(re.findall(r"coachhub-(?:settings|secrets|owner)-\w+", built.stdout)) == names
