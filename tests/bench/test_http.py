"""Whole pages measured once, on a small scale: every part runs, and nothing is timed."""

import pytest

from coachhub.bench.figures import Count
from coachhub.bench.http import Size, bench_http
from coachhub.bench.page_table import as_plain, as_table

pytestmark = pytest.mark.lengthy


def test_it_measures_every_part() -> None:
    pages, figures = bench_http(1, Size(practices=2, clients=12, months=3, seconds=0.02))
    assert len({figure.name for figure in figures}) == len(figures)
    named = {page.site.name for page in pages}
    assert {"Clients", "Today", "A client's month", "The practice page", "The friend's page"} <= named
    assert all(count.value > 0 for count in figures if isinstance(count, Count))
    assert [page["page"] for page in as_plain(pages)] == [page.site.name for page in pages]
    assert len(as_table(pages).splitlines()) == len(pages) + 2
