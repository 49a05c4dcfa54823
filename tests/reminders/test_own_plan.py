"""The owner is told that free days end, and that the card of the plan failed: each once, and only while it is true."""

from datetime import datetime, timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office

DAY = timedelta(days=1)


def stands(cast: Cast, admin: psycopg.Connection, status: str, **days: datetime) -> None:
    admin.execute("delete from practice_plans")
    row = {"practice_id": cast.ana.practice_id, "status": status, "changed_at": NOW, **days}
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    admin.execute(f"insert into practice_plans ({names}) values ({marks})", list(row.values()))


def test_it_tells_the_owner_three_days_before_the_free_days_end(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    stands(cast, office.admin, "trialing", trial_ends_at=NOW + 4 * DAY)
    assert office.deliver(cast.ana).planned == 0
    clock.advance(DAY)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    [mail] = mailer.mails
    assert mail.to_address == "ana@example.com"
    assert mail.subject == "Your free days end on Monday 9 March"
    assert "http://localhost/settings/plan" in mail.text


def test_it_tells_nobody_who_has_given_the_plan_up(cast: Cast, office: Office) -> None:
    stands(cast, office.admin, "trialing", trial_ends_at=NOW + DAY, ends_at=NOW + DAY)
    assert office.deliver(cast.ana).planned == 0


def test_it_tells_the_owner_that_the_card_failed(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    stands(cast, office.admin, "past_due", grace_until=NOW + 14 * DAY)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    [mail] = mailer.mails
    assert mail.subject == "The card for your CoachHub plan failed"
    assert "Until Thursday 19 March nothing changes" in mail.text


@pytest.mark.parametrize("status", ["active", "ended"])
def test_it_says_nothing_where_that_has_changed(cast: Cast, office: Office, mailer: OutboxMailer, status: str) -> None:
    stands(cast, office.admin, "past_due", grace_until=NOW + 14 * DAY)
    office.plan(cast.ana, NOW)
    stands(cast, office.admin, status)
    office.deliver(cast.ana)
    assert office.states(cast.ana)["plan_card_failed"] == ("dropped", "changed")
    assert mailer.mails == []
