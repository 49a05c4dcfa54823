"""Standings stay right: whatever happens and however time passes, a look finds what all of the facts say."""

from typing import Any

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.platform.clock import FixedClock
from coachhub.reports.service.standings import refresh_standings
from tests.cast import Cast, make_cast
from tests.conftest import NOW
from tests.factories import a_client
from tests.habits.facts import acting
from tests.reports.happenings import HAPPENINGS, World

_EVENTS = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 2), st.integers(0, 40)), min_size=1, max_size=12
)


def kept(admin: psycopg.Connection, cast: Cast) -> dict[str, dict[str, Any]]:
    """The rows as they lie there, without until when they are good."""
    query = "select client_id::text, to_jsonb(s) - 'fresh_until' from standings s where practice_id = %s"
    return dict(admin.execute(query, [cast.ana.practice_id]).fetchall())


def look(cast: Cast, clock: FixedClock) -> int:
    with acting(cast, cast.ana):
        return refresh_standings(clock.now())


@pytest.fixture
def new_world(app: Flask, clean: None, admin: psycopg.Connection, _emptying: str, clock: FixedClock) -> Any:
    """Makes an empty world with three clients in three zones."""

    def make() -> World:
        admin.execute(_emptying)
        clock.instant = NOW
        cast = make_cast(app)
        eva = a_client(app, cast.ana, "Eva Ek", "eva@example.com", "Pacific/Kiritimati")
        leo = a_client(app, cast.ana, "Leo Lim", "leo@example.com", "America/Los_Angeles")
        return World(cast, admin, clock, [cast.ben, eva, leo])

    return make


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
