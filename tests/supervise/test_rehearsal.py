"""What the web does before it forks: pages for nobody, of which nothing stays open and nothing is written."""

import gc
from collections.abc import Iterator

import psycopg
import pytest
from jinja2.meta import find_referenced_templates
from structlog.testing import capture_logs

from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.rehearsal import rehearse
from tests.cast import Cast
from tests.statements import asked


@pytest.fixture(autouse=True)
def _garbage_as_before() -> Iterator[None]:
    often = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)


def test_it_looks_at_pages_for_nobody_and_leaves_nothing_open(cast: Cast, settings: Settings) -> None:
    with capture_logs() as told, asked(cast.app) as statements:
        rehearse(cast.app, settings.database_url.get_secret_value())
    assert told == []
    assert any("clients_since" in each for each in statements)
    with cast.app.app_context():
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


def test_it_compiles_what_pages_with_something_in_them_are_made_of(cast: Cast, settings: Settings) -> None:
    environment = cast.app.jinja_env
    loader = environment.loader
    assert loader is not None
    assert environment.cache is not None
    environment.cache.clear()
    rehearse(cast.app, settings.database_url.get_secret_value())
    compiled = {name for _, name in environment.cache}
    pages = {"reports/today.html", "reports/clients.html", "habits/month/meet.html", "booking/practice_page.html"}
    assert compiled >= pages | {"network/reply/page.html"}
    for name in compiled:
        source, *_ = loader.get_source(environment, name)
        assert compiled.issuperset(filter(None, find_referenced_templates(environment.parse(source)))), name


def test_it_writes_nothing(cast: Cast, settings: Settings, admin: psycopg.Connection) -> None:
    tables = ("habits", "practices", "users", "standings")
    before = [admin.execute(f"select * from {table}").fetchall() for table in tables]
    rehearse(cast.app, settings.database_url.get_secret_value())
    assert before == [admin.execute(f"select * from {table}").fetchall() for table in tables]


def test_it_does_without_a_database_that_is_not_there(cast: Cast) -> None:
    with capture_logs() as told:
        rehearse(cast.app, "postgresql://nobody@localhost:1/nothing")
    assert [(each["event"], each["why"]) for each in told] == [("rehearsal_failed", "OperationalError")]
