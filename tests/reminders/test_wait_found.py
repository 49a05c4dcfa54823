"""Somebody who waits is told once of a time that has opened, while it is still free."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from coachhub.booking.models import Offering, Wait
from coachhub.platform.clock import FixedClock
from tests.booking.booked import NEXT_MONDAY, an_offering, held
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import LONG_AGO
from tests.fakes import KeptQueue, OutboxMailer
from tests.reminders.rows import Office, change, keep

KIND = "wait_found"


def _wait(cast: Cast, offering_id: UUID, **more: Any) -> UUID:
    """Walt waits for a time of the week that begins on Monday, and Monday at ten has opened."""
    wait_id = uuid4()
    who = {"name": "Walt Waits", "email": "walt@example.net", "locale": "en_GB", "time_zone": "Europe/Berlin"}
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 15), "created_at": LONG_AGO}
    found = {"found_at": NOW, "found_starts_at": NEXT_MONDAY}
    keep(cast.app, cast.ana, Wait(id=wait_id, offering_id=offering_id, **{**who, **days, **found, **more}))
    return wait_id


@pytest.fixture
def hour(cast: Cast) -> UUID:
    """An hour with Ana that can be booked."""
    return an_offering(cast.app, cast.ana, slug="hour")


def test_it_tells_of_the_time_once(cast: Cast, hour: UUID, office: Office, mailer: OutboxMailer) -> None:
    _wait(cast, hour)
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.to("walt@example.net")
    assert mail.subject == "A time has opened: Monday 9 March, 11:00"  # by the clock in Berlin
    assert "“A session” is free on" in mail.text
    assert "/hour?at=2026-03-09T10%3A00Z&zone=Europe%2FBerlin" in mail.text
    assert "http://localhost/w/" in mail.text


def test_it_leads_to_the_time_and_to_the_wait(cast: Cast, hour: UUID, office: Office, mailer: OutboxMailer) -> None:
    _wait(cast, hour, coach_id=cast.ana.user_id)
    office.deliver(cast.ana)
    links = [word for word in mailer.mails[0].text.split() if word.startswith("http://localhost")]
    assert len(links) == 2
    for link in links:
        assert cast.browser().get(link.removeprefix("http://localhost")).status_code == 200
    assert "with Ana Alvarez is free on" in mailer.mails[0].text


def test_it_waits_on_where_somebody_was_quicker(
    cast: Cast, hour: UUID, office: Office, mailer: OutboxMailer, queue: KeptQueue, admin: psycopg.Connection
) -> None:
    _wait(cast, hour)
    office.plan(cast.ana, NOW)
    held(cast, "Vera", hour)
    office.deliver(cast.ana)
    assert office.states(cast.ana)[KIND] == ("dropped", "taken")
    assert mailer.mails == []
    assert admin.execute("select found_at, told_at from waits").fetchone() == (None, None)
    assert "workers.jobs.find_waits" in [ring.job for ring in queue.rings]


def test_it_tells_of_the_next_time_then(
    cast: Cast, hour: UUID, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    wait_id = _wait(cast, hour)
    office.plan(cast.ana, NOW)
    held(cast, "Vera", hour)
    office.deliver(cast.ana)
    later = {"found_at": NOW + timedelta(seconds=1), "found_starts_at": NEXT_MONDAY + timedelta(hours=2)}
    change(cast.app, cast.ana, Wait, wait_id, **later)
    clock.advance(timedelta(minutes=1))
    office.deliver(cast.ana)
    assert [mail.subject for mail in mailer.mails] == ["A time has opened: Monday 9 March, 13:00"]


@pytest.mark.parametrize("what", ["ended waiting", "superseded"])
def test_it_reads_again_whether_it_is_wanted(
    cast: Cast, hour: UUID, office: Office, mailer: OutboxMailer, what: str
) -> None:
    wait_id = _wait(cast, hour)
    office.plan(cast.ana, NOW)
    if what == "superseded":
        change(cast.app, cast.ana, Offering, hour, status="closed")
    else:
        change(cast.app, cast.ana, Wait, wait_id, ended_at=NOW)
    office.deliver(cast.ana)
    assert office.states(cast.ana)[KIND] == ("dropped", what)
    assert mailer.mails == []


def test_it_counts_as_told_from_the_outbox_on(
    cast: Cast, hour: UUID, office: Office, clock: FixedClock, admin: psycopg.Connection
) -> None:
    _wait(cast, hour)
    office.plan(cast.ana, NOW)
    assert admin.execute("select told_at from waits").fetchone() == (NOW,)
    clock.advance(timedelta(hours=1))
    assert office.plan(cast.ana, clock.now()) == 0
