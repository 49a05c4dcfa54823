"""The measurement of reports itself, once, on a small scale: every part runs, and nothing is timed."""

import pytest

from coachhub.bench.figures import Contest, Limit
from coachhub.bench.reports import bench_reports

pytestmark = pytest.mark.lengthy


def test_it_measures_every_part() -> None:
    figures = bench_reports(rounds=1, batch=6)
    assert len({figure.name for figure in figures}) == len(figures) == 7
    assert [type(figure) for figure in figures].count(Contest) == 1
    named = {figure.name: figure.value for figure in figures if isinstance(figure, Limit)}
    assert [value for name, value in named.items() if "its length" in name] == [2]
    assert [value for name, value in named.items() if "not made" in name] == [0]
