"""At the time of Ben's plan: it is time, in his own words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.clients.models import Client
from coachhub.habits.models import Assignment, Plan
from coachhub.habits.service.steps import commit_plan
from coachhub.network.service.owner import owner_of
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import a_client
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_cycle, a_habit_for, a_meetup, a_pause, a_plan, an_invitation, change

MARCH = date(2026, 3, 1)
THURSDAY = datetime(2026, 3, 12, 12, 30, tzinfo=UTC)
WEDNESDAY = THURSDAY - timedelta(days=1)


@pytest.fixture
def thursday(clock: FixedClock, cast: Cast) -> FixedClock:
    clock.instant = THURSDAY
    return clock


@pytest.fixture
def habit(cast: Cast, thursday: FixedClock) -> UUID:
    """Ben's assignment."""
    return a_habit_for(cast.app, cast.ben)


@pytest.fixture
def plan(cast: Cast, habit: UUID) -> UUID:
    """Ben's plan of March."""
    return a_plan(cast.app, cast.ben, habit, MARCH, THURSDAY, "write to <Dan>", "my desk")


def test_it_comes_at_the_minute_in_the_clients_own_words(
    cast: Cast, office: Office, mailer: OutboxMailer, thursday: FixedClock, plan: UUID
) -> None:
    thursday.instant = THURSDAY - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    thursday.instant = THURSDAY
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.mails
    assert mail.subject == "It is time: write to <Dan>"
    assert "“When it is Thursday 12 March, 12:30, I will write to <Dan>.” (my desk)" in mail.text
    assert "&lt;Dan&gt;" in mail.html
    assert "http://localhost/month" in mail.text


def test_it_has_reminders_look_at_the_minute_of_a_plan(
    cast: Cast, habit: UUID, thursday: FixedClock, admin: psycopg.Connection
) -> None:
    thursday.instant = WEDNESDAY
    with cast.app.test_request_context(), as_practice(cast.ben.practice_id, cast.ben.user_id):
        commit_plan(owner_of(cast.ben.client_id), THURSDAY.date(), time(12, 30), "write to Dan")
    assert admin.execute("select at from wakes where at = %s", [THURSDAY]).fetchall() == [(THURSDAY,)]


def test_it_comes_again_at_the_new_time_of_a_plan_that_is_moved(
    cast: Cast, office: Office, thursday: FixedClock, plan: UUID
) -> None:
    office.plan(cast.ana, THURSDAY)
    change(cast.app, cast.ben, Plan, plan, at=THURSDAY + timedelta(hours=2), changed_at=THURSDAY)
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)["plan_time"] == ("dropped", "moved")
    thursday.advance(timedelta(hours=2))
    assert office.deliver(cast.ana).sent == 1


@pytest.mark.parametrize(
    ("at", "comes"),
    [
        (time(5, 30), "the same morning at eight"),
        (time(3, 59), "past its moment"),
        (time(20, 30), "past its moment"),
        (time(19, 59), "at once"),
    ],
)
def test_it_keeps_the_quiet_hours_and_does_not_say_it_is_time_when_the_time_is_over(
    cast: Cast, office: Office, clock: FixedClock, habit: UUID, at: time, comes: str
) -> None:
    planned = datetime.combine(THURSDAY.date(), at, tzinfo=UTC)
    a_plan(cast.app, cast.ben, habit, MARCH, planned, "write to Dan", "")
    clock.instant = planned
    assert office.deliver(cast.ana).sent == (comes == "at once")
    clock.instant = datetime.combine(THURSDAY.date() + timedelta(days=at.hour > 12), time(8), tzinfo=UTC)
    assert office.deliver(cast.ana).sent == (comes == "the same morning at eight")
    late = ("dropped", "past its moment")
    assert office.states(cast.ana)["plan_time"] == (late if comes == "past its moment" else ("sent", None))


@pytest.mark.parametrize(("hours", "state"), [(4, "sent"), (4.1, "dropped"), (71, "dropped")])
def test_it_makes_good_an_outage_while_it_is_still_true(
    cast: Cast, office: Office, thursday: FixedClock, plan: UUID, hours: float, state: str
) -> None:
    thursday.advance(timedelta(hours=hours))
    office.deliver(cast.ana)
    assert office.states(cast.ana)["plan_time"] == (state, "past its moment" if state == "dropped" else None)


@pytest.mark.parametrize("changed", ["created_at", "changed_at"])
def test_it_says_nothing_of_a_plan_that_was_made_for_a_time_gone_by(
    cast: Cast, office: Office, plan: UUID, changed: str
) -> None:
    change(cast.app, cast.ben, Plan, plan, **{changed: THURSDAY})
    assert office.plan(cast.ana, THURSDAY + timedelta(minutes=1)) == 0


