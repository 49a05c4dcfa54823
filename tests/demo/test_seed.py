"""The demo practice is believable, made once, and never in production."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine

from coachhub.demo import LOGINS, seed_demo, seed_if_empty
from coachhub.demo.practice import load_practices
from coachhub.platform.config import Settings


def test_it_makes_the_demo_once(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    assert seed_if_empty(settings)
    assert not seed_if_empty(settings)
    assert not seed_demo(settings)
    assert admin.execute("select count(*) from clients").fetchone() == (40,)
    roles = admin.execute("select role, count(*) from memberships group by 1 order by 1").fetchall()
    assert roles == [("client", 38), ("coach", 2), ("owner", 1)]


def test_it_gives_the_demo_the_plan(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    seed_demo(settings)
    assert admin.execute("select granted_until > now() + interval '300 days' from practice_plans").fetchall() == [
        (True,)
    ]


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


def test_it_counts_the_last_contact_as_the_application_does(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    seen = (
        "select friend_id, happened_on as day from contacts where how <> 'warm_up' union all "
        "select l.friend_id, (l.held_at at time zone c.time_zone)::date "
        "from logs l join clients c on c.id = l.client_id"
    )
    wrong = admin.execute(
        f"select f.name from friends f left join (select friend_id, max(day) as day from ({seen}) as seen group by 1) "
        "as counted on counted.friend_id = f.id where f.last_contact_on is distinct from counted.day"
    ).fetchall()
    assert wrong == []


def test_it_counts_the_friends_of_each_client_from_one(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    counted = (
        "select client_id, count(*) as n, min(number), max(number), count(distinct number) from friends group by 1"
    )
    odd = (
        f"select from ({counted}) as counted(c, n, least, most, distinct_) where (least, most, distinct_) <> (1, n, n)"
    )
    assert admin.execute(odd).fetchall() == []
    assert admin.execute("select max(number) from friends").fetchone() == (180,)


def test_it_gives_the_demo_client_a_network_in_every_state(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    ben = "client_id = (select id from clients where email = 'ben@demo.example')"
    days = "coalesce(current_date - greatest(last_contact_on, known_until), 540)"
    states = admin.execute(
        f"select width_bucket({days}, array[181, 357, 897]), count(*) from friends where {ben} group by 1"
    )
    counted = dict(states.fetchall())
    assert [state for state in range(4) if counted.get(state, 0) < 3] == [], counted
    assert admin.execute(f"select count(*) from friends where {ben}").fetchone() == (25,)
    came = f"select count(*) from friends f join imports i on i.id = f.import_id where f.{ben} and i.added = 9"
    assert admin.execute(came).fetchone() == (9,)


def test_it_leaves_somebody_to_answer(settings: Settings, clean: None, admin: psycopg.Connection) -> None:
    seed_demo(settings)
    waiting = "select min(c.at) from invitations i cross join unnest(counter_times) c(at) where answer = 'other'"
    row = admin.execute(waiting).fetchone()
    assert row is not None
    assert row[0] > datetime.now(UTC)
    promised = admin.execute(
        "select count(*) from logs where follow_up_on > current_date and follow_up <> ''"
    ).fetchone()
    assert promised is not None
    assert promised[0] > 0


def test_it_plans_sessions_of_today_and_tomorrow_and_writes_to_nobody_about_them(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    statuses = admin.execute("select status, count(*) from coaching_sessions group by 1 order by 1").fetchall()
    assert [status for status, count in statuses if count > 5] == ["cancelled", "held", "scheduled"]
    soon = "select count(*) from coaching_sessions where starts_at between now() and now() + interval '48 hours'"
    row = admin.execute(soon).fetchone()
    assert row is not None
    assert row[0] >= 2
    due = "starts_at - interval '1 hour'"
    forgotten = f"select count(*) from coaching_sessions where {due} > now() and {due} not in (select at from wakes)"
    assert admin.execute(forgotten).fetchone() == (0,)
    assert admin.execute(
        "select max(news_at) < now() - interval '7 days' from coaching_sessions where starts_at > now()"
    ).fetchone() == (True,)


def test_it_has_an_outbox_to_look_at_in_which_nothing_waits(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    states = dict(admin.execute("select state, count(*) from outbox group by 1").fetchall())
    assert states.keys() == {"delivered", "dropped", "bounced", "complained", "unknown", "failed"}
    assert states["delivered"] > states["dropped"] > 5
    assert admin.execute("select count(*) from outbox where settled_at > now() or settled_at is null").fetchone() == (
        0,
    )
    assert admin.execute("select count(*) from nudges where until > now()").fetchone() == (0,)
    stopped = admin.execute("select cause, count(*) from suppressions group by 1 order by 1").fetchall()
    assert stopped == [("bounced", 1), ("complained", 1)]
    again = "select id from outbox where is_trouble and state not in ('bounced', 'complained', 'unknown', 'failed')"
    assert admin.execute(again).fetchall() == []


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


def test_it_has_reminders_look_at_each_practice_that_it_makes(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    load_practices(settings, practices=2, clients=1, months=2)
    looks = admin.execute("select count(*) from practices join wakes on practice_id = id and at <= now()").fetchone()
    assert looks == (3,)


def test_it_gives_the_demo_practice_something_to_book(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    offered = admin.execute("select status, count(*) from offerings group by 1 order by 1").fetchall()
    assert offered == [("draft", 1), ("open", 4)]
    of_coach = (
        "select count(*) from coach_profiles p where exists (select from weekly_hours w where w.coach_id = p.coach_id)"
    )
    assert admin.execute(of_coach).fetchone() == (3,)
    for table, rows in (("packages", 2), ("coupons", 2), ("dated_hours", 3), ("questions", 2), ("sellers", 1)):
        assert admin.execute(f"select count(*) from {table}").fetchone() == (rows,)


def test_it_books_each_session_and_shows_bookings_in_every_state(
    settings: Settings, clean: None, admin: psycopg.Connection
) -> None:
    seed_demo(settings)
    statuses = {status for (status,) in admin.execute("select distinct status from bookings").fetchall()}
    assert statuses == {"held", "confirmed", "completed", "no_show", "expired", "cancelled"}
    odd = admin.execute(
        "select s.status, b.status from coaching_sessions s left join bookings b on b.practice_id = s.practice_id "
        "and b.id = s.booking_id and b.starts_at = s.starts_at and b.coach_id = s.coach_id where (s.status, b.status) "
        "not in (('scheduled', 'confirmed'), ('held', 'completed'), ('missed', 'no_show'), ('cancelled', 'cancelled')) "
        "or b.id is null"
    ).fetchall()
    assert odd == []
