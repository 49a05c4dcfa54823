"""The link of each reminder stops what it came from: by ticks, by one button, or by the mailbox itself."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.clients.models import Client
from coachhub.platform import tokens
from coachhub.platform.clock import FixedClock
from coachhub.reminders.models import ReminderRule
from coachhub.reminders.service.switches import kinds_to
from tests.cast import Cast
from tests.factories import a_coach
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_habit_for, a_meetup, change, keep
from tests.words import words_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ALL = set(kinds_to(staff=False))


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    """Nobody is signed in, and no cookie is kept."""
    return cast.app.test_client(use_cookies=False)


@pytest.fixture
def path(cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock) -> str:
    """The link in the header of Ben's first reminder."""
    a_habit_for(cast.app, cast.ben)
    clock.instant = MONDAY
    office.deliver(cast.ana)
    [mail] = mailer.to("ben@example.com")
    assert mail.unsubscribe is not None
    assert mail.unsubscribe in mail.text
    return mail.unsubscribe.removeprefix("http://localhost")


def _off(admin: psycopg.Connection) -> set[str]:
    return {kind for (kind,) in admin.execute("select kind from reminder_switches where is_off")}


def _token(cast: Cast, purpose: str, *ids: UUID | None) -> str:
    with cast.app.app_context():
        return tokens.sign(purpose, *[each for each in ids if each])


def _link(cast: Cast, purpose: str = "unsubscribe-client") -> str:
    reader = cast.ben.client_id if purpose.endswith("client") else cast.ana.user_id
    return f"/u/{'c' if purpose.endswith('client') else 's'}/{_token(cast, purpose, cast.ana.practice_id, reader)}"


def test_it_shows_all_ticked_and_changes_nothing_by_looking(
    path: str, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    for _ in range(2):
        page = phone.get(path)
        assert phone.head(path).status_code == 200
    assert page.status_code == 200
    assert "Ana Coaching" in page.text
    assert page.text.count(" checked") == len(ALL) >= 3
    assert "Ben" not in words_of(page.text)
    assert admin.execute("select count(*) from reminder_switches").fetchone() == (0,)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_it_keeps_no_cookie_and_tells_nobody(path: str, phone: FlaskClient, method: str) -> None:
    answer = phone.open(path, method=method, data=ONE_CLICK if method == "POST" else None)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""])
def test_it_stops_all_when_the_mailbox_says_so_by_any_kind_of_form(
    path: str, phone: FlaskClient, admin: psycopg.Connection, content_type: str
) -> None:
    body = "List-Unsubscribe=One-Click"
    form = ONE_CLICK if content_type.startswith("multi") else body
    for _ in range(2):
        answer = phone.post(path, data=form, content_type=content_type or None)
        assert (answer.status_code, "No reminder comes any more." in answer.text) == (200, True)
    assert _off(admin) == ALL


def test_it_stops_by_one_click_in_a_browser_with_cookies_too(
    cast: Cast, path: str, admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast.app.config, "WTF_CSRF_ENABLED", True)
    for person in (cast.ben, cast.cleo):
        assert cast.browser(person).post(path, data=ONE_CLICK).status_code == 200
    assert _off(admin) == ALL


def test_it_sends_none_after_one_click(
    cast: Cast, path: str, phone: FlaskClient, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, MONDAY)
    phone.post(path, data=ONE_CLICK)
    clock.instant = datetime(2026, 3, 3, 9, tzinfo=UTC)
    office.deliver(cast.ana)
    clock.instant = datetime(2026, 4, 1, 9, tzinfo=UTC)
    office.deliver(cast.ana)
    assert len(mailer.mails) == 1


def test_it_keeps_what_is_ticked(path: str, phone: FlaskClient, admin: psycopg.Connection) -> None:
    page = phone.post(path, data={"do": "save", "new_month": "y", "no_such_kind": "y"}, follow_redirects=True)
    assert _off(admin) == ALL - {"new_month"}
    assert ("Saved." in page.text, page.text.count(" checked")) == (True, 1)
    phone.post(path, data={"do": "save"} | dict.fromkeys(ALL, "y"))
    assert _off(admin) == set()


