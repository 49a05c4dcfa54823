"""SendGrid's adapter over real HTTP: every answer means exactly one of taken, refused, delayed, unknown."""

import json
import logging
import socket
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from coachhub.platform import sendgrid_mailer
from coachhub.platform.config import Settings
from coachhub.platform.mailer import Attachment, Copy, MailDelayed, Mailing, MailRefused, MailUnknown
from coachhub.platform.sendgrid_mailer import SendGridMailer
from tests.servers.sendgrid import Fault, SendGridServer, to_address
from tests.servers.sendgrid_events import SigningKey

BEN = Copy(uuid4(), "ben@example.com", "Ben Berger", {"name": "Ben", "n": "3"}, "https://us.example/u/c/ben")
EVA = Copy(uuid4(), "eva@example.com", "Eva", {"name": "Eva %{n}%", "n": "4"}, "https://us.example/u/c/eva")
MAILING = Mailing(
    practice_id=uuid4(),
    kind="new_month",
    from_name="Ana Alvarez via Ana Coaching",
    reply_to="ana@example.com",
    subject="%{name}%, with whom would you like an hour?",
    text="Hello %{name}%, %{n}\n",
    html="<p>Hello %{name}%, %{n}%</p>",
    copies=(BEN, EVA),
)
ONE = replace(MAILING, copies=(BEN,))


@pytest.fixture
def sendgrid() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


def mailer_for(settings: Settings, url: str, key: str = "SG.test", *, is_sandbox: bool = False) -> SendGridMailer:
    given = {"mailer": "sendgrid", "sendgrid_api_key": key, "sendgrid_host": url, "sendgrid_sandbox": is_sandbox}
    return SendGridMailer(Settings(**(settings.model_dump() | given | {"mail_from": "Us <hi@us.example>"})))


def test_it_hands_over_a_mailing_as_sendgrid_describes_it(settings: Settings, sendgrid: SendGridServer) -> None:
    assert mailer_for(settings, sendgrid.url).send(MAILING)
    [body] = sendgrid.taken
    assert body["from"] == {"email": "hi@us.example", "name": "Ana Alvarez via Ana Coaching"}
    assert body["reply_to"] == {"email": "ana@example.com"}
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert body["categories"] == ["new_month"]
    envelope, _ = body["personalizations"]
    assert envelope["to"] == [{"email": "ben@example.com", "name": "Ben Berger"}]
    ours = {"delivery_id": str(BEN.delivery_id), "practice_id": str(MAILING.practice_id), "kind": "new_month"}
    assert envelope["custom_args"] == ours


def test_it_gives_each_reader_the_mail_that_we_wrote_for_them(settings: Settings, sendgrid: SendGridServer) -> None:
    mailer_for(settings, sendgrid.url).send(MAILING)
    expected = [(mail.to_address, mail.subject, mail.text, mail.html) for mail in MAILING.mails()]
    assert [(mail.to, mail.subject, mail.text, mail.html) for mail in sendgrid.mails()] == expected
    for mail, copy in zip(sendgrid.mails(), MAILING.copies, strict=True):
        assert mail.headers["List-Unsubscribe"] == f"<{copy.unsubscribe}>"
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_it_has_sendgrid_track_nobody(settings: Settings, sendgrid: SendGridServer) -> None:
    mailer_for(settings, sendgrid.url).send(MAILING)
    tracked = sendgrid.taken[0]["tracking_settings"]
    assert {name: each["enable"] for name, each in tracked.items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
    }


def test_it_leaves_nothing_to_wait_at_sendgrid(settings: Settings, sendgrid: SendGridServer) -> None:
    mailer_for(settings, sendgrid.url).send(MAILING)
    written = json.dumps(sendgrid.taken)
    assert "send_at" not in written
    assert "batch_id" not in written


def test_it_writes_to_somebody_without_a_name_and_without_a_reply_address(
    settings: Settings, sendgrid: SendGridServer
) -> None:
    nobody = replace(BEN, to_name="", fields={}, unsubscribe=None)
    mailer_for(settings, sendgrid.url).send(replace(ONE, copies=(nobody,), reply_to=None))
    [envelope] = sendgrid.taken[0]["personalizations"]
    assert envelope.keys() == {"to", "custom_args"}
    assert envelope["to"] == [{"email": "ben@example.com"}]
    assert "reply_to" not in sendgrid.taken[0]


