"""A coach chooses among the mails that come to coaches, signed in or by the link of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from coachhub.platform.tenancy import as_practice
from coachhub.reminders.kinds import KINDS, Claim
from coachhub.reminders.kinds.kind import Kind, Reading, Script, Texts
from coachhub.reminders.service.unsubscribing import unsubscribe_address
from tests.cast import Cast
from tests.factories import Person, a_coach

PAGE = "/settings/reminders"
NAME = "coach_week"


def _plan(now: datetime) -> int:
    return 0


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    return {}


@pytest.fixture(autouse=True)
def _mondays(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one mail to coaches, which says nothing."""
    for name in [kind.name for kind in KINDS.values() if kind.to_staff]:
        monkeypatch.delitem(KINDS, name)
    script = Script(lambda: Texts("Your week", "Here it is.", "Open"), dict)
    kind = Kind(NAME, is_reminder=True, plan=_plan, read=_read, script=script, to_staff=True)
    monkeypatch.setitem(KINDS, NAME, kind)


def _switches(admin: psycopg.Connection) -> list[tuple[object, ...]]:
    return admin.execute("select user_id, kind, is_off from coach_switches order by user_id").fetchall()


def test_it_switches_a_coachs_own_mail_off_and_on(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert browser.get(PAGE).text.count(" checked") == 1
    for _ in range(2):
        assert browser.post(PAGE, data={}).status_code == 303
    assert _switches(admin) == [(cast.ana.user_id, NAME, True)]
    assert " checked" not in browser.get(PAGE).text
    browser.post(PAGE, data={NAME: "y"})
    assert _switches(admin) == [(cast.ana.user_id, NAME, False)]


def test_it_is_each_coachs_own(cast: Cast, admin: psycopg.Connection) -> None:
    rob = a_coach(cast.app, cast.ana, "Rob Reed", "rob@example.com")
    cast.browser(rob).post(PAGE, data={})
    assert _switches(admin) == [(rob.user_id, NAME, True)]
    assert cast.browser(cast.ana).get(PAGE).text.count(" checked") == 1


def test_it_is_stopped_by_one_click_of_the_mailbox(cast: Cast, admin: psycopg.Connection) -> None:
    phone, path = cast.app.test_client(use_cookies=False), _path(cast, cast.ana)
    assert "The week, on Mondays" in phone.get(path).text
    for _ in range(2):
        assert phone.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert _switches(admin) == [(cast.ana.user_id, NAME, True)]
    page = phone.post(path, data={"do": "save", NAME: "y", "new_month": ""}, follow_redirects=True).text
    assert ("Saved." in page, page.count(" checked")) == (True, 1)
    assert admin.execute("select count(*) from reminder_switches").fetchone() == (0,)


def test_it_is_no_matter_of_clients(cast: Cast) -> None:
    assert "The week" not in cast.browser(cast.ben).get("/my/reminders").text
    assert cast.browser(cast.ben).get(PAGE).status_code == 404


def test_it_leads_there_from_the_account(cast: Cast) -> None:
    assert f'href="{PAGE}"' in cast.browser(cast.ana).get("/account").text
    assert f'href="{PAGE}"' not in cast.browser(cast.ben).get("/account").text


def test_it_stands_apart_in_the_practices_list(cast: Cast) -> None:
    page = cast.browser(cast.ana).get("/settings/messages").text
    assert page.index("To coaches") < page.index("The week, on Mondays")


def _path(cast: Cast, person: Person) -> str:
    with cast.app.app_context(), as_practice(person.practice_id):
        return unsubscribe_address(client_id=None, user_id=person.user_id).removeprefix("http://localhost")
