"""The demo practice is believable."""

from datetime import UTC, datetime

import psycopg

from coachhub.demo import LOGINS


def test_it_gives_the_demo_the_plan(demo: None, admin: psycopg.Connection) -> None:
    assert admin.execute("select granted_until > now() + interval '300 days' from practice_plans").fetchall() == [
        (True,)
    ]


def test_it_shows_every_status_and_six_time_zones(demo: None, admin: psycopg.Connection) -> None:
    assert admin.execute("select count(distinct time_zone) from clients").fetchone() == (6,)
    statuses = {status for (status,) in admin.execute("select distinct status from clients").fetchall()}
    assert statuses == {"invited", "active", "paused", "archived"}


def test_it_agrees_with_what_happened(demo: None, admin: psycopg.Connection) -> None:
    counted = admin.execute("select sum(held), sum(minutes) from cycles").fetchone()
    happened = admin.execute("select count(*), sum(minutes) from logs").fetchone()
    assert counted == happened


def test_it_counts_the_last_contact_as_the_application_does(demo: None, admin: psycopg.Connection) -> None:
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


def test_it_counts_the_friends_of_each_client_from_one(demo: None, admin: psycopg.Connection) -> None:
    counted = (
        "select client_id, count(*) as n, min(number), max(number), count(distinct number) from friends group by 1"
    )
    odd = (
        f"select from ({counted}) as counted(c, n, least, most, distinct_) where (least, most, distinct_) <> (1, n, n)"
    )
    assert admin.execute(odd).fetchall() == []
    assert admin.execute("select max(number) from friends").fetchone() == (180,)


def test_it_gives_the_demo_client_a_network_in_every_state(demo: None, admin: psycopg.Connection) -> None:
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


def test_it_leaves_somebody_to_answer(demo: None, admin: psycopg.Connection) -> None:
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
    demo: None, admin: psycopg.Connection
) -> None:
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


def test_it_has_an_outbox_to_look_at_in_which_nothing_waits(demo: None, admin: psycopg.Connection) -> None:
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


def test_it_prints_three_logins() -> None:
    assert [role for role, _, _ in LOGINS] == ["owner", "coach", "client"]


def test_it_gives_the_demo_practice_something_to_book(demo: None, admin: psycopg.Connection) -> None:
    offered = admin.execute("select status, count(*) from offerings group by 1 order by 1").fetchall()
    assert offered == [("draft", 1), ("open", 4)]
    of_coach = (
        "select count(*) from coach_profiles p where exists (select from weekly_hours w where w.coach_id = p.coach_id)"
    )
    assert admin.execute(of_coach).fetchone() == (3,)
    for table, rows in (("packages", 2), ("coupons", 2), ("dated_hours", 3), ("questions", 2), ("sellers", 1)):
        assert admin.execute(f"select count(*) from {table}").fetchone() == (rows,)


def test_it_books_each_session_and_shows_bookings_in_every_state(demo: None, admin: psycopg.Connection) -> None:
    statuses = {status for (status,) in admin.execute("select distinct status from bookings").fetchall()}
    assert statuses == {"held", "confirmed", "completed", "no_show", "expired", "cancelled"}
    odd = admin.execute(
        "select s.status, b.status from coaching_sessions s left join bookings b on b.practice_id = s.practice_id "
        "and b.id = s.booking_id and b.starts_at = s.starts_at and b.coach_id = s.coach_id where (s.status, b.status) "
        "not in (('scheduled', 'confirmed'), ('held', 'completed'), ('missed', 'no_show'), ('cancelled', 'cancelled')) "
        "or b.id is null"
    ).fetchall()
    assert odd == []
