"""The measurement itself, once, with a handful of rows: every part runs, and nothing is timed."""

import csv
import io

from coachhub.bench.figures import Contest
from coachhub.bench.linkedin_file import HEADER, linkedin_file
from coachhub.bench.network import bench_network


def test_it_measures_every_part() -> None:
    figures = bench_network(rounds=1, rows=40, friends=60)
    assert len({figure.name for figure in figures}) == len(figures)
    assert [type(figure) for figure in figures].count(Contest) == 2
    assert {"Import", "Who", "Friends", "Your"} <= {figure.name.split()[0].strip(",") for figure in figures}


def test_it_writes_the_same_file_of_different_people_each_time() -> None:
    content = linkedin_file(300)
    assert content == linkedin_file(300)
    lines = [line for line in csv.reader(io.StringIO(content.decode())) if len(line) == len(HEADER)]
    assert tuple(lines[0]) == HEADER
    assert len({line[2] for line in lines[1:]}) == 300
