"""Standings stay right: whatever happens and however time passes, a look finds what all of the facts say."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from coachhub.habits.service.progress import progress_of
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.reports.models import ClientStanding
from coachhub.reports.rules import standing_of
from coachhub.reports.service.standings import refresh_practice, refresh_standings, ring_where_standings_are_stale
from tests.cast import Cast, Casting
from tests.factories import a_client
from tests.fakes import KeptQueue
from tests.habits.facts import MARCH, acting, give_habit
from tests.reports.conftest import AddMany
from tests.reports.happenings import HAPPENINGS, World
from tests.statements import asked

_EVENTS = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 2), st.integers(0, 40)), min_size=1, max_size=16
)


def kept(admin: psycopg.Connection, cast: Cast) -> dict[str, dict[str, Any]]:
    """The rows as they lie there, without until when they are good."""
    query = "select client_id::text, to_jsonb(s) - 'fresh_until' from standings s where practice_id = %s"
    return dict(admin.execute(query, [cast.ana.practice_id]).fetchall())


def look(cast: Cast, clock: FixedClock) -> int:
    with acting(cast, cast.ana):
        return refresh_standings(clock.now())


@pytest.fixture
def new_world(
    app: Flask, empty: Callable[[], None], casting: Casting, admin: psycopg.Connection, clock: FixedClock
) -> Any:
    """Makes an empty world with three clients in three zones."""

    def make() -> World:
        empty()
        cast = casting(app)
        eva = a_client(app, cast.ana, "Eva Ek", "eva@example.com", "Pacific/Kiritimati")
        leo = a_client(app, cast.ana, "Leo Lim", "leo@example.com", "America/Los_Angeles")
        return World(cast, admin, clock, [cast.ben, eva, leo])

    return make


@pytest.mark.lengthy
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(events=_EVENTS)
def test_it_finds_after_anything_what_all_facts_say(
    new_world: Any, admin: psycopg.Connection, clock: FixedClock, events: list[tuple[str, int, int]]
) -> None:
    world = new_world()
    for name, whose, number in events:
        world.happen(name, whose, number)
        look(world.cast, clock)
        found = kept(admin, world.cast)
        admin.execute("update standings set fresh_until = 'epoch'")
        assert look(world.cast, clock) == 3
        assert found == kept(admin, world.cast), name


@pytest.mark.parametrize(
    ("before", "what", "number"),
    [
        ((), "gives", 0),
        (("gives",), "ends", 1),
        (("gives",), "rests", 1),
        (("gives", "rests"), "rests", 0),
        (("gives",), "plans", 0),
        (("gives",), "meets", 0),
        (("gives", "meets"), "erases", 0),
        (("is_invited", "time_passes"), "is_invited", 1),
        ((), "is_edited", 1),
        ((), "stands", 0),
        ((), "mail_stops", 0),
        (("mail_stops",), "mail_goes", 0),
        ((), "moves_house", 0),
        ((), "has_session", 0),
        (("has_session",), "session_is_off", 0),
        ((), "pays_in_vain", 0),
        (("pays_in_vain",), "money_is_stuck", 0),
        (("pays_in_vain",), "bank_asks", 0),
        ((), "is_reported_on", 0),
        (("is_reported_on",), "report_is_shared", 1),
    ],
)
def test_it_marks_whose_facts_have_changed_and_nobody_else(
    new_world: Any, admin: psycopg.Connection, clock: FixedClock, before: tuple[str, ...], what: str, number: int
) -> None:
    world = new_world()
    for name in before:
        world.happen(name, 0, 1 if name in ("rests", "report_is_shared") or what == "report_is_shared" else 30)
    look(world.cast, clock)
    world.happen(what, 0, number)
    marked = "select client_id from standings where fresh_until = 'epoch'"
    assert admin.execute(marked).fetchall() == [(world.cast.ben.client_id,)]


def test_it_says_what_the_rules_say(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-3))
    look(cast, clock)
    with acting(cast, cast.ana):
        said = progress_of([cast.ben.client_id], clock.now())[cast.ben.client_id]
    row = kept(admin, cast)[str(cast.ben.client_id)]
    assert row["standing"] == standing_of("active", said.verdict.status) == "off_track"
    found = [row[name] for name in ("need", "reason", "missed", "strength", "year", "is_booster_due")]
    assert found == ["off_track", "two_months_missed", 3, said.strength, "000n", True]


def test_it_asks_once_where_every_standing_is_good(cast: Cast, clock: FixedClock) -> None:
    look(cast, clock)
    with asked(cast.app) as statements:
        assert look(cast, clock) == 0
    assert len(statements) == 2  # one binds the transaction


def test_it_rings_for_a_practice_whose_clients_turn_and_makes_theirs_anew(
    cast: Cast, worker_app: Flask, admin: psycopg.Connection, clock: FixedClock, queue: KeptQueue, add_many: AddMany
) -> None:
    add_many(1_100)
    for _night in range(2):
        queue.rings.clear()
        with worker_app.app_context():
            ring_where_standings_are_stale()
            assert [ring.arguments for ring in queue.rings] == [(str(cast.ana.practice_id),)]
            refresh_practice(cast.ana.practice_id)
            queue.rings.clear()
            ring_where_standings_are_stale()
            assert queue.rings == []
        clock.advance(timedelta(days=1))
    assert admin.execute("select count(*) from standings where standing = ''").fetchone() == (0,)


def test_it_shows_standings_to_those_who_work_here_alone(cast: Cast, clock: FixedClock) -> None:
    look(cast, clock)
    for person, sees in ((cast.ana, 1), (cast.ben, 0), (cast.cleo, 0)):
        with acting(cast, person):
            assert db.session.scalar(select(func.count()).select_from(ClientStanding)) == sees
            changed = db.session.execute(update(ClientStanding).values(name="x"))
            assert changed.rowcount == sees  # type: ignore[attr-defined]


def test_it_waits_for_a_change_that_is_not_committed_yet(
    cast: Cast, admin: psycopg.Connection, addresses: Any, clock: FixedClock
) -> None:
    """Made anew before the other's commit it would be good, and wrong."""
    admin.execute("update standings set fresh_until = 'epoch'")
    with psycopg.connect(addresses.admin_url) as other, ThreadPoolExecutor(1) as pool:
        other.execute("update clients set name = 'Benno' where id = %s", [cast.ben.client_id])
        ours = pool.submit(look, cast, clock)
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        while not (admin.execute(waiting).fetchone() or (0,))[0]:
            assert not ours.done()
            admin.execute("select pg_sleep(0.01)")
        other.commit()
        ours.result(timeout=10)
    assert kept(admin, cast)[str(cast.ben.client_id)]["name"] == "Benno"


def test_it_is_gone_with_the_client(cast: Cast, admin: psycopg.Connection) -> None:
    eva = a_client(cast.app, cast.ana, "Eva Ek", "eva@example.com")
    admin.execute("delete from clients where id = %s", [eva.client_id])
    assert kept(admin, cast).keys() == {str(cast.ben.client_id)}
