"""Each process of the layout is killed under load: nothing is lost, nothing is done twice, and people hardly notice."""

from pathlib import Path

import pytest

from tests.layout.needed import need_pooler
from tests.soak.kills import EACH_IN_TURN, SOME_AT_ONCE
from tests.soak.run import running

pytestmark = pytest.mark.lengthy


@pytest.fixture(scope="module", autouse=True)
def pooler() -> None:
    """pgbouncer is installed."""
    need_pooler()


def test_it_loses_nothing_when_each_of_its_processes_is_killed(tmp_path: Path) -> None:
    with running(tmp_path / "fleet") as run:
        run.soak(SOME_AT_ONCE, killing=0, calm=1)
        assert (run.truths.broken(), run.beyond()) == ([], []), run.report()


@pytest.mark.long
def test_it_lets_nothing_grow_in_a_longer_run(tmp_path: Path) -> None:
    with running(tmp_path / "fleet") as run:
        run.soak(EACH_IN_TURN, killing=60, calm=180)
        assert (run.truths.broken(), run.beyond(), run.growing()) == ([], [], []), run.report()


def test_it_kills_the_same_in_both_ways() -> None:
    assert {name for turn in EACH_IN_TURN for name in turn} == {name for turn in SOME_AT_ONCE for name in turn}
