"""A client switches reminders off, and on again."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.platform.clock import FixedClock
from coachhub.reminders.service.switches import kinds_to
from tests.cast import Cast
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_habit_for, a_meetup

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def monday(cast: Cast, clock: FixedClock) -> FixedClock:
    """Monday at nine; Ben's month has just begun, and he met Dan yesterday."""
    a_habit_for(cast.app, cast.ben)
    a_meetup(cast.app, cast.ben, cast.dan_id, MONDAY - timedelta(hours=20))
    clock.instant = MONDAY
    return clock


def _tick(cast: Cast, *kinds: str) -> int:
    return cast.browser(cast.ben).post("/my/reminders", data=dict.fromkeys(kinds, "y")).status_code


def test_it_shows_all_ticked_at_first(cast: Cast) -> None:
    wanted = kinds_to(staff=False)
    assert cast.browser(cast.ben).get("/my/reminders").text.count(" checked") == len(wanted) >= 3


def test_it_sends_what_ben_still_wants(cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock) -> None:
    assert _tick(cast, "after_meetup") == 303
    assert cast.browser(cast.ben).get("/my/reminders").text.count(" checked") == 1
    office.deliver(cast.ana)
    assert [mail.kind for mail in mailer.mails] == ["after_meetup"]


def test_it_drops_what_ben_switched_off_in_the_last_moment(cast: Cast, office: Office, monday: FixedClock) -> None:
    office.plan(cast.ana, MONDAY)
    _tick(cast)
    assert office.deliver(cast.ana).dropped == 2
    assert office.states(cast.ana)["new_month"] == ("dropped", "switched off")


def test_it_sends_nothing_of_the_past_when_switched_on_again(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    _tick(cast)
    office.deliver(cast.ana)
    monday.advance(timedelta(hours=2))
    _tick(cast, "new_month", "after_meetup")
    assert office.deliver(cast.ana).planned == 0
    monday.instant = datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert office.deliver(cast.ana).sent == 1
