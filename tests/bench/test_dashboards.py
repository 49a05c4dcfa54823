"""The measurement itself, once, with a handful of clients: every part runs, and nothing is timed."""

import pytest

from coachhub.bench.dashboards import MOST_STATEMENTS, Size, bench_dashboards
from coachhub.bench.figures import Contest, Count

pytestmark = pytest.mark.lengthy


def test_it_measures_every_part() -> None:
    figures = bench_dashboards(1, Size(practices=2, clients=12, months=3, seconds=0.02, times=1))
    assert len({figure.name for figure in figures}) == len(figures)
    assert [type(figure) for figure in figures].count(Contest) == 8
    counts = [figure for figure in figures if isinstance(figure, Count)]
    assert [0 < count.value <= MOST_STATEMENTS for count in counts] == [True] * 6
