"""What the lists are told in lines is what they were told before; and a run of rows is taken apart once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import psycopg
import pytest
from markupsafe import escape
from sqlalchemy import text

from coachhub.platform import clock
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.reports.service.clients_page import SORTS, ClientsQuery
from coachhub.reports.service.runs import opened, rows_in
from coachhub.reports.service.standings import refresh_standings
from coachhub.reports.views import clients
from tests.cast import Cast
from tests.factories import Person, a_client, a_coach
from tests.habits.facts import MARCH, acting, give_habit, utc

QUOTED = 'Eva "Evita" O\'Hara\\\n\tLang'
_NAMED = "update standings set name = %s, address = %s where name = 'Client 2'"
_CLIENTS = (
    "select {}:practice, :now_is, null, :reader, :coach, cast(:likes as text[]), :wanted, :not_chosen, :in_need, "
    ":heading, :way, :most, :skipped)"
)
_DAY = "select {}:practice, :now_is, null, :reader, :coach, :since, :most, 6)"


@pytest.fixture
def mia(cast: Cast, fixed: FixedClock, admin: psycopg.Connection) -> Iterator[Person]:
    """Another coach of Ana's, who asks: their clients stand in several ways, and one has a name that needs care."""
    mia = a_coach(cast.app, cast.ana, "Mia Moss", "mia@example.com")
    for number, status in enumerate(("active", "active", "active", "active", "paused", "invited", "archived")):
        coach = mia if number % 2 else cast.ana
        person = a_client(cast.app, coach, f"Client {number}", f"c{number}@example.com", status=status)
        if status == "active":
            give_habit(cast, MARCH.plus(-number), client=person)
    give_habit(cast, MARCH)
    fixed.instant = utc(3, 12)
    with acting(cast, mia):
        refresh_standings(clock.now())
    admin.execute(_NAMED, [QUOTED, 'o"x@example.com'])
    with acting(cast, mia):
        yield mia


@pytest.fixture
def fixed(clock: FixedClock) -> FixedClock:
    """The clock, under a name beside the module's."""
    return clock


def _told(statement: str, person: Person, **asked: Any) -> Any:
    given = {"practice": person.practice_id, "reader": person.user_id, "now_is": clock.now(), **asked}
    return db.session.scalar(text(statement), given)


def _alike(values: list[Any]) -> list[Any]:
    """Instants are compared as instants, however they are written."""
    return [_instant(value) if isinstance(value, str) else value for value in values]


def _instant(written: str) -> Any:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return written


def _coaches(mia: Person, cast: Cast) -> tuple[UUID | None, ...]:
    return None, mia.user_id, cast.ana.user_id


def test_it_tells_the_clients_that_it_told_before(cast: Cast, mia: Person) -> None:
    flags = (False, True)
    every = product(_coaches(mia, cast), ("{}", "{%client%}"), flags, flags, SORTS, (1, -1), (None, "archived"), (0, 2))
    seen = 0
    for coach, likes, not_chosen, in_need, heading, way, wanted, skipped in every:
        asked = {"coach": coach, "likes": likes, "not_chosen": not_chosen, "in_need": in_need, "heading": heading}
        asked |= {"way": way, "wanted": wanted, "most": 3, "skipped": skipped}
        none, version, rows, counted, *before = _told(_CLIENTS.format("clients_seen("), mia, **asked)
        stale, _stamp, *told, run = opened(_told(_CLIENTS.format("clients_since(null, "), mia, **asked))
        assert ([stale, *told[:1]], told[2:]) == ([none, version], before)
        assert sorted(told[1] or ()) == sorted(counted or ())
        assert [_alike(row) for row in rows_in(run)] == [_alike(row) for row in rows or ()]
        seen += any(row[1] == QUOTED for row in rows_in(run))
    assert seen


def test_it_tells_the_day_that_it_told_before(cast: Cast, mia: Person) -> None:
    for coach, most in product(_coaches(mia, cast), (50, 1)):
        asked = {"coach": coach, "since": clock.now() - timedelta(days=7), "most": most}
        none, needy, lately, *before = _told(_DAY.format("day_around("), mia, **asked)
        first, _stamp, newest, *told, run = opened(_told(_DAY.format("day_since(null, "), mia, **asked))
        assert (first, told) == (none, before)
        assert sorted(newest or ()) == sorted(lately or ())
        assert [_alike(row) for row in rows_in(run)] == [_alike(row) for row in needy or ()]


def test_it_takes_a_run_apart_once(cast: Cast, mia: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"coach": None, "likes": "{}", "not_chosen": False, "in_need": False, "heading": "name", "way": 1}
    run = opened(_told(_CLIENTS.format("clients_since(null, "), mia, **asked, wanted=None, most=50, skipped=0))[-1]
    with cast.app.test_request_context():
        first = escape(clients._TABLES(run, ClientsQuery(), "Europe/London"))
        assert first.count("<tr>") == 1 + len(rows_in(run))
        assert "Eva &#34;Evita&#34; O&#39;Hara" in first
        monkeypatch.setattr(clients, "client_rows", None)
        assert escape(clients._TABLES(run, ClientsQuery(), "Europe/London")) == first
        with pytest.raises(TypeError):
            escape(clients._TABLES(run, ClientsQuery(), "Asia/Tokyo"))