def test_it_is_for_what_has_not_happened_since_the_plan_was_made(
    cast: Cast, office: Office, thursday: FixedClock, plan: UUID
) -> None:
    an_invitation(cast.app, cast.ben, cast.dan_id, WEDNESDAY)
    assert office.plan(cast.ana, THURSDAY) == 0
    # made anew after the message went out, it is for something else: to look for the answer
    anew = {"doing": "look for the answer of Dan", "changed_at": WEDNESDAY + timedelta(hours=1)}
    change(cast.app, cast.ben, Plan, plan, **anew)
    assert office.plan(cast.ana, THURSDAY) == 1


def _write(cast: Cast, habit: UUID) -> None:
    an_invitation(cast.app, cast.ben, cast.dan_id, THURSDAY)


def _agree(cast: Cast, habit: UUID) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, THURSDAY + timedelta(days=20), agreed_at=THURSDAY)


def _replace(cast: Cast, habit: UUID) -> None:
    change(cast.app, cast.ana, Assignment, habit, ended_from=MARCH)
    new = a_habit_for(cast.app, cast.ben, from_month=MARCH)
    a_plan(cast.app, cast.ben, new, MARCH, THURSDAY + timedelta(days=3), "write", "", created_at=THURSDAY)


def _client(status: str) -> Callable[[Cast, UUID], None]:
    return lambda cast, habit: change(cast.app, cast.ana, Client, cast.ben.client_id, status=status)  # type: ignore[arg-type]


def _switch_off(cast: Cast, habit: UUID) -> None:
    cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})


_MEANWHILE = [
    ("written", _write),
    ("agreed", _agree),
    ("met", lambda cast, habit: a_cycle(cast.app, cast.ben, habit, MARCH, held=1)),
    ("paused", lambda cast, habit: a_pause(cast.app, cast.ben, habit, MARCH)),
    ("ended", lambda cast, habit: change(cast.app, cast.ana, Assignment, habit, ended_from=MARCH)),
    ("moved", _replace),
    ("switched off", _switch_off),
    ("paused", _client("paused")),
    ("archived", _client("archived")),
]


@pytest.mark.parametrize(("reason", "happen"), _MEANWHILE)
def test_it_is_not_for_what_became_pointless(
    cast: Cast,
    office: Office,
    mailer: OutboxMailer,
    habit: UUID,
    plan: UUID,
    reason: str,
    happen: Callable[[Cast, UUID], None],
) -> None:
    assert office.plan(cast.ana, THURSDAY) == 1
    happen(cast, habit)
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)["plan_time"] == ("dropped", reason)
    assert mailer.mails == []


@pytest.mark.parametrize(("reason", "happen"), _MEANWHILE)
def test_it_is_not_planned_either_for_what_is_pointless_already(
    cast: Cast, office: Office, habit: UUID, plan: UUID, reason: str, happen: Callable[[Cast, UUID], None]
) -> None:
    happen(cast, habit)
    assert office.plan(cast.ana, THURSDAY) == 0


def test_it_does_not_tell_of_march_in_april(cast: Cast, office: Office, clock: FixedClock, habit: UUID) -> None:
    last_evening = datetime(2026, 3, 31, 22, tzinfo=UTC)  # eleven o'clock of the summer
    a_plan(cast.app, cast.ben, habit, MARCH, last_evening, "write to Dan", "")
    clock.instant = last_evening
    office.deliver(cast.ana)
    clock.instant = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
    office.admin.execute("update outbox set due_at = %s", [clock.instant])
    office.deliver(cast.ana)
    assert office.states(cast.ana)["plan_time"] == ("dropped", "over")


@pytest.mark.parametrize(
    ("zone", "day", "at", "due"),
    [
        # the clocks of Berlin go from 02:00 to 03:00: what never comes moves forward
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # and from 03:00 back to 02:00: what comes twice is the first
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        ("America/Havana", date(2026, 11, 1), time(0, 30), datetime(2026, 11, 1, 4, 30, tzinfo=UTC)),
    ],
)
def test_it_comes_once_for_an_hour_that_is_skipped_or_comes_twice(
    cast: Cast,
    office: Office,
    mailer: OutboxMailer,
    clock: FixedClock,
    admin: psycopg.Connection,
    zone: str,
    day: date,
    at: time,
    due: datetime,
) -> None:
    far = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone=zone)
    a_habit_for(cast.app, far)
    admin.execute("update clients set quiet_from = '00:00', quiet_until = '00:00'")  # she wants it at night
    clock.instant = due - timedelta(minutes=20)
    with cast.app.test_request_context(), as_practice(far.practice_id, far.user_id):
        commit_plan(owner_of(far.client_id), day, at, "write to Gus")
    sent = []
    for minutes in range(-10, 180, 30):
        clock.instant = due + timedelta(minutes=minutes)
        office.deliver(cast.ana)
        sent.append(office.states(cast.ana).get("plan_time"))
    assert sent == [None, *[("sent", None)] * 6]
    assert len([mail for mail in mailer.mails if mail.kind == "plan_time"]) == 1
