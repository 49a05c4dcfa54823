"""Each kind of mail, as a mail program shows it."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import update

from coachhub.habits.models import Cycle
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.kinds import KINDS
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post, link_in
from tests.e2e.window import DESKTOP_DARK, PHONE_LIGHT
from tests.factories import a_client, a_friend
from tests.reminders.rows import (
    a_choice,
    a_cycle,
    a_habit_for,
    a_meetup,
    a_plan,
    a_promise,
    a_proof,
    a_refusal,
    a_team_invite,
    an_invitation,
    an_invite,
)

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)  # the first working day of March

ELSEWHERE = {
    *("nudge", "session_changed", "session_day", "session_hour", "test_mail"),
    *("session_booked", "slot_gone", "payment_failed", "refund_told", "wait_found"),
    *("plan_trial_ends", "plan_card_failed", "actions_due", "report_ready"),
}
"""Kinds that are looked at beside the pages from which they come."""
OF_A_PAGE = ("landmark-one-main", "region")  # a mail program has landmarks of its own around the mail


@pytest.fixture
def written(people: Cast, post: Post, clock: FixedClock, admin: psycopg.Connection) -> Post:
    """A mail of each kind has been sent."""
    clock.instant = MONDAY
    nell = a_client(people.app, people.ana, "Nell Nyström", "nell@example.com", status="invited")
    assert nell.client_id is not None
    for kind in ("sign_in", "verify", "reset"):
        a_proof(people.app, people.ben, kind, MONDAY)
    an_invite(people.app, people.ana, nell.client_id, MONDAY)
    a_team_invite(people.app, people.ana, "eve@example.com", "Eve", MONDAY)
    a_habit_for(people.app, people.ben)
    a_meetup(people.app, people.ben, people.dan_id, MONDAY - timedelta(days=1))
    a_promise(people.app, people.ben, people.dan_id, MONDAY - timedelta(days=5), MONDAY.date())
    a_refusal(people.app, people.ben, people.dan_id, MONDAY - timedelta(hours=1))
    post.send()
    _live_through_march(people, post, clock)
    clock.instant = MONDAY  # the links of Monday's mails are good for that day
    told = admin.execute("select distinct kind from outbox where state = 'sent'").fetchall()
    assert {kind for (kind,) in told} == set(KINDS) - ELSEWHERE
    return post


def _live_through_march(people: Cast, post: Post, clock: FixedClock) -> None:
    """Fay's month brings each of its reminders in a mail of its own: she chooses late, writes late, and waits."""
    fay = a_client(people.app, people.ana, "Fay Frost", "fay@example.com")
    gus, march = a_friend(people.app, fay, "Gus Green", date(2025, 1, 1)), MONDAY.date().replace(day=1)
    assignment_id = a_habit_for(people.app, fay)
    a_cycle(people.app, fay, assignment_id, march)

    def comes(day: int, hour: int = 10) -> None:
        clock.instant = MONDAY.replace(day=day, hour=hour)
        post.send()

    comes(8)
    a_choice(people.app, fay, assignment_id, march, gus)
    with people.app.app_context(), as_practice(fay.practice_id, fay.user_id):
        db.session.execute(update(Cycle).values(chosen_at=MONDAY))
    comes(15)
    an_invitation(people.app, fay, gus, MONDAY.replace(day=16))
    a_plan(
        people.app,
        fay,
        assignment_id,
        march,
        MONDAY.replace(day=20, hour=15),
        "look for the answer",
        "",
        created_at=MONDAY.replace(day=17),
    )
    a_meetup(people.app, fay, gus, MONDAY.replace(day=25), agreed_at=MONDAY, place="Café Central")
    for day, hour in ((19, 10), (20, 15), (24, 10), (27, 10)):
        comes(day, hour)


def test_it_finds_no_fault_with_any_mail(written: Post, open_window: Opener) -> None:
    window, looks = open_window(), (PHONE_LIGHT, DESKTOP_DARK)
    faults = []
    for mail in written.mailer.mails:
        window.page.set_content(mail.html)
        faults += [f"{mail.kind}: {fault}" for fault in window.faults_in(looks, without=OF_A_PAGE)]
    assert not faults, "\n".join(faults)


def test_it_leads_from_each_mail_to_a_page_that_answers(written: Post, open_window: Opener) -> None:
    window = open_window()
    for mail in written.mailer.mails:
        assert window.visit(link_in(mail)).ok, mail.kind