def test_it_stops_all_by_one_button_twice_pressed(path: str, phone: FlaskClient, admin: psycopg.Connection) -> None:
    for _ in range(2):
        page = phone.post(path, data={"do": "stop"}, follow_redirects=True)
    assert "None of these comes any more." in page.text
    assert " checked" not in page.text
    assert _off(admin) == ALL


@pytest.mark.parametrize("form", [{}, {"do": "nonsense"}, {"List-Unsubscribe": "Two-Clicks"}, {"new_month": "y"}])
def test_it_takes_no_other_form(path: str, phone: FlaskClient, admin: psycopg.Connection, form: dict[str, str]) -> None:
    assert phone.post(path, data=form).status_code == 303
    assert _off(admin) == set()


def test_it_says_to_a_former_client_that_nothing_is_coming(
    cast: Cast, path: str, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    page = phone.get(path)
    assert (page.status_code, "Nothing more is coming" in page.text) == (200, True)
    assert phone.post(path, data=ONE_CLICK).status_code == 200
    assert _off(admin) == ALL


def test_it_opens_to_no_other_token(cast: Cast, phone: FlaskClient, admin: psycopg.Connection) -> None:
    good, ben, ana = _link(cast), cast.ben.client_id, cast.ana
    forged = [
        good[:-1],
        good + "a",
        good.swapcase(),
        "/u/c/no-such-token",
        f"/u/s/{good.removeprefix('/u/c/')}",
        f"/u/c/{_token(cast, 'reply', ana.practice_id, ben)}",
        f"/u/c/{_token(cast, 'unsubscribe-client', ben)}",
        f"/u/c/{_token(cast, 'unsubscribe-client', ana.practice_id, uuid4())}",
        f"/u/c/{_token(cast, 'unsubscribe-client', cast.cleo.practice_id, ben)}",
        f"/u/s/{_token(cast, 'unsubscribe-coach', cast.cleo.practice_id, ana.user_id)}",
    ]
    for guess in forged:
        assert phone.get(guess).status_code == 404, guess
        assert phone.post(guess, data=ONE_CLICK).status_code == 404, guess
    assert "This link opens nothing" in phone.get(forged[0]).text
    assert phone.get(good).status_code == 200
    assert _off(admin) == set()


def test_it_shows_only_what_the_practice_sends_and_leaves_the_rest_as_it_was(
    cast: Cast, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    keep(cast.app, cast.ana, ReminderRule(kind="promise_due", is_off=True, switched_at=MONDAY))
    assert "A promise to a friend" not in phone.get(_link(cast)).text
    phone.post(_link(cast), data={"do": "save", "new_month": "y"})
    assert _off(admin) == ALL - {"new_month", "promise_due"}


def test_it_says_so_where_nothing_goes_to_coaches(cast: Cast, phone: FlaskClient) -> None:
    keep(cast.app, cast.ana, *(ReminderRule(kind=kind, is_off=True) for kind in kinds_to(staff=True)))
    page = phone.get(_link(cast, "unsubscribe-coach"))
    assert (page.status_code, "Nothing more is coming" in page.text) == (200, True)


def test_it_is_over_for_who_coaches_no_more(cast: Cast, phone: FlaskClient, admin: psycopg.Connection) -> None:
    rob = a_coach(cast.app, cast.ana, "Rob Reed", "rob@example.com")
    link = f"/u/s/{_token(cast, 'unsubscribe-coach', rob.practice_id, rob.user_id)}"
    admin.execute("update memberships set role = 'client' where user_id = %s", [rob.user_id])
    assert "not reminded of anything here any more" in phone.get(link).text


@pytest.mark.usefixtures("tries_count")
def test_it_asks_guessers_for_patience_and_no_provider(cast: Cast, path: str, phone: FlaskClient) -> None:
    assert [phone.post(path, data=ONE_CLICK).status_code for _ in range(41)] == [200] * 40 + [429]
    assert phone.post(_link(cast, "unsubscribe-coach"), data=ONE_CLICK).status_code == 200
    guessed = [phone.get(f"/u/c/{number}").status_code for number in range(41)]
    assert guessed == [404] * 40 + [429]


@pytest.mark.usefixtures("tries_count")
def test_it_says_when_to_try_again(phone: FlaskClient) -> None:
    answers = [phone.get(f"/u/c/{number}") for number in range(41)]
    assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert "Retry-After" not in answers[0].headers
