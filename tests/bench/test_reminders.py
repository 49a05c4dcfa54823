"""The measurement of reminders itself, once, with a handful of people: every part runs, and nothing is timed."""

import pytest

from coachhub.bench.figures import Contest, Limit
from coachhub.bench.reminders import bench_reminders

pytestmark = pytest.mark.lengthy


def test_it_measures_every_part() -> None:
    figures = bench_reminders(rounds=1, practices=2, clients=15, singles=3)
    assert len({figure.name for figure in figures}) == len(figures) == 7
    assert [type(figure) for figure in figures].count(Contest) == 1
    assert all(figure.value > 0 for figure in figures if isinstance(figure, Limit))
