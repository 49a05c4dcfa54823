"""The planner, which asks the database once a kind, beside a slow one that looks at each client's clock.

The slow one knows no rule but the table: it walks through the last days hour by hour, reads the wall of each client,
and decides as somebody would who has the table in front of them.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.factories import Person, a_client, a_friend
from tests.properties import CLOCK_CHANGES, ZONES
from tests.reminders.rows import Office, a_choice, a_cycle, a_habit_for, a_meetup, a_plan, an_invitation

GRACE = timedelta(days=3)
VANCOUVER = ZoneInfo("America/Vancouver")  # after 1 November 2026 it is asked here what tzdata says, whatever that is
PLACES = [*ZONES, VANCOUVER]
STEPS = ("chosen_at", "invited_at", "agreed_at")
LATELY = datetime(2026, 3, 1, tzinfo=UTC)

instants = st.one_of(
    st.tuples(st.integers(2026, 2028), st.integers(1, 12), st.integers(-30, 24 * 31)).map(
        lambda it: datetime(it[0], it[1], 1, tzinfo=UTC) + timedelta(hours=it[2])
    ),
    st.tuples(st.sampled_from([at for at in CLOCK_CHANGES if at > LATELY]), st.integers(-90, 90)).map(
        lambda it: it[0] + timedelta(hours=it[1])
    ),
)


@dataclass(frozen=True)
class Standing:
    """How one client stands: the steps that the month has taken; hours from now to a meetup, to when a message was
    sent, to the time of a plan and to when that was made.
    """

    steps: int
    meetup: int
    sent: int
    plan: int
    made: int


hours = st.integers
standings = st.builds(Standing, hours(0, 3), hours(-90, 60), hours(-190, -1), hours(-90, 30), hours(-220, -1))


@dataclass(frozen=True)
class Somebody:
    """A client somewhere, with the ids of what reminders are about."""

    zone: ZoneInfo
    person: Person
    assignment_id: UUID
    meetup_id: UUID
    invitation_id: UUID
    plan_id: UUID


@pytest.fixture
def everywhere(cast: Cast) -> list[Somebody]:
    """A client in each place, who has the habit for years, a friend, a meetup, a message that waits, and a plan."""
    found = []
    for number, zone in enumerate(PLACES):
        person = a_client(cast.app, cast.ana, f"Client {number}", f"z{number}@example.com", time_zone=zone.key)
        friend_id = a_friend(cast.app, person, "Gus")
        assignment_id = a_habit_for(cast.app, person, from_month=date(2025, 1, 1))
        meetup_id = a_meetup(cast.app, person, friend_id, LATELY)
        invitation_id = an_invitation(cast.app, person, friend_id, LATELY)
        plan_id = a_plan(cast.app, person, assignment_id, date(2026, 3, 1), LATELY, "write", "")
        a_cycle(cast.app, person, assignment_id, date(2026, 3, 1))
        a_choice(cast.app, person, assignment_id, date(2026, 3, 1), friend_id)
        found.append(Somebody(zone, person, assignment_id, meetup_id, invitation_id, plan_id))
    return found


@settings(max_examples=9, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(now=instants, stands=st.lists(standings, min_size=len(PLACES), max_size=len(PLACES)))
@example(now=datetime(2026, 1, 14, 19, tzinfo=UTC), stands=[Standing(0, 0, -1, 0, -1)] * len(PLACES))
@example(now=datetime(2026, 11, 8, 18, tzinfo=UTC), stands=[Standing(0, 20, -80, -1, -70)] * len(PLACES))
@example(now=datetime(2026, 10, 4, 1, tzinfo=UTC), stands=[Standing(1, 30, -73, -2, -73)] * len(PLACES))
@example(now=datetime(2026, 9, 6, 12, 30, tzinfo=UTC), stands=[Standing(2, -30, -72, 0, -1)] * len(PLACES))
def test_it_plans_what_the_table_says_by_every_clock(
    cast: Cast,
    office: Office,
    admin: psycopg.Connection,
    everywhere: list[Somebody],
    now: datetime,
    stands: list[Standing],
) -> None:
    expected: set[tuple[str, UUID, datetime]] = set()
    with admin.pipeline():
        admin.execute("truncate outbox")
        for somebody, standing in zip(everywhere, stands, strict=True):
            _stand(admin, somebody, standing, now)
            expected |= set(_by_the_table(somebody, standing, now))
    assert office.plan(cast.ana, now) == len(expected)
    rows = admin.execute("select kind, subject_id, due_at from outbox").fetchall()
    assert {(kind, subject, due.astimezone(UTC)) for kind, subject, due in rows} == expected
    assert office.plan(cast.ana, now) == 0


def _stand(admin: psycopg.Connection, somebody: Somebody, standing: Standing, now: datetime) -> None:
    """Write down how somebody stands at `now`. Who has agreed on something is written to no more."""
    month = now.astimezone(somebody.zone).date().replace(day=1)
    taken = {step: LATELY if n < standing.steps else None for n, step in enumerate(STEPS)}
    admin.execute(
        "update cycles set month = %s, chosen_at = %s, invited_at = %s, agreed_at = %s where assignment_id = %s",
        [month, *taken.values(), somebody.assignment_id],
    )
    dropped_at = None if standing.steps else LATELY  # who has taken no step has chosen nobody
    choice = "update choices set month = %s, dropped_at = %s where assignment_id = %s"
    admin.execute(choice, [month, dropped_at, somebody.assignment_id])
    at = now + timedelta(hours=standing.meetup)
    admin.execute("update meetups set starts_at = %s where id = %s", [at, somebody.meetup_id])
    at = now + timedelta(hours=standing.sent)
    admin.execute("update invitations set sent_at = %s where id = %s", [at, somebody.invitation_id])
    at = now + timedelta(hours=standing.plan)
    made_at, of_month = now + timedelta(hours=standing.made), at.astimezone(somebody.zone).date().replace(day=1)
    admin.execute(
        "update plans set month = %s, at = %s, created_at = %s where id = %s",
        [of_month, at, made_at, somebody.plan_id],
    )


Due = tuple[str, UUID, datetime]


def _by_the_table(somebody: Somebody, standing: Standing, now: datetime) -> Iterator[Due]:
    for at in _mornings(somebody.zone, now):
        today = at.astimezone(somebody.zone).date()
        for kind, subject in _of_this_morning(somebody, standing, now, today):
            yield kind, subject, at
    at = now + timedelta(hours=standing.plan)
    if now - GRACE <= at <= now and standing.sent < standing.made < standing.plan:
        yield "plan_time", somebody.plan_id, at


def _mornings(zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """Every instant of the last three days at which the clock on the wall comes to nine, seen by walking through."""
    at = (now - GRACE).replace(second=0, microsecond=0)
    while at <= now:
        if at >= now - GRACE and at.astimezone(zone).time() == time(9):
            yield at
        at += timedelta(minutes=15)


def _of_this_morning(somebody: Somebody, standing: Standing, now: datetime, today: date) -> Iterator[tuple[str, UUID]]:
    """What a wall calendar says at nine."""
    one_day = timedelta(days=1)
    is_running = today.replace(day=1) == now.astimezone(somebody.zone).date().replace(day=1)
    if is_running:
        if _is_first_working_day(today):
            yield "new_month", somebody.assignment_id
        if today.day == 8 and standing.steps == 0:
            yield "choose_friend", somebody.assignment_id
        if today.day == 15 and standing.steps == 1:
            yield "write_message", somebody.assignment_id
        if today.day == monthrange(today.year, today.month)[1] - 4 and standing.steps < 3:
            yield "month_ends", somebody.assignment_id
    meets_at = now + timedelta(hours=standing.meetup)
    meets_on = meets_at.astimezone(somebody.zone).date()
    if meets_on == today - one_day:
        yield "after_meetup", somebody.meetup_id
    if meets_on == today + one_day and meets_at > now:
        yield "before_meetup", somebody.meetup_id
    if (now + timedelta(hours=standing.sent)).astimezone(somebody.zone).date() == today - 3 * one_day:
        yield "follow_up", somebody.invitation_id


def _is_first_working_day(today: date) -> bool:
    before = [today.replace(day=day) for day in range(1, today.day)]
    return today.weekday() < 5 and all(day.weekday() >= 5 for day in before)
