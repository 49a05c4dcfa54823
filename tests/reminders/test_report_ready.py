"""The mail that a report is there to read: once, and not where it was taken back."""

from datetime import timedelta

import psycopg
import pytest
from flask import Flask

from coachhub.platform.clock import FixedClock
from coachhub.reminders.models import ReminderSwitch
from coachhub.reports.service.shelf.sharing import take_back
from tests.cast import Cast
from tests.conftest import NOW
from tests.fakes import OutboxMailer
from tests.habits.facts import acting
from tests.reminders.rows import Office, keep
from tests.reports.shelf.desk import Desk


@pytest.fixture
def desk(cast: Cast, worker_app: Flask) -> Desk:
    return Desk(cast, worker_app)


def test_it_tells_the_client_once_and_leads_to_the_portal(desk: Desk, office: Office, mailer: OutboxMailer) -> None:
    report_id = desk.sent()
    assert [office.deliver(desk.cast.ana).sent for _ in range(2)] == [1, 0]
    (mail,) = mailer.to("ben@example.com")
    assert mail.subject == "Progress report, February 2026"
    assert mail.from_name == "Ana Alvarez via Ana Coaching"
    for words in ("Hello Ben,", "There is something for you to read", f"/sessions/reports/{report_id}"):
        assert words in mail.text
    assert mail.unsubscribe is not None


def test_it_names_the_day_of_a_session_by_the_clients_clock(
    desk: Desk, office: Office, mailer: OutboxMailer, admin: psycopg.Connection
) -> None:
    admin.execute("update clients set time_zone = 'Pacific/Auckland' where id = %s", [desk.cast.ben.client_id])
    report_id = desk.ask_about(desk.held(NOW - timedelta(hours=1)))
    desk.make()
    browser = desk.cast.browser(desk.cast.ana)
    browser.post(f"/clients/{desk.cast.ben.client_id}/reports/{report_id}/send")
    admin.execute("update clients set quiet_from = '03:00', quiet_until = '03:01'")
    office.deliver(desk.cast.ana)
    assert [mail.subject for mail in mailer.mails] == ["Session report, 6 Mar 2026"]


def test_it_is_dropped_where_the_report_was_taken_back(desk: Desk, office: Office) -> None:
    report_id = desk.sent()
    office.plan(desk.cast.ana, NOW)
    with acting(desk.cast, desk.cast.ana):
        take_back(desk.cast.ben.client_id, report_id)
    office.deliver(desk.cast.ana)
    assert office.states(desk.cast.ana)["report_ready"][0] == "dropped"


@pytest.mark.parametrize("status", ["invited", "archived"])
def test_it_is_dropped_where_the_client_cannot_read_it(
    desk: Desk, office: Office, admin: psycopg.Connection, status: str
) -> None:
    desk.sent()
    admin.execute("update clients set status = %s where id = %s", [status, desk.cast.ben.client_id])
    office.deliver(desk.cast.ana)
    assert office.states(desk.cast.ana) == {"report_ready": ("dropped", status)}


def test_it_is_dropped_where_the_client_wants_none(desk: Desk, office: Office) -> None:
    off = ReminderSwitch(client_id=desk.cast.ben.client_id, kind="report_ready", is_off=True, changed_at=NOW)
    keep(desk.cast.app, desk.cast.ana, off)
    desk.sent()
    office.deliver(desk.cast.ana)
    assert office.states(desk.cast.ana) == {"report_ready": ("dropped", "switched off")}


def test_it_waits_for_the_morning(desk: Desk, office: Office, mailer: OutboxMailer, clock: FixedClock) -> None:
    clock.instant = NOW.replace(hour=22)
    desk.sent()
    office.deliver(desk.cast.ana)
    assert mailer.mails == []
    clock.instant = NOW.replace(day=6, hour=8)
    office.deliver(desk.cast.ana)
    assert len(mailer.mails) == 1
