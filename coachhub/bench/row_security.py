"""What row-level security costs a page: the same page of the same server with the policies, and without them.

They are switched off table by table, which has PostgreSQL plan every statement anew, in functions, too. All else stays:
the role, its rights, the statements, the settings of each transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from statistics import median

import psycopg
from flask.testing import FlaskClient
from psycopg import sql

from coachhub.bench.figures import Limit
from coachhub.bench.load import CONNECTIONS, Page, drive
from coachhub.bench.pace import count_for
from coachhub.bench.pages import body_of
from coachhub.bench.scratch import Scratch

MOST_OF_A_PAGE = 15.0
_BOUND = "select oid::regclass::text from pg_class where relrowsecurity and relkind in ('r', 'p') order by 1"


@contextmanager
def unbound(made: Scratch) -> Iterator[None]:
    """No policy binds anybody inside the block."""
    with psycopg.connect(made.superuser_url, autocommit=True) as admin:
        tables = [row[0] for row in admin.execute(_BOUND)]
        _switch(admin, tables, "disable")
        try:
            yield
        finally:
            _switch(admin, tables, "enable")


def _switch(admin: psycopg.Connection, tables: list[str], how: str) -> None:
    with admin.transaction():
        for table in tables:
            admin.execute(sql.SQL("alter table {} {} row level security").format(sql.SQL(table), sql.SQL(how)))


def ensure_alike(made: Scratch, browser: FlaskClient, pages: Mapping[str, Page]) -> None:
    """Only a page that says as much without the policies does the same work. Raises RuntimeError at another one."""
    bound = {name: body_of(browser, page) for name, page in pages.items()}
    with unbound(made):
        others = [name for name, page in pages.items() if len(body_of(browser, page)) != len(bound[name])]
    if others:
        raise RuntimeError(f"without row security other pages come: {', '.join(others)}")


def cost_figures(made: Scratch, port: int, pages: Mapping[str, Page], rounds: int, seconds: float) -> list[Limit]:
    """Of each page: the part of its time that the policies take, in paired rounds."""
    counts = {name: count_for(port, page, seconds, made.forget_tries) for name, page in pages.items()}
    bound: dict[str, list[float]] = {name: [] for name in pages}
    free: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(rounds):
        for is_bound in (True, False) if number % 2 else (False, True):
            with nullcontext() if is_bound else unbound(made):
                for name, page in pages.items():
                    pace = _pace_after_a_switch(made, port, page, counts[name])
                    (bound if is_bound else free)[name].append(pace)
    return [_figure(name, bound[name], free[name]) for name in pages]


def _pace_after_a_switch(made: Scratch, port: int, page: Page, count: int) -> float:
    """A few pages that nobody counts come first: every statement is planned anew."""
    for times in (2 * CONNECTIONS, count):
        made.forget_tries()
        driven = drive(port, page, times)
    return driven.pace


def _figure(name: str, bound: list[float], free: list[float]) -> Limit:
    part = median(1 - ours / floor for ours, floor in zip(bound, free, strict=True))
    return Limit(f"{name}: row security's part of the page", "%", part * 100, MOST_OF_A_PAGE)
