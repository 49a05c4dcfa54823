"""Workers and scheduler were away for a while, came twice, or the clock moved: nobody gets a burst, nothing doubles."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_habit_for, a_meetup, a_promise
from tests.reminders.wakes import Sweeper, a_wake

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def sunday(cast: Cast, office: Office, clock: FixedClock) -> Cast:
    """Everything is done on a Sunday, and the next look is on Monday; on each of the next days something is due."""
    clock.instant = SUNDAY
    a_habit_for(cast.app, cast.ben)
    a_meetup(cast.app, cast.ben, cast.dan_id, SUNDAY + timedelta(hours=3), agreed_at=SUNDAY)
    for days in range(1, 8):
        friend_id = a_friend(cast.app, cast.ben, f"Friend {days}")
        met = SUNDAY - timedelta(days=20 + days)
        a_promise(cast.app, cast.ben, friend_id, met, date(2026, 3, 1) + days * A_DAY)
    a_wake(cast.app, cast.ana, SUNDAY)
    assert office.deliver(cast.ana).sent == 0
    return cast


def _due(admin: psycopg.Connection, state: str) -> list[tuple[str, str]]:
    rows = admin.execute(
        "select kind, to_char(due_at at time zone 'UTC', 'Dy') from outbox where state = %s order by due_at, kind",
        [state],
    )
    return rows.fetchall()


def test_it_sends_one_mail_of_everything_after_a_day_away(
    sunday: Cast, office: Office, sweeper: Sweeper, clock: FixedClock, mailer: OutboxMailer, admin: psycopg.Connection
) -> None:
    clock.instant = SUNDAY + 2 * A_DAY
    assert sweeper.finds(sunday.ana)
    office.deliver(sunday.ana)
    assert len(mailer.to("ben@example.com")) == 1
    told = [("after_meetup", "Mon"), ("new_month", "Mon"), ("promise_due", "Mon"), ("promise_due", "Tue")]
    assert _due(admin, "sent") == told


def test_it_sends_one_mail_of_what_still_makes_sense_after_a_week_away(
    sunday: Cast, office: Office, sweeper: Sweeper, clock: FixedClock, mailer: OutboxMailer, admin: psycopg.Connection
) -> None:
    clock.instant = SUNDAY + 7 * A_DAY
    assert sweeper.finds(sunday.ana)
    office.deliver(sunday.ana)
    assert len(mailer.to("ben@example.com")) == 1
    today = [("choose_friend", "Sun"), ("promise_due", "Sun")]
    assert _due(admin, "sent") == [("promise_due", "Fri"), ("promise_due", "Sat"), *today]
    assert _due(admin, "due") == []


def test_it_drops_what_was_planned_and_has_waited_for_too_long(
    sunday: Cast, office: Office, clock: FixedClock, mailer: OutboxMailer, admin: psycopg.Connection
) -> None:
    clock.instant = SUNDAY + A_DAY
    office.plan(sunday.ana, clock.now())
    clock.instant = SUNDAY + 6 * A_DAY
    office.deliver(sunday.ana)
    assert _due(admin, "dropped") == [("after_meetup", "Mon"), ("new_month", "Mon"), ("promise_due", "Mon")]
    assert admin.execute("select distinct reason from outbox where state = 'dropped'").fetchall() == [("stale",)]
    assert len(mailer.to("ben@example.com")) == 1


def test_it_adds_and_sends_nothing_twice_when_it_ticks_twice_or_the_clock_is_set_back(
    sunday: Cast, office: Office, sweeper: Sweeper, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = SUNDAY + A_DAY
    assert office.deliver(sunday.ana).sent == 1
    looks = sweeper.wakes(sunday.ana)
    for at in (clock.now(), clock.now() - AN_HOUR, clock.now() - 5 * AN_HOUR, clock.now()):
        clock.instant = at
        again = office.deliver(sunday.ana)
        assert (again.planned, again.sent, again.dropped) == (0, 0, 0)
    assert sweeper.wakes(sunday.ana) == looks
    assert len(_due(admin, "sent")) == 3


def test_it_goes_on_from_day_to_day_whatever_is_lost_between_looks(
    sunday: Cast, office: Office, sweeper: Sweeper, clock: FixedClock, mailer: OutboxMailer
) -> None:
    """No ring ever arrives: each day's sweep finds the look that the day before has left."""
    for days in range(1, 8):
        clock.instant = SUNDAY + days * A_DAY
        if days not in (3, 4):
            assert sweeper.finds(sunday.ana)
            office.deliver(sunday.ana)
            assert not sweeper.finds(sunday.ana)
    assert len(mailer.to("ben@example.com")) == 5
