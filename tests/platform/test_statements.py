"""What is counted of a request or a job: its statements, their seconds, and their words without what people wrote."""

import pytest
from flask import Flask, request_tearing_down
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from coachhub.platform import statements
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_visitor
from tests.cast import Cast
from tests.statements import asked


def test_it_counts_what_a_block_asks(app: Flask) -> None:
    with app.app_context(), statements.counted() as tally, as_visitor():
        db.session.execute(text("select pg_sleep(0.02)"))
    assert tally.count == 2  # the first binds the transaction
    assert 0.02 < tally.seconds < tally.elapsed
    assert [each.text for each in tally.statements][1] == "select pg_sleep(0.02)"


def test_it_counts_what_is_refused(app: Flask) -> None:
    with app.app_context(), statements.counted() as tally:
        with pytest.raises(DBAPIError), as_visitor():
            db.session.execute(text("select 1 / (pg_sleep(0.02)::text <> '')::int"))
        assert tally.count == 2
        assert tally.seconds > 0.02


def test_it_keeps_no_value(app: Flask) -> None:
    with app.app_context(), statements.counted() as tally, as_visitor():
        db.session.execute(text("select :secret"), {"secret": "what Ben wrote"})
    assert "Ben" not in str(tally.statements)


def test_it_keeps_the_first_texts_alone_and_counts_all(app: Flask) -> None:
    with app.app_context(), statements.counted() as tally, as_visitor():
        for _ in range(600):
            db.session.execute(text("select 1"))
    assert tally.count == 601
    assert len(tally.statements) == 500


def test_it_counts_a_page_as_the_engine_does(cast: Cast) -> None:
    noted: list[int] = []

    def note(_app: Flask, **_told: object) -> None:
        tally = statements.tally()
        noted.append(tally.count if tally else -1)

    browser = cast.browser(cast.ana)
    with asked(cast.app) as said, request_tearing_down.connected_to(note, cast.app):
        assert browser.get("/today").status_code == 200
    assert noted == [len(said)]


def test_it_counts_nothing_outside() -> None:
    assert statements.tally() is None