@pytest.mark.parametrize(("name", "written"), [("Berger, Ben; 王\n", "Berger Ben 王"), (",", None)])
def test_it_writes_names_as_sendgrid_takes_them(
    settings: Settings, sendgrid: SendGridServer, name: str, written: str | None
) -> None:
    mailer_for(settings, sendgrid.url).send(replace(ONE, copies=(replace(BEN, to_name=name),)))
    assert sendgrid.taken[0]["personalizations"][0]["to"][0].get("name") == written


def test_it_writes_to_a_domain_in_any_letters(settings: Settings, sendgrid: SendGridServer) -> None:
    mailer_for(settings, sendgrid.url).send(replace(ONE, copies=(replace(BEN, to_address="ben@bücher.example"),)))
    assert sendgrid.mails()[0].to == "ben@xn--bcher-kva.example"


def test_it_hands_over_files_as_sendgrid_wants_them(settings: Settings, sendgrid: SendGridServer) -> None:
    file = "BEGIN:VCALENDAR\r\nSUMMARY:قهوة ☕️\r\n".encode()
    with_file = replace(ONE, attachments=(Attachment("meetup.ics", "text/calendar; charset=utf-8; method=X", file),))
    mailer_for(settings, sendgrid.url).send(with_file)
    [sent] = sendgrid.taken[0]["attachments"]
    assert b64decode(sent["content"]) == file
    assert (sent["type"], sent["filename"], sent["disposition"]) == ("text/calendar", "meetup.ics", "attachment")
    mailer_for(settings, sendgrid.url).send(ONE)
    assert "attachments" not in sendgrid.taken[1]


def test_it_has_sendgrid_try_a_mail_without_sending_it(settings: Settings, sendgrid: SendGridServer) -> None:
    mailer_for(settings, sendgrid.url, is_sandbox=True).send(MAILING)
    assert sendgrid.taken == []
    assert sendgrid.refused == []


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_it_takes_a_refusal_of_the_mail_as_final(settings: Settings, sendgrid: SendGridServer, status: int) -> None:
    sendgrid.next(status)
    with pytest.raises(MailRefused, match=str(status)):
        mailer_for(settings, sendgrid.url).send(MAILING)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_it_comes_back_later_where_sendgrid_is_busy_or_broken(
    settings: Settings, sendgrid: SendGridServer, status: int
) -> None:
    sendgrid.next(status)
    with pytest.raises(MailDelayed, match=str(status)):
        mailer_for(settings, sendgrid.url).send(MAILING)
    assert mailer_for(settings, sendgrid.url).send(MAILING)


@pytest.mark.parametrize("status", [204, 504])
def test_it_does_not_know_what_an_odd_answer_means(settings: Settings, sendgrid: SendGridServer, status: int) -> None:
    sendgrid.next(status)
    with pytest.raises(MailUnknown, match=str(status)):
        mailer_for(settings, sendgrid.url).send(MAILING)


@pytest.mark.parametrize("status", [403, 404, 405])
def test_it_loses_no_mail_over_a_fault_of_ours(settings: Settings, sendgrid: SendGridServer, status: int) -> None:
    sendgrid.next(status)
    with pytest.raises(MailDelayed, match=str(status)):
        mailer_for(settings, sendgrid.url).send(MAILING)


def test_it_loses_no_mail_over_a_wrong_key(settings: Settings, sendgrid: SendGridServer) -> None:
    with pytest.raises(MailDelayed, match="401"):
        mailer_for(settings, sendgrid.url, key="SG.revoked").send(MAILING)


def test_it_sees_a_whole_mailing_refused_over_one_of_its_copies(settings: Settings, sendgrid: SendGridServer) -> None:
    sendgrid.when(to_address(400, "eva@example.com"))
    with pytest.raises(MailRefused, match="400"):
        mailer_for(settings, sendgrid.url).send(MAILING)
    assert mailer_for(settings, sendgrid.url).send(ONE)


