"""A practice decides which reminders go out, and in which hours none does."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from coachhub.reminders.captions import caption_of
from coachhub.reminders.kinds import KINDS
from tests.cast import Cast
from tests.factories import Person, a_client, a_coach
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_habit_for

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 8, tzinfo=UTC)  # nine o'clock in London
PAGE = "/settings/messages"


@pytest.fixture
def monday(cast: Cast, clock: FixedClock) -> FixedClock:
    """Monday at nine, when Ben's month begins."""
    a_habit_for(cast.app, cast.ben)
    clock.instant = MONDAY
    return clock


@pytest.fixture
def rob(cast: Cast) -> Person:
    """A coach of the practice, and no owner of it."""
    return a_coach(cast.app, cast.ana, "Rob Reed", "rob@example.com")


def _switch(cast: Cast, on: str, kind: str = "new_month") -> int:
    return cast.browser(cast.ana).post(f"{PAGE}/{kind}/switch", data={"on": on}).status_code


def _rules(admin: psycopg.Connection) -> list[tuple[object, ...]]:
    return admin.execute("select practice_id, kind, is_off, switched_at from reminder_rules").fetchall()


def test_it_lists_every_kind_in_words(cast: Cast) -> None:
    page = cast.browser(cast.ana).get(PAGE).text
    titles = [title_in(cast, name) for name, kind in KINDS.items() if kind.script is not None]
    assert len(titles) >= 3
    assert [title for title in titles if title not in page] == []
    assert page.count("Goes out") == len(titles)
    assert "test_mail" not in page


def title_in(cast: Cast, name: str) -> str:
    """A kind's title, asked for as a page does; each kind that has a script has words of its own."""
    with cast.app.test_request_context():
        words = caption_of(name)
    assert all((words.when, words.about)), name
    return words.title


def test_it_sends_a_kind_no_more_and_again_from_now_on(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    assert _switch(cast, "") == 303
    assert "Switched off" in cast.browser(cast.ana).get(PAGE).text
    assert office.deliver(cast.ana).planned == 0
    monday.advance(timedelta(hours=1))
    _switch(cast, "yes")
    assert office.deliver(cast.ana).planned == 0
    monday.instant = APRIL
    assert office.deliver(cast.ana).sent == 1


def test_it_drops_what_is_on_its_way_when_a_kind_is_switched_off(
    cast: Cast, office: Office, monday: FixedClock
) -> None:
    office.plan(cast.ana, MONDAY)
    _switch(cast, "")
    office.deliver(cast.ana)
    assert office.states(cast.ana)["new_month"] == ("dropped", "switched off")


def test_it_takes_a_second_click_for_one(cast: Cast, admin: psycopg.Connection, clock: FixedClock) -> None:
    _switch(cast, "yes")
    assert _rules(admin) == []
    before = clock.now()
    for on in ("", "", "yes", "yes"):
        _switch(cast, on)
        clock.advance(timedelta(minutes=1))
    assert _rules(admin) == [(cast.ana.practice_id, "new_month", False, before + timedelta(minutes=2))]


def test_it_lets_a_coach_read_and_change_nothing(cast: Cast, rob: Person, admin: psycopg.Connection) -> None:
    browser = cast.browser(rob)
    for path in (PAGE, f"{PAGE}/new_month", f"{PAGE}/new_month/mail"):
        answer = browser.get(path)
        assert (answer.status_code, '<form method="post" action="/settings' in answer.text) == (200, False), path
    for path in ("quiet", "new_month", *(f"new_month/{it}" for it in ("switch", "preview", "mail", "test", "ours"))):
        assert browser.post(f"{PAGE}/{path}", data={"subject": "Hi", "words": "Hello"}).status_code == 404, path
    assert _rules(admin) == []
    assert "20:00 to 08:00" in browser.get(PAGE).text


def test_it_touches_no_other_practice(cast: Cast, office: Office, monday: FixedClock) -> None:
    a_habit_for(cast.app, a_client(cast.app, cast.cleo, "Zoe Zhu", "zoe@example.com"))
    cast.browser(cast.cleo).post(f"{PAGE}/new_month/switch", data={"on": ""})
    cast.browser(cast.cleo).post(f"{PAGE}/quiet", data={"quiet_from": "00:00", "quiet_until": "23:59"})
    assert "Switched off" not in cast.browser(cast.ana).get(PAGE).text
    assert (office.deliver(cast.ana).sent, office.deliver(cast.cleo).planned) == (1, 0)


@pytest.mark.parametrize("kind", ["sign_in_code", "test_mail", "no_such_kind", "a" * 3000])
def test_it_knows_no_other_kinds(cast: Cast, kind: str) -> None:
    browser = cast.browser(cast.ana)
    assert _switch(cast, "", kind) == 404
    assert browser.get(f"{PAGE}/{kind}").status_code == 404
    assert browser.post(f"{PAGE}/{kind}/test", data={"subject": "Hi", "words": "Hello"}).status_code == 404


@pytest.mark.parametrize(
    ("start", "end"), [("", "08:00"), ("20:00", ""), ("25:00", "08:00"), ("eight", "08:00"), ("20:00", "8" * 5000)]
)
def test_it_refuses_what_is_no_time_and_keeps_it(cast: Cast, start: str, end: str) -> None:
    answer = cast.browser(cast.ana).post(f"{PAGE}/quiet", data={"quiet_from": start, "quiet_until": end})
    assert answer.status_code == 422
    assert f'value="{start}"' in answer.text
    assert f'value="{end}"' in answer.text
