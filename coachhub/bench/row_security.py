"""What row-level security costs a page: the same page of the same server with the policies, and without them.

They are switched off table by table, which has PostgreSQL plan every statement anew, in functions, too. All else stays:
the role, its rights, the statements, the settings of each transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median

import psycopg
from flask.testing import FlaskClient
from psycopg import sql

from coachhub.bench.figures import Limit
from coachhub.bench.load import Page, drive
from coachhub.bench.pace import Fresh, count_for
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


def is_alike(made: Scratch, browser: FlaskClient, page: Page) -> bool:
    """Whether the page says as much without the policies: only then does it do the same work."""
    bound = body_of(browser, page)
    with unbound(made):
        return len(body_of(browser, page)) == len(bound)


def cost_figures(made: Scratch, port: int, pages: Mapping[str, Page], rounds: int, seconds: float) -> list[Limit]:
    """Of each page: the part of its time that the policies take, in paired rounds."""
    fresh = made.forget_tries
    kept: tuple[dict[str, list[float]], ...] = tuple({name: [] for name in pages} for _ in (True, False))
    for number in range(rounds):
        for is_bound in (True, False) if number % 2 else (False, True):
            if is_bound:
                _note(port, pages, seconds, fresh, kept[0])
            else:
                with unbound(made):
                    _note(port, pages, seconds, fresh, kept[1])
    return [_figure(name, kept[0][name], kept[1][name]) for name in pages]


def _note(port: int, pages: Mapping[str, Page], seconds: float, fresh: Fresh, kept: dict[str, list[float]]) -> None:
    for name, page in pages.items():
        count = count_for(port, page, seconds, fresh)
        fresh()
        kept[name].append(drive(port, page, count).pace)


def _figure(name: str, bound: list[float], free: list[float]) -> Limit:
    part = median(1 - ours / floor for ours, floor in zip(bound, free, strict=True))
    return Limit(f"{name}: row security's part of the page", "%", part * 100, MOST_OF_A_PAGE)