def test_it_sees_a_malformed_body_refused_by_the_description(settings: Settings, sendgrid: SendGridServer) -> None:
    with pytest.raises(MailRefused, match="400"):
        mailer_for(settings, sendgrid.url).send(replace(MAILING, subject=""))


def test_it_comes_back_later_where_nobody_listens(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(MailDelayed):
        mailer_for(settings, url).send(MAILING)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, Fault.CUT])
def test_it_does_not_know_where_the_answer_is_lost(settings: Settings, sendgrid: SendGridServer, fault: Fault) -> None:
    sendgrid.next(fault)
    with pytest.raises(MailUnknown):
        mailer_for(settings, sendgrid.url).send(MAILING)
    assert len(sendgrid.taken) == (fault is Fault.LOST)


def test_it_comes_back_later_where_the_connection_breaks_before_all_of_the_request_has_left(
    settings: Settings, sendgrid: SendGridServer
) -> None:
    sendgrid.next(Fault.CUT)
    with pytest.raises(MailDelayed, match="not reached"):
        mailer_for(settings, sendgrid.url).send(replace(MAILING, text="long words " * 1_000_000))
    assert sendgrid.taken == []


@pytest.mark.parametrize("fault", [Fault.HANGS, Fault.SLOW])
def test_it_does_not_wait_for_ever(
    settings: Settings, sendgrid: SendGridServer, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(sendgrid_mailer, "TIMEOUT_SECONDS", 0.3)
    sendgrid.next(fault)
    with pytest.raises(MailUnknown):
        mailer_for(settings, sendgrid.url).send(MAILING)


def test_it_cannot_tell_what_was_taken(settings: Settings, sendgrid: SendGridServer) -> None:
    assert mailer_for(settings, sendgrid.url).was_taken(BEN.delivery_id) is None


def test_it_prints_no_mail_for_a_debug_log(
    settings: Settings, sendgrid: SendGridServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        mailer_for(settings, sendgrid.url).send(MAILING)
    assert "PAYLOAD" in caplog.text
    assert "ben@example.com" not in caplog.text


def test_it_takes_an_address_off_every_list_of_sendgrid(settings: Settings, sendgrid: SendGridServer) -> None:
    sendgrid.suppressed = {"bounces": {"ben/b+c@example.com"}, "spam_reports": {"ben/b+c@example.com", "eva@x.example"}}
    mailer_for(settings, sendgrid.url).allow_again("ben/b+c@example.com")
    assert sendgrid.suppressed == {"bounces": set(), "spam_reports": {"eva@x.example"}}


def test_it_comes_back_later_to_take_an_address_off(settings: Settings, sendgrid: SendGridServer) -> None:
    with pytest.raises(MailDelayed, match="401"):
        mailer_for(settings, sendgrid.url, key="SG.revoked").allow_again("ben@example.com")


def test_it_reads_the_keys_of_the_webhook_from_a_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [SigningKey().public, SigningKey().public]
    (tmp_path / "keys").write_text(f"{json.dumps(keys)}\n")
    monkeypatch.setenv("SENDGRID_WEBHOOK_KEYS_FILE", str(tmp_path / "keys"))
    usual = settings.model_dump(exclude={"sendgrid_webhook_keys"})
    assert Settings(**usual).sendgrid_webhook_keys == keys


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sendgrid_host": "api.sendgrid.com"}, "SENDGRID_HOST"),
        ({"sendgrid_webhook_keys": ["no key"]}, "SENDGRID_WEBHOOK_KEYS"),
        ({"sendgrid_api_key": None}, "SENDGRID_API_KEY"),
        (
            {"environment": "production", "base_url": "https://us.example", "sendgrid_sandbox": True},
            "SENDGRID_SANDBOX",
        ),
    ],
)
def test_it_refuses_settings_that_cannot_work(settings: Settings, given: dict[str, object], said: str) -> None:
    usual = settings.model_dump() | {"mailer": "sendgrid", "sendgrid_api_key": "SG.key"}
    with pytest.raises(ValueError, match=said):
        Settings(**(usual | given))
