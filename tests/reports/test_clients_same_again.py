"""The list asked for a second time, unchanged: the short way, on which Flask makes no request of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachhub.platform import watching
from coachhub.platform.answered import Answered, hear
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.cast import Cast, signed_in
from tests.log_lines import breaking_app, events_of
from tests.statements import asked


@contextmanager
def requests_of_flask(app: Flask) -> Iterator[list[object]]:
    """Each request that Flask makes in the block."""
    made: list[object] = []
    note: Callable[..., None] = lambda *_told, **_more: made.append(_told)  # noqa: E731 (a signal holds it weakly)
    with request_started.connected_to(note, app):
        yield made


class Asking:
    """Ana's browser, which has been told once already that its list has not changed."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.browser = app, signed_in(app, cast.ana)
        self.browser.get("/clients")
        self.tag = self.browser.get("/clients").headers["ETag"]
        self.first = self.asks()
        assert self.first.status_code == 304

    def asks(self, browser: FlaskClient | None = None, **more: str) -> TestResponse:
        return (browser or self.browser).get("/clients", headers={"If-None-Match": self.tag, **more})


@pytest.fixture
def asking(cast: Cast) -> Asking:
    return Asking(cast.app, cast)


def is_short(asking: Asking, **more: str) -> bool:
    with requests_of_flask(asking.app) as made:
        answer = asking.asks(**more)
    return answer.status_code == 304 and not made


def test_it_answers_as_the_long_way_does(asking: Asking) -> None:
    with requests_of_flask(asking.app) as made:
        answer = asking.asks()
    assert (made, answer.status_code, answer.data) == ([], 304, b"")
    said, before = ({k: v for k, v in each.headers if k != "X-Request-ID"} for each in (answer, asking.first))
    assert said == before
    assert answer.headers["X-Request-ID"] != asking.first.headers["X-Request-ID"]


def test_it_asks_the_database_once(asking: Asking) -> None:
    with asked(asking.app) as statements:
        assert is_short(asking)
    assert len(statements) == 1


@pytest.mark.parametrize(
    "more",
    [{"HX-Request": "true"}, {"Accept-Language": "de"}, {"Host": "127.0.0.1"}, {"If-None-Match": '"another"'}],
)
def test_it_is_open_only_to_the_same_request(asking: Asking, more: dict[str, str]) -> None:
    assert not is_short(asking, **more)


def test_it_is_closed_to_a_login_that_has_ended(asking: Asking, admin: psycopg.Connection) -> None:
    admin.execute("delete from logins")
    admin.commit()
    assert asking.asks().location.startswith("/sign-in")


def test_it_is_closed_to_whoever_was_put_out(asking: Asking, admin: psycopg.Connection) -> None:
    admin.execute("update memberships set role = 'client' where role = 'owner'")
    admin.commit()
    assert asking.asks().status_code == 404


def test_it_is_closed_as_a_standing_becomes_old(asking: Asking, clock: FixedClock) -> None:
    clock.advance(timedelta(days=1))
    assert not is_short(asking)


def test_it_still_notes_when_somebody_was_there(
    asking: Asking, clock: FixedClock, admin: psycopg.Connection, cast: Cast
) -> None:
    clock.advance(timedelta(minutes=11))
    assert is_short(asking)
    seen = admin.execute("select max(last_seen_at) from logins where user_id = %s", [cast.ana.user_id]).fetchone()
    assert seen == (clock.now(),)
    assert is_short(asking)


def test_it_finds_another_connection_where_one_was_lost(asking: Asking, admin: psycopg.Connection) -> None:
    ours = "usename = 'coachhub_web' and datname = current_database()"  # other databases are other tests'
    admin.execute(f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where {ours}")
    assert asking.asks().status_code == 304


def test_it_tells_the_log_the_same(settings: Settings, cast: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    with breaking_app(settings, log_format="json") as made:
        asking = Asking(made, cast)
        assert is_short(asking)
    *_, long, short = events_of(capfd.readouterr().out, "request")
    differs = {"timestamp", "request_id", "ms", "sql_ms"}
    assert {k: v for k, v in short.items() if k not in differs} == {k: v for k, v in long.items() if k not in differs}
    assert short["practice_id"] == str(cast.ana.practice_id)


def test_it_is_counted(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[Answered, int]] = []
    monkeypatch.setitem(asking.app.extensions, "coachhub_heard", [])
    hear(asking.app, lambda answered, tally: heard.append((answered, tally.count)))
    assert is_short(asking)
    assert heard == [(Answered("reports.clients", "GET", 304), 1)]


class Span:
    """Where requests are traced, something listens to Flask's."""

    def watch_requests(self, app: Flask) -> None:
        """It hears of requests that Flask makes, and of no other."""


def test_it_is_closed_where_requests_are_traced(
    settings: Settings, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_running", [Span()])
    with breaking_app(settings) as made:
        assert not is_short(Asking(made, cast))


def test_it_remembers_no_more_than_it_may(asking: Asking) -> None:
    for number in range(300):
        asking.asks(**{"Accept-Language": f"en;q=0.{number}"})
    assert not is_short(asking)  # the oldest made room
    assert is_short(asking, **{"Accept-Language": "en;q=0.299"})
