"""The reminder of a new month, planned and sent as the worker role."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coachhub.clients.models import Client
from coachhub.habits.models import Assignment
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_cycle, a_habit_for, a_pause, a_plan, change

MARCH = date(2026, 3, 1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)  # the first working day of March 2026, nine o'clock in London


@pytest.fixture
def monday(clock: FixedClock, cast: Cast) -> FixedClock:
    clock.instant = MONDAY
    return clock


def test_it_writes_to_ben_on_the_first_working_day_at_nine(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    monday.instant = MONDAY - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    monday.instant = MONDAY
    assert office.deliver(cast.ana).sent == 1
    [mail] = mailer.to("ben@example.com")
    assert (mail.kind, mail.from_name, mail.reply_to) == (
        "new_month",
        "Ana Alvarez via Ana Coaching",
        "ana@example.com",
    )
    assert "Hello Ben," in mail.text
    assert "http://localhost/month" in mail.text


def test_it_plans_and_sends_once_however_often_it_is_asked(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    monday.advance(timedelta(hours=30))
    assert office.plan(cast.ana, monday.now()) == 0
    assert len(mailer.mails) == 1


def test_it_quotes_the_plan_and_names_friends_with_reasons(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben)
    thursday = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
    a_plan(cast.app, cast.ben, assignment_id, MARCH, thursday, "write to <Dan> & co", "my desk")
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "“When it is Thursday 5 March, 12:30, I will write to <Dan> & co.” (my desk)" in mail.text
    assert "write to &lt;Dan&gt; &amp; co" in mail.html
    assert "- Dan Dorsey: Last contact about 12 months ago" in mail.text
    assert "You have a plan for it already:" in mail.text


@pytest.mark.parametrize(
    ("what", "reason"),
    [("archived", "archived"), ("paused", "paused"), ("month", "paused"), ("met", "met"), ("ended", "ended")],
)
def test_it_drops_what_became_pointless_before_it_went(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock, what: str, reason: str
) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben)
    assert office.plan(cast.ana, MONDAY) == 1
    if what in ("archived", "paused"):
        change(cast.app, cast.ana, Client, cast.ben.client_id, status=what)
    elif what == "month":
        a_pause(cast.app, cast.ben, assignment_id, MARCH)
    elif what == "met":
        a_cycle(cast.app, cast.ben, assignment_id, MARCH, held=1)
    else:
        change(cast.app, cast.ana, Assignment, assignment_id, ended_from=MARCH)
    tally = office.deliver(cast.ana)
    assert (tally.planned, tally.sent, tally.dropped) == (0, 0, 1)
    assert office.states(cast.ana)["new_month"] == ("dropped", reason)
    assert mailer.mails == []


def test_it_plans_nothing_for_who_rests_has_met_or_came_too_late(
    cast: Cast, office: Office, monday: FixedClock
) -> None:
    resting = a_client(cast.app, cast.ana, "Rita", "rita@example.com")
    a_pause(cast.app, resting, a_habit_for(cast.app, resting), MARCH)
    met = a_client(cast.app, cast.ana, "Mia", "mia@example.com")
    a_cycle(cast.app, met, a_habit_for(cast.app, met), MARCH, held=1)
    a_habit_for(cast.app, cast.ben, created_at=MONDAY)
    late = a_client(cast.app, cast.ana, "Leo", "leo@example.com")
    a_habit_for(cast.app, late)
    change(cast.app, cast.ana, Client, late.client_id, activated_at=MONDAY + timedelta(minutes=1))
    a_habit_for(cast.app, a_client(cast.app, cast.ana, "Asa", "asa@example.com", status="archived"))
    a_habit_for(cast.app, a_client(cast.app, cast.ana, "Ida", "ida@example.com"), from_month=date(2026, 4, 1))
    assert office.plan(cast.ana, MONDAY + timedelta(hours=1)) == 0


def test_it_asks_again_where_two_meetups_are_the_habit_and_one_is_held(
    cast: Cast, office: Office, monday: FixedClock
) -> None:
    a_cycle(cast.app, cast.ben, a_habit_for(cast.app, cast.ben, target=2), MARCH, held=1)
    assert office.deliver(cast.ana).sent == 1


def test_it_makes_good_an_outage_of_two_days_and_lets_five_rest(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    assert office.plan(cast.ana, MONDAY + timedelta(days=5)) == 0
    assert office.plan(cast.ana, MONDAY + timedelta(days=2)) == 1
    monday.instant = MONDAY + timedelta(days=5)
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)["new_month"] == ("dropped", "stale")


def test_it_waits_for_the_morning_after_an_outage(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    monday.instant = MONDAY.replace(hour=22)
    assert office.deliver(cast.ana).sent == 0
    assert office.states(cast.ana)["new_month"] == ("due", None)
    monday.instant = MONDAY.replace(day=3, hour=7, minute=59)
    assert office.deliver(cast.ana).sent == 0
    monday.instant = MONDAY.replace(day=3, hour=8)
    assert office.deliver(cast.ana).sent == 1


def test_it_writes_to_ben_and_leaves_cleos_practice_alone(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    theirs = a_client(cast.app, cast.cleo, "Zoe", "zoe@example.com")
    a_habit_for(cast.app, theirs)
    a_habit_for(cast.app, cast.ben)
    office.plan(cast.cleo, MONDAY)
    office.deliver(cast.ana)
    assert [mail.to_address for mail in mailer.mails] == ["ben@example.com"]
    assert office.states(cast.cleo)["new_month"] == ("due", None)
