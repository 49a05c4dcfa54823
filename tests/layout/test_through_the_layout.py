"""Tests that hold on one application in one process hold in the layout of many machines, too."""

import os
import re
import subprocess
import sys

import pytest

from tests.fitness.source import ROOT, parsed, texts

pytestmark = pytest.mark.lengthy

_DELICATE = (
    "tests/network/imports/test_read_job.py",
    "tests/network/test_second_clicks.py",
    "tests/platform/test_at_once.py",
    "tests/platform/test_transaction.py",
)
"""Advisory locks, temporary tables, COPY, deadlocks, prepared statements, and settings of one transaction."""
_OF_SESSIONS = re.compile(
    r"pg_(try_)?advisory_lock(_shared)?\(|^\s*(listen|declare|prepare|set role|set session)\s|"
    r"^\s*set (?!local )\w+ (to|=)|with hold|^\s*create temp(?!.*on commit drop)|set_config\([^)]*false\)",
    re.IGNORECASE | re.DOTALL,
)


def _run(*arguments: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("COACHHUB_TEST", "PYTEST"))}
    command = [sys.executable, "-m", "pytest", "-n", "0", "--as-fleet", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.usefixtures("pooler")
def test_it_keeps_promises_through_a_pooler_that_gives_each_transaction_any_connection() -> None:
    _run("-m", "not long and not browser", *_DELICATE)


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.usefixtures("pooler")
def test_it_is_met_by_browsers_in_every_way() -> None:
    _run("-m", "long or not long", "tests/e2e")


def test_it_asks_the_database_for_nothing_that_outlives_a_transaction() -> None:
    found = [
        f"{path}: {said[:80]}"
        for path, tree in parsed("coachhub", "workers")
        if not str(path).startswith(("coachhub/ops", "coachhub/demo", "coachhub/bench"))  # as owner, straight to it
        for said in texts(tree)
        if _OF_SESSIONS.search(said)
    ]
    assert found == []


@pytest.mark.parametrize(
    "said",
    ["select pg_advisory_lock(1)", "listen news", "set role x", "select set_config('a', 'b', false)", "set x to 1"],
)
def test_it_would_notice_what_outlives_a_transaction(said: str) -> None:
    assert _OF_SESSIONS.search(said)
