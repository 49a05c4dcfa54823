"""Where many were given the habit at once, their first month's reminders do not all come on one morning."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.habits.rules import Month, days_left
from coachhub.habits.service.assignments import assign_habit
from coachhub.habits.service.habits import ensure_default_habit
from coachhub.platform.clock import SystemClock
from coachhub.platform.ports import Ports
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.rules import (
    choose_friend_due,
    month_ends_due,
    new_month_due,
    shift_of,
    write_message_due,
)
from tests.cast import Cast
from tests.factories import LONG_AGO, a_client
from tests.properties import zones
from tests.reminders.rows import Office

MARCH = Month(2026, 3)
DAY_8 = datetime(2026, 3, 8, 9, tzinfo=UTC)
LAST_MONTH = datetime(2026, 2, 20, 12, tzinfo=UTC)
months = st.builds(Month, st.integers(2000, 2037), st.integers(1, 12))

_CLIENTS = """
with people as (
  insert into clients (practice_id, coach_id, name, email, time_zone, status, created_at, activated_at)
  select %(practice)s, %(coach)s, 'C', %(mark)s || n || '@example.com', 'Europe/London', 'active', %(at)s, %(at)s
  from generate_series(1, %(count)s) n returning id
), habit as (
  insert into habits (practice_id, name, steps, created_at) values (%(practice)s, 'H', '{a,b,c,d,e}', %(at)s)
  returning id
)
insert into assignments (practice_id, client_id, habit_id, from_month, target, minutes, created_at)
select %(practice)s, people.id, habit.id, %(month)s, 1, 60, %(given)s from people, habit returning client_id
"""


def _given_at_once(cast: Cast, admin: psycopg.Connection, count: int, month: date = date(2026, 3, 1)) -> list[UUID]:
    whose = {"practice": cast.ana.practice_id, "coach": cast.ana.user_id, "at": LONG_AGO, "given": LAST_MONTH}
    rows = admin.execute(_CLIENTS, whose | {"mark": uuid4().hex, "count": count, "month": month}).fetchall()
    return [client_id for (client_id,) in rows]


@given(client_id=st.uuids(), at_once=st.integers(0, 100), is_first=st.booleans())
def test_it_spreads_the_first_month_of_twenty_or_more_over_five_days(
    client_id: UUID, at_once: int, is_first: bool
) -> None:
    shift = shift_of(client_id, at_once, is_first_month=is_first)
    assert 0 <= shift < 5
    if at_once < 20 or not is_first:
        assert shift == 0


def test_it_spreads_evenly() -> None:
    shifts = Counter(shift_of(uuid4(), 20, is_first_month=True) for _ in range(5000))
    assert set(shifts) == set(range(5))
    assert min(shifts.values()) > 800


@given(month=months, zone=zones, shift=st.integers(0, 4))
def test_it_stays_in_the_month_and_at_nine(month: Month, zone: ZoneInfo, shift: int) -> None:
    rules = (new_month_due, choose_friend_due, write_message_due, month_ends_due)
    for due in [rule(month, zone, shift) for rule in rules]:
        assert Month.local(due, zone) == month
        assert due.astimezone(zone).strftime("%H:%M") == "09:00"


@given(month=months, zone=zones)
def test_it_counts_the_last_five_days_as_the_month_page_does(month: Month, zone: ZoneInfo) -> None:
    assert days_left(month_ends_due(month, zone), zone) == 5
    assert [days_left(month_ends_due(month, zone, shift), zone) for shift in range(5)] == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(("month", "day"), [(2, 24), (3, 27), (4, 26)])
def test_it_calls_the_end_of_a_month_by_its_day(month: int, day: int) -> None:
    assert month_ends_due(Month(2026, month), ZoneInfo("Europe/Berlin")).day == day


@given(month=months, zone=zones, shift=st.integers(1, 4))
def test_it_shifts_a_new_month_by_working_days(month: Month, zone: ZoneInfo, shift: int) -> None:
    before, after = new_month_due(month, zone, shift - 1), new_month_due(month, zone, shift)
    assert after.astimezone(zone).weekday() < 5
    assert (after.astimezone(zone).date() - before.astimezone(zone).date()).days in (1, 3)


def test_it_plans_by_the_same_rule(cast: Cast, office: Office, admin: psycopg.Connection) -> None:
    clients = _given_at_once(cast, admin, 60)
    for day in range(5):
        office.plan(cast.ana, DAY_8 + timedelta(days=day))
    rows = admin.execute("select client_id, due_at from outbox where kind = 'choose_friend'").fetchall()
    expected = {
        client_id: DAY_8 + timedelta(days=shift_of(client_id, 60, is_first_month=True)) for client_id in clients
    }
    assert dict(rows) == expected
    assert len(rows) == 60


@pytest.mark.parametrize("why", ["nineteen", "a later month"])
def test_it_writes_to_all_others_on_the_day(cast: Cast, office: Office, admin: psycopg.Connection, why: str) -> None:
    many = 19 if why == "nineteen" else 40
    _given_at_once(cast, admin, many, date(2026, 2 if why == "a later month" else 3, 1))
    assert office.plan(cast.ana, DAY_8) == many


def test_it_knows_what_was_given_in_one_step(
    cast: Cast, admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [a_client(cast.app, cast.ana, f"C {n}", f"c{n}@example.com").client_id for n in range(3)]
    ports: Ports = cast.app.extensions["coachhub"]
    monkeypatch.setattr(ports, "clock", SystemClock())
    with cast.app.test_request_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        assign_habit([each for each in clients if each], ensure_default_habit(), Month(2026, 3))
    assert len(admin.execute("select distinct created_at from assignments").fetchall()) == 1
