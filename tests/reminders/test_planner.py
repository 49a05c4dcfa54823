"""The planner, which asks the database once a kind, beside a slow one that looks at each client's clock."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.properties import ZONES
from tests.reminders.rows import Office, a_habit_for, a_meetup

GRACE = timedelta(days=3)
CHANGES = (datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC))
month_starts = st.tuples(st.integers(2026, 2031), st.integers(1, 12)).map(lambda it: datetime(*it, 1, tzinfo=UTC))
moments = st.one_of(
    st.tuples(month_starts, st.integers(-30, 24 * 7)).map(lambda it: it[0] + timedelta(hours=it[1])),
    st.tuples(st.sampled_from(CHANGES), st.integers(-30, 30)).map(lambda it: it[0] + timedelta(hours=it[1])),
)
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def everywhere(cast: Cast) -> dict[UUID, ZoneInfo]:
    """A client with the habit in each zone, by id."""
    clients = {}
    for number, zone in enumerate(ZONES):
        person = a_client(cast.app, cast.ana, f"Client {number}", f"z{number}@example.com", time_zone=zone.key)
        a_habit_for(cast.app, person, from_month=date(2025, 1, 1))
        assert person.client_id is not None
        clients[person.client_id] = zone
    return clients


def _planned(admin: psycopg.Connection, kind: str, column: str) -> dict[UUID, datetime]:
    rows = admin.execute(f"select {column}, due_at from outbox where kind = %s", [kind]).fetchall()
    return {row_id: due.astimezone(UTC) for row_id, due in rows}


def _is_due(due: datetime, now: datetime) -> bool:
    return due <= now <= due + GRACE


@given(now=moments)
@few
def test_it_plans_the_new_month_by_every_clock(
    cast: Cast, office: Office, admin: psycopg.Connection, everywhere: dict[UUID, ZoneInfo], now: datetime
) -> None:
    admin.execute("truncate outbox")
    expected = {}
    for client_id, zone in everywhere.items():
        day = now.astimezone(zone).date().replace(day=1)
        while day.strftime("%a") in ("Sat", "Sun"):
            day += timedelta(days=1)
        due = datetime.combine(day, time(9), tzinfo=zone).astimezone(UTC)
        expected |= {client_id: due} if _is_due(due, now) else {}
    assert office.plan(cast.ana, now) == len(expected)
    assert _planned(admin, "new_month", "client_id") == expected


@given(now=moments, hours=st.lists(st.integers(-130, 30), min_size=len(ZONES), max_size=len(ZONES)))
@few
def test_it_asks_about_each_meetup_on_the_morning_after_by_every_clock(
    cast: Cast,
    office: Office,
    admin: psycopg.Connection,
    people: dict[UUID, ZoneInfo],
    now: datetime,
    hours: list[int],
) -> None:
    admin.execute("truncate outbox")
    expected = {}
    for (meetup_id, zone), hour in zip(people.items(), hours, strict=True):
        starts_at = now + timedelta(hours=hour)
        admin.execute("update meetups set starts_at = %s where id = %s", [starts_at, meetup_id])
        day_after = starts_at.astimezone(zone).date() + timedelta(days=1)
        due = datetime.combine(day_after, time(9), tzinfo=zone).astimezone(UTC)
        expected |= {meetup_id: due} if _is_due(due, now) else {}
    office.plan(cast.ana, now)
    assert _planned(admin, "after_meetup", "subject_id") == expected


@pytest.fixture
def people(cast: Cast, clock: FixedClock) -> dict[UUID, ZoneInfo]:
    """A meetup of a client in each zone, by its id."""
    meetups = {}
    for number, zone in enumerate(ZONES):
        person = a_client(cast.app, cast.ana, f"Client {number}", f"m{number}@example.com", time_zone=zone.key)
        friend_id = a_friend(cast.app, person, "Gus", date(2025, 1, 1))
        meetups[a_meetup(cast.app, person, friend_id, clock.now())] = zone
    return meetups
