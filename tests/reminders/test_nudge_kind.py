"""A nudge as a mail: in the coach's name and words, once, and not where it became pointless."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from coachhub.reminders.models import Nudge, ReminderSwitch
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client, a_coach
from tests.fakes import OutboxMailer
from tests.habits.facts import MARCH, give_habit
from tests.reminders.rows import Office, keep, suppress


def a_nudge(cast: Cast, **more: Any) -> None:
    """Ana nudges Ben, now, unless told otherwise."""
    given = {"client_id": cast.ben.client_id, "coach_id": cast.ana.user_id, "created_at": NOW} | more
    given = {"subject": "For {name}", "words": "{step}\n\nYours, {coach}", "until": NOW + timedelta(days=1)} | given
    keep(cast.app, cast.ana, Nudge(**given))


def test_it_goes_out_once_in_the_coachs_words(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    give_habit(cast, MARCH)
    a_nudge(cast)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    (mail,) = mailer.to("ben@example.com")
    assert mail.subject == "For Ben"
    assert mail.from_name == "Ana Alvarez via Ana Coaching"
    assert mail.reply_to == "ana@example.com"
    for words in ("Hello Ben,", "Ten minutes now are enough", "Yours, Ana Alvarez", "http://localhost/month"):
        assert words in mail.text
    assert mail.unsubscribe is not None
    assert mail.unsubscribe in mail.text


def test_it_comes_from_whoever_wrote_it(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    bob = a_coach(cast.app, cast.ana, "Bob Bell", "bob@example.com")
    a_nudge(cast, coach_id=bob.user_id)
    office.deliver(cast.ana)
    (mail,) = mailer.mails
    assert (mail.from_name, mail.reply_to) == ("Bob Bell via Ana Coaching", "bob@example.com")
    assert "Yours, Bob Bell" in mail.text
    assert "I was thinking of you." in mail.text  # without a habit there is no step


def test_it_takes_no_markup_from_anybody(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    eva = a_client(cast.app, cast.ana, "<b>Eva</b> %{off}%", "eva@example.com")
    a_nudge(cast, client_id=eva.client_id, words="<script>{name}</script>")
    office.deliver(cast.ana)
    (mail,) = mailer.mails
    assert "<script>" not in mail.html
    assert "<b>Eva" not in mail.html


def test_it_waits_for_the_morning(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = NOW.replace(hour=22)
    a_nudge(cast, created_at=clock.instant, until=clock.instant + timedelta(days=1))
    office.deliver(cast.ana)
    assert mailer.mails == []
    assert admin.execute("select due_at from outbox").fetchone() == (NOW.replace(day=6, hour=8),)


@pytest.mark.parametrize("status", ["paused", "archived"])
def test_it_is_dropped_where_the_client_rests(
    cast: Cast, office: Office, admin: psycopg.Connection, status: str
) -> None:
    a_nudge(cast)
    office.plan(cast.ana, NOW)
    admin.execute("update clients set status = %s where id = %s", [status, cast.ben.client_id])
    office.deliver(cast.ana)
    assert office.states(cast.ana) == {"nudge": ("dropped", status)}


def test_it_is_dropped_where_the_client_wants_none(cast: Cast, office: Office) -> None:
    keep(cast.app, cast.ana, ReminderSwitch(client_id=cast.ben.client_id, kind="nudge", is_off=True, changed_at=NOW))
    a_nudge(cast)
    office.deliver(cast.ana)
    assert office.states(cast.ana) == {"nudge": ("dropped", "switched off")}


def test_it_is_dropped_where_the_address_gets_no_mail(cast: Cast, office: Office) -> None:
    suppress(cast, "ben@example.com", "bounced")
    a_nudge(cast)
    office.deliver(cast.ana)
    assert office.states(cast.ana) == {"nudge": ("dropped", "address bounced")}


def test_it_is_dropped_after_days_of_silence(cast: Cast, office: Office, clock: FixedClock) -> None:
    a_nudge(cast)
    office.plan(cast.ana, NOW)
    clock.advance(timedelta(days=3, minutes=1))
    office.deliver(cast.ana)
    assert office.states(cast.ana) == {"nudge": ("dropped", "stale")}
