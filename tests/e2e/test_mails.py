"""Each kind of mail, as a mail program shows it."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.platform.clock import FixedClock
from coachhub.reminders.kinds import KINDS
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post, link_in
from tests.e2e.window import DESKTOP_DARK, PHONE_LIGHT, Look
from tests.factories import a_client
from tests.reminders.rows import a_habit_for, a_meetup, a_promise, a_proof, a_refusal, a_team_invite, an_invite

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)  # the first working day of March

OF_A_PAGE = ("landmark-one-main", "region")  # a mail program has landmarks of its own around the mail


@pytest.fixture
def written(people: Cast, post: Post, clock: FixedClock) -> Post:
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
    assert {mail.kind for mail in post.mailer.mails} == set(KINDS)
    return post


@pytest.mark.parametrize("look", [PHONE_LIGHT, DESKTOP_DARK], ids=lambda look: look.name)
def test_it_finds_no_fault_with_any_mail(written: Post, open_window: Opener, look: Look) -> None:
    window = open_window(look=look)
    faults = []
    for mail in written.mailer.mails:
        window.page.set_content(mail.html)
        faults += [f"{mail.kind}: {fault}" for fault in window.faults(without=OF_A_PAGE)]
    assert not faults, "\n".join(faults)


def test_it_leads_from_each_mail_to_a_page_that_answers(written: Post, open_window: Opener) -> None:
    window = open_window()
    for mail in written.mailer.mails:
        assert window.visit(link_in(mail)).ok, mail.kind
