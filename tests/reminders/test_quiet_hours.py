"""What falls into quiet hours waits for their end: the client's own, else those of the practice."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import Person, a_client
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_habit_for

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATE = NINE.replace(hour=22)


@pytest.fixture
def late(cast: Cast, clock: FixedClock) -> FixedClock:
    """Ben's reminder was due at nine; it is ten in the evening."""
    a_habit_for(cast.app, cast.ben)
    clock.instant = LATE
    return clock


def _practice(cast: Cast, start: str, end: str) -> None:
    form = {"quiet_from": start, "quiet_until": end}
    assert cast.browser(cast.ana).post("/settings/messages/quiet", data=form).status_code == 303


def _own(person: Person, cast: Cast, start: str, end: str, **more: str) -> None:
    form = {"quiet_from": start, "quiet_until": end} | more
    assert cast.browser(person).post("/my/reminders/quiet", data=form).status_code == 303


def _wakes(office: Office, cast: Cast, late: FixedClock, at: datetime) -> None:
    """Nothing goes out until the minute before; then it does."""
    assert office.deliver(cast.ana).sent == 0
    late.instant = at - timedelta(minutes=1)
    assert office.deliver(cast.ana).sent == 0
    late.instant = at
    assert office.deliver(cast.ana).sent == 1


def test_it_waits_for_the_morning_of_the_practice(cast: Cast, office: Office, late: FixedClock) -> None:
    _practice(cast, "21:00", "06:30")
    _wakes(office, cast, late, datetime(2026, 3, 3, 6, 30, tzinfo=UTC))


def test_it_waits_for_the_clients_own_end(cast: Cast, office: Office, late: FixedClock) -> None:
    _own(cast.ben, cast, "18:00", "10:15")
    _wakes(office, cast, late, datetime(2026, 3, 3, 10, 15, tzinfo=UTC))


def test_it_waits_within_a_day_too(cast: Cast, office: Office, late: FixedClock) -> None:
    _own(cast.ben, cast, "21:00", "23:00")
    _wakes(office, cast, late, LATE.replace(hour=23))


def test_it_keeps_the_hours_of_each_by_their_own_clock(
    cast: Cast, office: Office, mailer: OutboxMailer, late: FixedClock
) -> None:
    tom = a_client(cast.app, cast.ana, "Tom Tran", "tom@example.com", time_zone="America/New_York")
    a_habit_for(cast.app, tom)
    assert office.deliver(cast.ana).sent == 1
    assert [mail.to_address for mail in mailer.mails] == ["tom@example.com"]


def test_it_sends_at_night_where_no_hour_is_quiet(cast: Cast, office: Office, late: FixedClock) -> None:
    _practice(cast, "00:00", "00:00")
    assert office.deliver(cast.ana).sent == 1


def test_it_lets_a_client_have_none_alone(cast: Cast, office: Office, mailer: OutboxMailer, late: FixedClock) -> None:
    a_habit_for(cast.app, a_client(cast.app, cast.ana, "Zoe Zhu", "zoe@example.com"))
    _own(cast.ben, cast, "12:00", "12:00")
    assert office.deliver(cast.ana).sent == 1
    assert [mail.to_address for mail in mailer.mails] == ["ben@example.com"]


def test_it_goes_back_to_those_of_the_practice(cast: Cast, office: Office, late: FixedClock) -> None:
    page = "/my/reminders"
    assert "You have those of Ana Coaching: 20:00 to 08:00." in cast.browser(cast.ben).get(page).text
    _own(cast.ben, cast, "12:00", "12:00")
    assert "These are your own." in cast.browser(cast.ben).get(page).text
    _own(cast.ben, cast, "not", "looked at", do="practice")
    assert "You have those of Ana Coaching" in cast.browser(cast.ben).get(page).text
    _wakes(office, cast, late, datetime(2026, 3, 3, 8, tzinfo=UTC))


@pytest.mark.parametrize(("start", "end"), [("", ""), ("20:00", "later"), ("24:00", "08:00")])
def test_it_refuses_what_is_no_time_and_keeps_it(cast: Cast, start: str, end: str) -> None:
    answer = cast.browser(cast.ben).post("/my/reminders/quiet", data={"quiet_from": start, "quiet_until": end})
    assert answer.status_code == 422
    assert f'value="{start}"' in answer.text
    assert "You have those of Ana Coaching" in answer.text
