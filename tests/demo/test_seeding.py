"""The demo practice is made once, whenever that is, and never in production."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from pydantic import SecretStr

from coachhub.demo import seed_demo, seed_if_empty
from coachhub.demo.practice import load_practices
from coachhub.platform.config import Settings


def test_it_makes_the_demo_once(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    assert seed_if_empty(settings)
    assert not seed_if_empty(settings)
    assert not seed_demo(settings)
    assert admin.execute("select count(*) from clients").fetchone() == (40,)
    roles = admin.execute("select role, count(*) from memberships group by 1 order by 1").fetchall()
    assert roles == [("client", 38), ("coach", 2), ("owner", 1)]


@pytest.mark.parametrize("at", ["2027-01-01T00:01", "2027-03-31T23:59", "2028-02-29T12:00", "2026-11-01T05:30"])
def test_it_tells_nothing_that_has_not_happened_yet(
    settings: Settings, clean: None, admin: psycopg.Connection, at: str
) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with time_machine.travel(now):
        seed_demo(settings)
    steps = "greatest(committed_at, chosen_at, invited_at, agreed_at, last_held_at) from cycles"
    told = ("held_at from logs", "starts_at from meetups where status = 'held'", "sent_at from invitations", steps)
    newest = admin.execute(f"select max(at) from (select {' union all select '.join(told)}) told(at)").fetchone()
    assert newest is not None
    assert now - timedelta(days=3) < newest[0] <= now


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


def test_it_has_reminders_look_at_each_practice_that_it_makes(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    load_practices(settings, practices=2, clients=1, months=2)
    looks = admin.execute("select count(*) from practices join wakes on practice_id = id and at <= now()").fetchone()
    assert looks == (3,)


def test_it_makes_up_no_money_where_there_is_a_key(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    seed_demo(settings.model_copy(update={"stripe_secret_key": SecretStr("sk_test_made_up")}))
    for table in ("stripe_accounts", "pretend_objects", "purchases", "holdings", "receipts"):
        assert admin.execute(f"select count(*) from {table}").fetchone() == (0,)
    paid = admin.execute("select count(*) from bookings where paid_with = 'money' and client_id is not null")
    assert paid.fetchone() == (0,)


def test_it_gives_the_load_no_money(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    load_practices(settings, practices=1, clients=2, months=2)
    assert admin.execute("select count(*) from purchases").fetchone() == (0,)
