"""The mails that somebody waits for: who gets them, what they say, and when they are pointless."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from coachhub.accounts.models import EmailProof, TeamInvite
from coachhub.accounts.service.proofs import code_of
from coachhub.clients.models import Client, ClientInvite
from coachhub.network.models import Invitation, Log
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client
from tests.fakes import OutboxMailer
from tests.reminders.rows import (
    Office,
    a_habit_for,
    a_meetup,
    a_proof,
    a_team_invite,
    an_invite,
    change,
    keep,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday, the first working day of March
NIGHT = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(cast: Cast, clock: FixedClock) -> None:
    clock.instant = NOW


def test_it_mails_the_code_at_any_hour_in_text_and_html(
    cast: Cast, office: Office, mailer: OutboxMailer, worker_app: Flask, clock: FixedClock
) -> None:
    clock.instant = NIGHT
    proof_id = a_proof(cast.app, cast.ben, "sign_in", NIGHT)
    assert office.deliver(cast.ana).sent == 1
    [mail] = mailer.to("ben@example.com")
    with worker_app.app_context():
        code = code_of(proof_id)
    assert re.findall(r"\b\d{6}\b", mail.text) == [code]
    assert f">{code}<" in mail.html
    assert "It works once, until 23:40." in mail.text
    assert (mail.from_name, mail.reply_to) == ("Ana Coaching", None)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"used_at": NOW}, "used"),
        ({"attempts": 5}, "used"),
        ({"expires_at": NOW}, "expired"),
    ],
)
def test_it_drops_a_code_that_opens_nothing_any_more(
    cast: Cast, office: Office, mailer: OutboxMailer, values: dict[str, object], reason: str
) -> None:
    proof_id = a_proof(cast.app, cast.ben, "sign_in", NOW - timedelta(minutes=1))
    office.plan(cast.ana, NOW)
    change(cast.app, cast.ben, EmailProof, proof_id, **values)
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)["sign_in_code"] == ("dropped", reason)


def test_it_sends_only_the_newest_of_two_codes(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    a_proof(cast.app, cast.ben, "sign_in", NOW - timedelta(seconds=20))
    a_proof(cast.app, cast.ben, "sign_in", NOW)
    tally = office.deliver(cast.ana)
    assert (tally.sent, tally.dropped) == (1, 1)


def test_it_invites_ben_in_his_coachs_name(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    nell = a_client(cast.app, cast.ana, "Nell 王小明", "nell@example.com", status="invited")
    assert nell.client_id is not None
    an_invite(cast.app, cast.ana, nell.client_id, NOW)
    office.deliver(cast.ana)
    [mail] = mailer.to("nell@example.com")
    assert mail.from_name == "Ana Alvarez via Ana Coaching"
    assert mail.reply_to == "ana@example.com"
    assert "http://localhost/invitation/" in mail.text
    assert "good until Wednesday 1 April" in mail.text
    assert 'href="http://localhost/invitation/' in mail.html


@pytest.mark.parametrize("what", ["spent", "closed", "archived", "copied"])
def test_it_sends_no_invitation_that_leads_nowhere(cast: Cast, office: Office, mailer: OutboxMailer, what: str) -> None:
    nell = a_client(cast.app, cast.ana, "Nell", "nell@example.com", status="invited")
    assert nell.client_id is not None
    invite_id = an_invite(cast.app, cast.ana, nell.client_id, NOW, by_mail=what != "copied")
    office.plan(cast.ana, NOW)
    if what == "archived":
        change(cast.app, cast.ana, Client, nell.client_id, status="archived")
    elif what != "copied":
        change(
            cast.app,
            cast.ana,
            ClientInvite,
            invite_id,
            **({"spent_at": NOW} if what == "spent" else {"expires_at": NOW}),
        )
    office.deliver(cast.ana)
    assert mailer.mails == []
    assert office.count("dropped") == (what != "copied")


def test_it_asks_a_coach_into_the_team(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    a_team_invite(cast.app, cast.ana, "eve@example.com", "Eve", NOW)
    revoked = a_team_invite(cast.app, cast.ana, "fay@example.com", "Fay", NOW)
    office.plan(cast.ana, NOW)
    change(cast.app, cast.ana, TeamInvite, revoked, revoked_at=NOW)
    tally = office.deliver(cast.ana)
    assert (tally.sent, tally.dropped) == (1, 1)
    assert mailer.mails[0].subject == "Ana Alvarez asks you to join Ana Coaching"


def _everything(cast: Cast) -> None:
    """One message of each kind, due at NOW."""
    nell = a_client(cast.app, cast.ana, "Nell", "nell@example.com", status="invited")
    assert nell.client_id is not None
    for kind in ("sign_in", "verify", "reset"):
        a_proof(cast.app, cast.ben, kind, NOW)
    an_invite(cast.app, cast.ana, nell.client_id, NOW)
    a_team_invite(cast.app, cast.ana, "eve@example.com", "Eve", NOW)
    a_habit_for(cast.app, cast.ben)
    a_meetup(cast.app, cast.ben, cast.dan_id, NOW - timedelta(days=1))
    held = a_meetup(cast.app, cast.ben, cast.dan_id, NOW - timedelta(days=9), status="held")
    own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "friend_id": cast.dan_id}
    long_ago = {"held_at": NOW - timedelta(days=9), "created_at": NOW - timedelta(days=8), "minutes": 60, "feeling": 3}
    keep(cast.app, cast.ben, Log(meetup_id=held, follow_up="a book", follow_up_on=NOW.date(), **own, **long_ago))
    answered = {"answer": "other", "answered_by": "friend", "answered_at": NOW, "sent_at": NOW - timedelta(days=1)}
    words = {"tone": "warm", "body": "Coffee?", "created_at": NOW - timedelta(days=1)}
    keep(cast.app, cast.ben, Invitation(counter_times=[NOW + timedelta(days=2)], **own, **answered, **words))


def test_it_leads_to_pages_that_exist_by_one_button_a_reason(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    _everything(cast)
    assert office.deliver(cast.ana).sent == 7  # the three reminders go in one mail
    router = cast.app.url_map.bind("localhost")
    for mail in mailer.mails:
        links = set(re.findall(r'http://localhost(/[^\s"]*)', mail.text))
        assert links
        assert links == set(re.findall(r'href="http://localhost(/[^"]*)"', mail.html))
        for link in links:
            assert router.match(urlsplit(link).path, "GET"), mail.kind
        buttons = re.findall(r'<a href="([^"]*)"[^>]*background:#0B6B5D', mail.html)
        assert len(buttons) == (3 if mail.kind == "together" else 1), mail.kind
        assert all(button in mail.text for button in buttons)
        assert not re.search(r"(src|href)=.https?://(?!localhost/)", mail.html), mail.kind  # nothing is loaded


def test_it_changes_nothing_when_every_link_is_opened(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    _everything(cast)
    office.deliver(cast.ana)
    before = _facts(office)
    for mail in mailer.mails:
        for link in set(re.findall(r"http://localhost(/\S*)", mail.text)):
            assert cast.browser().get(link).status_code in (200, 302), link
    assert _facts(office) == before


def _facts(office: Office) -> list[object]:
    queries = (
        "select id, used_at, attempts from email_proofs order by id",
        "select id, spent_at, expires_at from client_invites order by id",
        "select id, accepted_at, revoked_at from team_invites order by id",
        "select id, status from meetups order by id",
        "select id, follow_up_on, follow_up_done_at from logs order by id",
        "select id, answer, version from invitations order by id",
        "select id, email_verified_at, password_hash from users order by id",
    )
    return [office.admin.execute(query).fetchall() for query in queries]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "A\nBcc: x@example.com", "\x0bA\x01 & ü 🎉 مرحبا", "{{ 7*7 }}"]
)
def test_it_writes_any_name_safely(cast: Cast, office: Office, mailer: OutboxMailer, name: str) -> None:
    change(cast.app, cast.ana, Client, cast.ben.client_id, name=name)
    a_habit_for(cast.app, cast.ben)
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "<script>alert" not in mail.html
    assert "\n" not in mail.to_name
    assert "\n" not in mail.subject
    assert "49" not in mail.text.split("https://")[0].split("http://")[0]


def test_it_writes_dates_in_the_readers_language(
    cast: Cast, office: Office, mailer: OutboxMailer, admin: object
) -> None:
    office.admin.execute("update users set locale = 'de_DE' where email = 'ben@example.com'")
    a_meetup(cast.app, cast.ben, cast.dan_id, NOW - timedelta(days=1))
    office.deliver(cast.ana)
    assert "Sonntag 1 März" in mailer.mails[0].text
