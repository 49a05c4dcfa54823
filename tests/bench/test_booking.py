"""The measurement of bookings itself, once, on a small scale: every part runs, and nothing is timed."""

import pytest

from coachhub.bench.booking import Size, bench_booking
from coachhub.bench.figures import Contest, Count, Limit

pytestmark = pytest.mark.lengthy


def test_it_measures_every_part() -> None:
    size = Size(bookings=60, clients=6, seconds=0.02, zones=4, days=40)
    figures = bench_booking(rounds=1, size=size)
    assert len({figure.name for figure in figures}) == len(figures) == 12
    assert [type(figure) for figure in figures].count(Contest) == 1
    assert all(figure.is_kept for figure in figures if isinstance(figure, Count))
    named = {figure.name: figure.value for figure in figures if isinstance(figure, Limit)}
    assert [value for name, value in named.items() if "asking each quarter" in name] == [0]
    assert [value for name, value in named.items() if "error" in name or "not booked" in name] == [0, 0]
