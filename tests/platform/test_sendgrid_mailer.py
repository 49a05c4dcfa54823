"""SendGrid's adapter over real HTTP: every answer means exactly one of taken, refused, delayed, unknown."""

import socket
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from coachhub.platform import sendgrid_mailer
from coachhub.platform.config import Settings
from coachhub.platform.mailer import Attachment, Mail, MailDelayed, MailRefused, MailUnknown
from coachhub.platform.sendgrid_mailer import SendGridMailer
from tests.servers.sendgrid import Fault, SendGridServer

MAIL = Mail(
    delivery_id=uuid4(),
    practice_id=uuid4(),
    kind="new_month",
    to_address="ben@example.com",
    to_name="Ben Berger",
    from_name="Ana Alvarez via Ana Coaching",
    reply_to="ana@example.com",
    subject="March 2026: with whom would you like an hour?",
    text="Hello Ben,\n",
    html="<p>Hello Ben,</p>",
)


@pytest.fixture
def sendgrid() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


def mailer_for(settings: Settings, url: str, key: str = "SG.test") -> SendGridMailer:
    given = {"mailer": "sendgrid", "sendgrid_api_key": key, "sendgrid_host": url, "mail_from": "Us <hi@us.example>"}
    return SendGridMailer(Settings(**(settings.model_dump() | given)))


def test_it_hands_over_a_mail_as_sendgrid_describes_it(settings: Settings, sendgrid: SendGridServer) -> None:
    assert mailer_for(settings, sendgrid.url).send(MAIL)
    [body] = sendgrid.taken
    assert body["from"] == {"email": "hi@us.example", "name": "Ana Alvarez via Ana Coaching"}
    assert body["reply_to"] == {"email": "ana@example.com"}
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert body["categories"] == ["new_month"]
    [envelope] = body["personalizations"]
    assert envelope["to"] == [{"email": "ben@example.com", "name": "Ben Berger"}]
    assert envelope["custom_args"]["delivery_id"] == str(MAIL.delivery_id)
    assert envelope["custom_args"]["practice_id"] == str(MAIL.practice_id)


def test_it_writes_to_somebody_without_a_name_and_without_a_reply_address(
    settings: Settings, sendgrid: SendGridServer
) -> None:
    mailer_for(settings, sendgrid.url).send(replace(MAIL, to_name="", reply_to=None))
    assert sendgrid.taken[0]["personalizations"][0]["to"] == [{"email": "ben@example.com"}]
    assert "reply_to" not in sendgrid.taken[0]


def test_it_hands_over_files_as_sendgrid_wants_them(settings: Settings, sendgrid: SendGridServer) -> None:
    file = "BEGIN:VCALENDAR\r\nSUMMARY:قهوة ☕️\r\n".encode()
    with_file = replace(MAIL, attachments=(Attachment("meetup.ics", "text/calendar; charset=utf-8; method=X", file),))
    mailer_for(settings, sendgrid.url).send(with_file)
    [sent] = sendgrid.taken[0]["attachments"]
    assert b64decode(sent["content"]) == file
    assert (sent["type"], sent["filename"], sent["disposition"]) == ("text/calendar", "meetup.ics", "attachment")
    mailer_for(settings, sendgrid.url).send(MAIL)
    assert "attachments" not in sendgrid.taken[1]


@pytest.mark.parametrize("status", [400, 404, 413])
def test_it_takes_a_refusal_of_the_mail_as_final(settings: Settings, sendgrid: SendGridServer, status: int) -> None:
    sendgrid.next(status)
    with pytest.raises(MailRefused, match=str(status)):
        mailer_for(settings, sendgrid.url).send(MAIL)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_it_comes_back_later_where_sendgrid_is_busy_or_broken(
    settings: Settings, sendgrid: SendGridServer, status: int
) -> None:
    sendgrid.next(status)
    with pytest.raises(MailDelayed, match=str(status)):
        mailer_for(settings, sendgrid.url).send(MAIL)
    assert mailer_for(settings, sendgrid.url).send(MAIL)


def test_it_loses_no_mail_over_a_wrong_key(settings: Settings, sendgrid: SendGridServer) -> None:
    with pytest.raises(MailDelayed, match="401"):
        mailer_for(settings, sendgrid.url, key="SG.revoked").send(MAIL)


def test_it_sees_a_malformed_body_refused_by_the_description(settings: Settings, sendgrid: SendGridServer) -> None:
    with pytest.raises(MailRefused, match="400"):
        mailer_for(settings, sendgrid.url).send(replace(MAIL, subject=""))


def test_it_comes_back_later_where_nobody_listens(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(MailDelayed):
        mailer_for(settings, url).send(MAIL)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CUT])
def test_it_does_not_know_where_the_answer_is_lost(settings: Settings, sendgrid: SendGridServer, fault: Fault) -> None:
    sendgrid.next(fault)
    with pytest.raises(MailUnknown):
        mailer_for(settings, sendgrid.url).send(MAIL)
    assert len(sendgrid.taken) == (fault is Fault.LOST)


def test_it_does_not_wait_for_ever(
    settings: Settings, sendgrid: SendGridServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendgrid_mailer, "TIMEOUT_SECONDS", 0.3)
    sendgrid.next(Fault.HANGS)
    with pytest.raises(MailUnknown):
        mailer_for(settings, sendgrid.url).send(MAIL)


def test_it_cannot_tell_what_was_taken(settings: Settings, sendgrid: SendGridServer) -> None:
    assert mailer_for(settings, sendgrid.url).was_taken(MAIL.delivery_id) is None
