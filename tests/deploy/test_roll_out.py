"""The order in which a version comes onto a cluster, told to a program that stands in for `kubectl` and notes it."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.described import KUBERNETES

_BEFORE = "apply coachhub.example/step=before"
_SCHEMA = "apply app.kubernetes.io/name=migrate"
_REST = "apply coachhub.example/step!=before,app.kubernetes.io/name!=migrate"
_PROGRAMS = ("web", "worker-urgent", "worker-default", "worker-bulk", "scheduler")

_STAND_IN = """#!/usr/bin/env bash
case "$1" in
  apply) echo "apply ${*: -1}" ;;
  get) echo "get $2" ;;
  *) echo "${*:1:3}" ;;
esac >> "$NOTED"
if [ "$1" = get ]; then
  [ "$(grep -c '^get' "$NOTED")" -lt 2 ] || printf '%s' "$ENDED"
fi
"""
"""The job has ended in no way yet when it is asked about first."""


def _roll_out(folder: Path, ended: str) -> tuple[int, list[str]]:
    """Its exit code, and what it told the cluster in turn."""
    stand_in, noted = folder / "kubectl", folder / "noted"
    stand_in.write_text(_STAND_IN)
    stand_in.chmod(0o755)
    around = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "NOTED": str(noted), "ENDED": ended}
    done = subprocess.run([KUBERNETES / "roll-out"], env=around, capture_output=True, text=True, timeout=60)
    return done.returncode, noted.read_text().splitlines()


def test_it_replaces_what_runs_once_the_schema_is_there(tmp_path: Path) -> None:
    code, told = _roll_out(tmp_path, "SuccessCriteriaMet Complete")
    assert code == 0
    assert told[0].startswith("kustomize ")
    assert told[1:6] == [_BEFORE, "delete job migrate", _SCHEMA, "get job/migrate", "get job/migrate"]
    assert told[6:] == [_REST, *(f"rollout status deployment/{name}" for name in _PROGRAMS)]


@pytest.mark.parametrize("ended", ["FailureTarget Failed", "Failed"])
def test_it_touches_nothing_that_runs_where_the_schema_fails_and_says_so_at_once(tmp_path: Path, ended: str) -> None:
    code, told = _roll_out(tmp_path, ended)
    assert code == 1
    assert told[-3:] == ["get job/migrate", "get job/migrate", "logs job/migrate --namespace"]
    assert _REST not in told
