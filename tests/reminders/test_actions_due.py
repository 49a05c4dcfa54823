"""What Ben agreed to do comes back on the morning of its day, in one mail, and is ticked on the page behind it."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.clients.models import Client
from coachhub.coaching.models import Action, Party
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.agreed import agreed, tick
from tests.factories import a_client
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, change
from tests.words import words_of

FRIDAY = date(2026, 3, 13)
FRIDAY_NINE = datetime(2026, 3, 13, 9, tzinfo=UTC)


def _path(mailer: OutboxMailer) -> str:
    found = re.search(r"http://localhost(/todo/\S+)", mailer.mails[-1].text)
    assert found is not None
    return found[1]


def test_it_reminds_ben_of_all_that_is_due_in_one_mail(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    agreed(cast, "Call Eva <b>soon</b>", FRIDAY)
    clock.advance(timedelta(minutes=1))
    agreed(cast, "اكتب إلى ماكس", FRIDAY)
    agreed(cast, "The coach's", FRIDAY, owner=Party.COACH)
    agreed(cast, "Another day", FRIDAY + timedelta(days=1))
    clock.instant = FRIDAY_NINE - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    clock.instant = FRIDAY_NINE
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    [mail] = mailer.to("ben@example.com")
    assert mail.subject == "For today: 2 things"
    assert "For today you and Ana Alvarez agreed on:\n\n- Call Eva <b>soon</b>\n- اكتب إلى ماكس" in mail.text
    assert "&lt;b&gt;soon" in mail.html
    assert "Another day" not in mail.text
    assert (mail.from_name, mail.reply_to) == ("Ana Alvarez via Ana Coaching", "ana@example.com")


def test_one_action_stands_in_the_subject(cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock) -> None:
    agreed(cast, "Call Eva " + "and more " * 20, FRIDAY)
    clock.instant = FRIDAY_NINE
    office.deliver(cast.ana)
    assert mailer.mails[0].subject.startswith("For today: Call Eva and more")
    assert len(mailer.mails[0].subject) < 80


@pytest.mark.parametrize("what", ["done", "dropped", "put off", "switched off", "paused", "archived"])
def test_it_reads_again_what_became_of_it(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, what: str
) -> None:
    action_id, clock.instant = agreed(cast, due_on=FRIDAY), FRIDAY_NINE
    assert office.plan(cast.ana, FRIDAY_NINE) == 1
    if what == "done":
        tick(cast, cast.ben, action_id)
    elif what == "dropped":
        cast.browser(cast.ana).post(f"/clients/{cast.ben.client_id}/actions/{action_id}/drop")
    elif what == "put off":
        change(cast.app, cast.ana, Action, action_id, due_on=FRIDAY + timedelta(days=2))
    elif what == "switched off":
        cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})
    else:
        assert cast.ben.client_id is not None
        change(cast.app, cast.ana, Client, cast.ben.client_id, status=what)
    office.deliver(cast.ana)
    reason = "nothing left" if what in ("done", "dropped", "put off") else what
    assert office.states(cast.ana)["actions_due"] == ("dropped", reason)
    assert mailer.mails == []


def test_it_tells_of_nothing_that_got_its_day_too_late(cast: Cast, office: Office, clock: FixedClock) -> None:
    clock.instant = FRIDAY_NINE
    agreed(cast, due_on=FRIDAY)
    assert office.plan(cast.ana, FRIDAY_NINE + timedelta(hours=2)) == 0


def test_it_tells_again_on_a_new_day(cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock) -> None:
    action_id, clock.instant = agreed(cast, due_on=FRIDAY), FRIDAY_NINE
    office.deliver(cast.ana)
    typed = {"action-text": "Call Eva", "action-owner": "client", "action-due_on": "2026-03-20"}
    cast.browser(cast.ana).post(f"/clients/{cast.ben.client_id}/actions/{action_id}/change", data=typed)
    clock.instant = FRIDAY_NINE + timedelta(days=7)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    assert len(mailer.mails) == 2


def test_it_goes_by_the_clock_on_the_clients_wall(cast: Cast, office: Office, clock: FixedClock) -> None:
    far = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone="Asia/Kathmandu")
    agreed(cast, due_on=FRIDAY, client=far)
    clock.instant = datetime(2026, 3, 13, 3, 15, tzinfo=UTC) - timedelta(seconds=1)
    assert office.deliver(cast.ana).planned == 0
    clock.advance(timedelta(seconds=1))
    assert office.deliver(cast.ana).sent == 1


def test_it_keeps_words_out_of_the_outbox_and_practices_apart(cast: Cast, office: Office, clock: FixedClock) -> None:
    agreed(cast, "a very private step", FRIDAY)
    clock.instant = FRIDAY_NINE
    assert office.deliver(cast.cleo).planned == 0
    office.deliver(cast.ana)
    row = office.admin.execute("select outbox::text from outbox").fetchone()
    assert row is not None
    assert "private" not in row[0]


def _done(admin: psycopg.Connection, action_id: UUID) -> str | None:
    row = admin.execute("select done_by from actions where id = %s", [action_id]).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def test_it_is_ticked_on_the_page_behind_the_mail_and_a_look_changes_nothing(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    due, coachs = agreed(cast, "Call Eva", FRIDAY), agreed(cast, "The coach's", FRIDAY, owner=Party.COACH)
    clock.instant = FRIDAY_NINE
    office.deliver(cast.ana)
    path, browser = _path(mailer), cast.browser()
    page = browser.get(path).text
    assert "Call Eva" in page
    assert str(coachs) not in page
    assert _done(office.admin, due) is None
    for _ in range(2):
        assert browser.post(path, data={"done": str(due)}).status_code == 303
    assert _done(office.admin, due) == "client"
    assert "Not done yet" in browser.get(path).text
    browser.post(path, data={"open": str(due)})
    assert _done(office.admin, due) is None
    assert browser.post(path, data={"done": str(coachs)}).status_code == 409
    assert browser.post(path, data={"done": "nonsense"}).status_code == 404


def test_the_page_opens_to_nobody_elses_actions_and_ends_with_the_archive(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com")
    agreed(cast, due_on=FRIDAY)
    hers = agreed(cast, "Fay's step", client=fay)
    clock.instant = FRIDAY_NINE
    office.deliver(cast.ana)
    path, browser = _path(mailer), cast.browser()
    assert "Fay" not in words_of(browser.get(path).text)
    assert browser.post(path, data={"done": str(hers)}).status_code == 404
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    assert browser.get(path).status_code == 404
