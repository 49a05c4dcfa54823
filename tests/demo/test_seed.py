"""The demo practice is believable, made once, and never in production."""

import psycopg
import pytest

from coachhub.demo import LOGINS, load_practices, seed_demo, seed_if_empty
from coachhub.platform.config import Settings


def test_it_makes_the_demo_once(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    assert seed_if_empty(settings)
    assert not seed_if_empty(settings)
    assert not seed_demo(settings)
    assert admin.execute("select count(*) from clients").fetchone() == (40,)
    roles = admin.execute("select role, count(*) from memberships group by 1 order by 1").fetchall()
    assert roles == [("client", 38), ("coach", 2), ("owner", 1)]


def test_it_shows_every_status_and_six_time_zones(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    seed_demo(settings)
    assert admin.execute("select count(distinct time_zone) from clients").fetchone() == (6,)
    statuses = {status for (status,) in admin.execute("select distinct status from clients").fetchall()}
    assert statuses == {"invited", "active", "paused", "archived"}


def test_it_agrees_with_what_happened(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    seed_demo(settings)
    counted = admin.execute("select sum(held), sum(minutes) from cycles").fetchone()
    happened = admin.execute("select count(*), sum(minutes) from logs").fetchone()
    assert counted == happened
    ahead = admin.execute("select count(*) from meetups where status = 'held' and starts_at > now()").fetchone()
    assert ahead == (0,)


def test_it_leaves_row_security_forced(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    load_practices(settings, practices=2, clients=3)
    unforced = admin.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity "
        "and not relforcerowsecurity"
    ).fetchall()
    assert unforced == []
    assert admin.execute("select count(*) from practices").fetchone() == (2,)


def test_it_is_refused_in_production(settings: Settings, clean: None) -> None:
    production = settings.model_copy(update={"environment": "production"})
    with pytest.raises(PermissionError):
        seed_demo(production)


def test_it_prints_three_logins() -> None:
    assert [role for role, _, _ in LOGINS] == ["owner", "coach", "client"]
