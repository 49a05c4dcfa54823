"""The developer's mailbox: each kept mail as text and HTML, and nothing of it in production."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from coachhub.app import create_app
from coachhub.platform.config import Settings
from coachhub.platform.folder_mailer import FolderMailer
from coachhub.platform.mailer import Attachment, Copy, Mailing
from coachhub.platform.ports import ports
from tests.fakes import KeptQueue, OutboxMailer

BEN = Copy(uuid4(), "bén@example.com", "Ben, the “first” 王", {"code": "123456"}, "http://localhost/u/c/ben")
MAILING = Mailing(
    practice_id=uuid4(),
    kind="sign_in_code",
    from_name="Ana Coaching",
    reply_to=None,
    subject="Your code to sign in: %{code}%",
    text="Hello,\nhttp://localhost/sign-in/code\n" + "long " * 300,
    html="<!doctype html><style>p { color: red }</style><p>Hello</p>",
    copies=(BEN,),
)
SUBJECT = "Your code to sign in: 123456"


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> Iterator[FolderMailer]:
    """A folder of its own for the kept mails."""
    with app.app_context():
        wired = ports()
    usual = wired.settings
    wired.settings = usual.model_copy(update={"data": tmp_path})
    yield FolderMailer(tmp_path / "mail", usual.mail_from)
    wired.settings = usual


def test_it_keeps_a_mail_once_and_says_truly_what_it_has(mailbox: FolderMailer) -> None:
    assert mailbox.was_taken(BEN.delivery_id) is False
    for _ in range(2):
        mailbox.send(MAILING)
    assert mailbox.was_taken(BEN.delivery_id) is True
    [kept] = mailbox.newest(10)
    assert (kept.subject, kept.text.strip(), kept.html.strip()) == (SUBJECT, MAILING.text.strip(), MAILING.html)
    assert "bén@example.com" in kept.to
    assert BEN.to_name in kept.to.replace("\\", "")


def test_it_shows_each_mail_as_text_with_its_links(app: Flask, mailbox: FolderMailer) -> None:
    assert "No mail yet" in app.test_client().get("/dev/outbox").text
    mailbox.send(MAILING)
    page = app.test_client().get("/dev/outbox")
    assert SUBJECT in page.text
    assert 'href="http://localhost/sign-in/code"' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_it_shows_the_html_in_a_frame_that_may_do_nothing(app: Flask, mailbox: FolderMailer) -> None:
    mailbox.send(MAILING)
    page = app.test_client().get(f"/dev/outbox/{BEN.delivery_id}")
    assert f'src="/dev/outbox/{BEN.delivery_id}/html"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    alone = app.test_client().get(f"/dev/outbox/{BEN.delivery_id}/html")
    assert alone.text.startswith(MAILING.html)
    assert "script-src" not in alone.headers["Content-Security-Policy"]
    assert "sandbox" in alone.headers["Content-Security-Policy"]


def test_it_keeps_and_shows_the_files_of_a_mail(app: Flask, mailbox: FolderMailer) -> None:
    file = Attachment("meetup.ics", "text/calendar; charset=utf-8; method=CANCEL", "قهوة ☕️\r\n".encode())
    mailbox.send(replace(MAILING, attachments=(file, replace(file, name="plan.ics"))))
    [kept] = mailbox.newest(1)
    assert kept.attachments == (file, replace(file, name="plan.ics"))
    assert (kept.text.strip(), kept.html.strip()) == (MAILING.text.strip(), MAILING.html)
    page = app.test_client().get(f"/dev/outbox/{BEN.delivery_id}").text
    path = f"/dev/outbox/{BEN.delivery_id}/files/1"
    assert f'href="{path}"' in page
    answer = app.test_client().get(path)
    assert answer.data == file.content
    assert answer.headers["Content-Type"] == file.content_type
    assert app.test_client().get(f"/dev/outbox/{BEN.delivery_id}/files/3").status_code == 404
    assert app.test_client().get(f"/dev/outbox/{BEN.delivery_id}/files/0").status_code == 404


@pytest.mark.parametrize("path", ["", "/html", "/files/1"])
def test_it_knows_no_other_mail(app: Flask, mailbox: FolderMailer, path: str) -> None:
    assert app.test_client().get(f"/dev/outbox/{uuid4()}{path}").status_code == 404


def test_it_does_not_exist_in_production(settings: Settings, mailer: OutboxMailer, queue: KeptQueue) -> None:
    given = {"environment": "production", "base_url": "https://coachhub.example", "mailer": "sendgrid"}
    production = Settings(**(settings.model_dump() | given | {"sendgrid_api_key": "SG.key"}))
    app = create_app(production, mailer=mailer, queue=queue)
    assert [rule for rule in app.url_map.iter_rules() if "/dev" in rule.rule] == []
