"""What is due for one person on one morning arrives as one mail, the most pressing first."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from coachhub.network.models import Meetup
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import LONG_AGO, a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import (
    Office,
    a_cycle,
    a_habit_for,
    a_meetup,
    a_plan,
    a_promise,
    an_invitation,
    change,
)

MARCH = date(2026, 3, 1)
DAY_8, DAY_27 = datetime(2026, 3, 8, 9, tzinfo=UTC), datetime(2026, 3, 27, 9, tzinfo=UTC)


def _buttons(mailer: OutboxMailer) -> list[str]:
    [mail] = mailer.to("ben@example.com")
    return re.findall(r"^(.+):\nhttp://localhost/(?!u/)", mail.text, re.MULTILINE)


def test_it_writes_one_mail_on_a_full_day_8(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben)
    eve, fay = (a_friend(cast.app, cast.ben, name, date(2025, 1, 1)) for name in ("Eve Ek", "Fay Frost"))
    a_meetup(cast.app, cast.ben, cast.dan_id, DAY_8 - timedelta(hours=20))
    a_promise(cast.app, cast.ben, eve, DAY_8 - timedelta(days=9), DAY_8.date())
    an_invitation(cast.app, cast.ben, fay, DAY_8 - timedelta(days=3))
    a_meetup(cast.app, cast.ben, eve, DAY_8 + timedelta(hours=25))
    a_plan(cast.app, cast.ben, assignment_id, MARCH, DAY_8, "write", "", changed_at=DAY_8 - timedelta(days=1))
    clock.instant = DAY_8
    assert office.deliver(cast.ana).sent == 1
    assert _buttons(mailer) == [
        "See it, or move it",
        "Begin",
        "Done, or another day",
        "Tell how it was",
        "Read the line",
        "Choose somebody",
    ]
    [mail] = mailer.mails
    assert mail.subject == "Tomorrow at 10:00: Eve Ek"


def test_it_writes_one_mail_when_the_month_ends_and_a_meetup_is_tomorrow(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    # the meetup was agreed for a friend of a month that has no cycle yet: nothing agreed in it
    a_cycle(cast.app, cast.ben, a_habit_for(cast.app, cast.ben), MARCH, chosen_at=LONG_AGO)
    a_meetup(cast.app, cast.ben, cast.dan_id, DAY_27 + timedelta(days=1))
    clock.instant = DAY_27
    assert office.deliver(cast.ana).sent == 1
    assert _buttons(mailer) == ["See it, or move it", "Find fifteen minutes"]


def test_it_leaves_out_of_the_mail_what_became_pointless(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, DAY_8 + timedelta(hours=25))
    office.plan(cast.ana, DAY_8)
    change(cast.app, cast.ben, Meetup, meetup_id, status="cancelled")
    clock.instant = DAY_8
    tally = office.deliver(cast.ana)
    assert (tally.sent, tally.dropped) == (1, 1)
    [mail] = mailer.mails
    assert mail.subject == "Who would you enjoy seeing?"
    rows = office.admin.execute("select coalesce(delivery_id, id) from outbox where state = 'sent'").fetchall()
    assert rows == [(mail.delivery_id,)]


@pytest.mark.parametrize("hours", [3, 14])
def test_it_sends_a_plan_of_later_that_day_by_itself(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, hours: int
) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben)
    a_plan(cast.app, cast.ben, assignment_id, MARCH, DAY_8 + timedelta(hours=hours), "write", "")
    clock.instant = DAY_8
    office.deliver(cast.ana)
    clock.advance(timedelta(hours=hours))
    office.deliver(cast.ana)
    kinds = [mail.kind for mail in mailer.mails]
    assert kinds == ["choose_friend", *["plan_time"] * (hours == 3)]
