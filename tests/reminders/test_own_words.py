"""A practice's own words in the mails that really go out, and in a test to the coach."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import URGENT, Ring
from coachhub.reminders.forms.words import LONGEST_WORDS
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.models import Suppression
from tests.cast import Cast
from tests.factories import a_client, a_coach
from tests.fakes import KeptQueue, OutboxMailer
from tests.reminders.rows import Office, a_habit_for, a_meetup, keep

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGE = "/settings/messages"
OWN = {"subject": "{month} 🌱", "words": "Hey <you>, it is {month}.\n\n{friends}\n\nשלום {month}"}
MEETUP = {"subject": "And {friend}?", "words": "Tell me of {friend}."}


@pytest.fixture
def monday(cast: Cast, clock: FixedClock) -> FixedClock:
    """Monday at nine; Ben's month has just begun."""
    a_habit_for(cast.app, cast.ben)
    clock.instant = MONDAY
    return clock


def _write(cast: Cast, kind: str, words: dict[str, str]) -> None:
    assert cast.browser(cast.ana).post(f"{PAGE}/{kind}", data=words).status_code == 303


def _ask(cast: Cast, words: dict[str, str] | None = None, kind: str = "new_month", asked: object = "") -> int:
    form = (words or OWN) | {"asked": str(asked or uuid4())}
    return cast.browser(cast.ana).post(f"{PAGE}/{kind}/test", data=form).status_code


def test_it_sends_a_reminder_in_the_practices_words(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    _write(cast, "new_month", OWN)
    office.deliver(cast.ana)
    [mail] = mailer.to("ben@example.com")
    assert mail.subject == "March 2026 🌱"
    assert mail.text.startswith("Hello Ben,\n\nHey <you>, it is March 2026.\n\n- Dan Dorsey")
    assert "Hey &lt;you&gt;, it is March 2026." in mail.html
    assert "<strong>Dan Dorsey</strong>" in mail.html
    assert '<p dir="rtl">שלום March 2026</p>' in mail.html
    assert "Open my month:\nhttp://localhost/month" in mail.text


def test_it_puts_own_words_and_ours_into_one_mail(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, MONDAY - timedelta(hours=20))
    _write(cast, "after_meetup", MEETUP)
    assert office.deliver(cast.ana).sent == 1
    [mail] = mailer.to("ben@example.com")
    for part in (mail.text, mail.html):
        assert "Tell me of Dan Dorsey." in part
        assert "And Dan Dorsey?" in mail.subject + part
        assert "A new month, a new hour" in part
        assert "Two words are enough" not in part


def test_it_keeps_to_each_practices_own(cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock) -> None:
    a_habit_for(cast.app, a_client(cast.app, cast.cleo, "Zoe Zhu", "zoe@example.com"))
    _write(cast, "new_month", OWN)
    office.deliver(cast.cleo)
    assert "it is March" not in mailer.to("zoe@example.com")[0].text


def test_it_sends_the_longest_words_whole(cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock) -> None:
    _write(cast, "new_month", {"subject": "Long", "words": "字" * LONGEST_WORDS})
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "字" * LONGEST_WORDS in mail.text
    assert "字" * LONGEST_WORDS in mail.html


def test_it_never_sends_a_mail_without_a_subject(
    cast: Cast, office: Office, mailer: OutboxMailer, monday: FixedClock
) -> None:
    _write(cast, "new_month", {"subject": "{plan}", "words": "Hello."})
    office.deliver(cast.ana)
    assert mailer.mails[0].subject == "Ana Coaching"


def test_it_sends_a_test_to_who_asks_for_it_alone(
    cast: Cast, office: Office, mailer: OutboxMailer, queue: KeptQueue, admin: psycopg.Connection
) -> None:
    a_coach(cast.app, cast.ana, "Rob Reed", "rob@example.com")
    assert _ask(cast) == 303
    assert Ring("workers.jobs.deliver_asked_for", (str(cast.ana.practice_id),), URGENT) in queue.rings
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    [mail] = mailer.mails
    assert (mail.kind, mail.to_address, mail.subject) == ("test_mail", "ana@example.com", "[Test] March 2026 🌱")
    assert "Hello Ana,\n\nHey <you>, it is March 2026.\n\n- Robin Example" in mail.text
    assert "http://localhost/settings/messages/new_month" in mail.text
    assert (mail.unsubscribe, "/u/" in mail.text + mail.html) == (None, False)
    row = admin.execute("select kind, key like 'test:%', user_id, client_id, fields from outbox").fetchall()
    assert row == [("test_mail", True, cast.ana.user_id, None, {"kind": "new_month"})]


def test_it_sends_a_test_once_for_two_clicks_and_again_for_another(
    cast: Cast, office: Office, mailer: OutboxMailer
) -> None:
    asked = uuid4()
    assert [_ask(cast, asked=asked) for _ in range(2)] == [303, 303]
    assert office.deliver(cast.ana).sent == 1
    for nonsense in ("nonsense", "x" * 5000, uuid4()):
        assert _ask(cast, asked=nonsense) == 303
    assert office.deliver(cast.ana).sent == 3


def test_it_sends_a_test_at_night_of_every_kind_even_one_that_is_off(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = MONDAY.replace(hour=23)
    cast.browser(cast.ana).post(f"{PAGE}/after_meetup/switch", data={"on": ""})
    _ask(cast, MEETUP, "after_meetup")
    assert office.deliver(cast.ana).sent == 1
    assert mailer.mails[0].subject == "[Test] And Robin Example?"


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.script is not None])
def test_it_tries_our_own_words_of_every_kind(
    cast: Cast, office: Office, mailer: OutboxMailer, kind: str, admin: psycopg.Connection
) -> None:
    _ask(cast, {"subject": "Fine", "words": "Fine"}, kind)
    cast.browser(cast.ana).post(f"{PAGE}/{kind}/ours")
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "{" not in mail.subject + mail.text
    assert "%{" not in mail.html


def test_it_writes_no_test_to_an_address_that_bounces_or_to_who_has_left(
    cast: Cast, office: Office, mailer: OutboxMailer, admin: psycopg.Connection
) -> None:
    keep(cast.app, cast.ana, Suppression(address="ana@example.com", cause="bounced", since=MONDAY))
    _ask(cast)
    office.deliver(cast.ana)
    admin.execute("delete from suppressions")
    _ask(cast)
    admin.execute("update memberships set role = 'client' where user_id = %s", [cast.ana.user_id])
    office.deliver(cast.ana)
    assert mailer.mails == []
    reasons = admin.execute("select state, reason from outbox order by id").fetchall()
    assert reasons == [("dropped", "address bounced"), ("dropped", "gone")]
