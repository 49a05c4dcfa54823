"""The mail server's adapter over real SMTP: every answer means exactly one of taken, refused, delayed, unknown."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from uuid import uuid4

import pytest

from coachhub.platform import smtp_mailer
from coachhub.platform.config import Settings
from coachhub.platform.mailer import Attachment, Copy, MailDelayed, Mailing, MailRefused, MailUnknown
from coachhub.platform.mailers import mailer_of
from coachhub.platform.smtp_mailer import SmtpMailer
from tests.servers.smtp import SmtpServer

BEN = Copy(uuid4(), "ben@example.com", "Ben, the “first” 王", {"name": "Ben"}, "https://us.example/u/c/ben")
MAILING = Mailing(
    practice_id=uuid4(),
    kind="new_month",
    from_name="Ana Alvarez via Ana Coaching",
    reply_to="ana@example.com",
    subject="%{name}%, with whom would you like an hour? ☕️",
    text="Hello %{name}%,\n.\n.. and a line of " + "long words " * 200,
    html="<p>Hello %{name}% 王</p>",
    copies=(BEN,),
)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def mailer(settings: Settings, server: SmtpServer) -> Iterator[SmtpMailer]:
    made = mailer_for(settings, server.url)
    yield made
    made.close()


def mailer_for(settings: Settings, url: str) -> SmtpMailer:
    given = {"mailer": "smtp", "smtp_url": url, "mail_from": "Us <hi@us.example>"}
    made = mailer_of(Settings(**(settings.model_dump() | given)))
    assert isinstance(made, SmtpMailer)
    return made


def test_it_hands_over_the_mail_that_its_reader_gets(mailer: SmtpMailer, server: SmtpServer) -> None:
    assert mailer.send(MAILING) == "2.0.0 Ok: queued as 4F3C21"
    [envelope] = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hi@us.example", ["ben@example.com"])
    [mail], message = MAILING.mails(), server.message()
    assert message["Subject"] == mail.subject
    assert message["To"].addresses[0].display_name == BEN.to_name
    assert message["From"] == "Ana Alvarez via Ana Coaching <hi@us.example>"
    assert message["Reply-To"] == "ana@example.com"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == mail.text.splitlines()
    assert html.get_content().strip() == mail.html


def test_it_writes_what_mail_programs_look_for(mailer: SmtpMailer, server: SmtpServer) -> None:
    mailer.send(MAILING)
    message = server.message()
    assert message["Message-ID"] == f"<{BEN.delivery_id}@us.example>"
    assert message["List-Unsubscribe"] == f"<{BEN.unsubscribe}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None


def test_it_hands_over_files(mailer: SmtpMailer, server: SmtpServer) -> None:
    file = Attachment("meetup.ics", "text/calendar; charset=utf-8; method=CANCEL", "قهوة ☕️\r\n".encode())
    mailer.send(replace(MAILING, attachments=(file,)))
    [part] = server.message().iter_attachments()
    assert part.get_payload(decode=True) == file.content
    assert part["Content-Type"].params["method"] == "CANCEL"


@pytest.mark.parametrize(
    ("stage", "answer", "meaning"),
    [
        ("MAIL", "451 later", MailDelayed),
        ("MAIL", "550 we carry nothing of yours", MailDelayed),
        ("MAIL", "552 too big", MailRefused),
        ("MAIL", None, MailDelayed),
        ("RCPT", "450 mailbox busy", MailDelayed),
        ("RCPT", "421 shutting down", MailDelayed),
        ("RCPT", "550 5.1.1 <ben@example.com> no such user", MailRefused),
        ("RCPT", None, MailDelayed),
        ("DATA", "452 full", MailDelayed),
        ("DATA", "554 spam", MailRefused),
        ("DATA", None, MailUnknown),
    ],
)
def test_it_knows_what_each_answer_means(
    mailer: SmtpMailer, server: SmtpServer, stage: str, answer: str | None, meaning: type[Exception]
) -> None:
    server.says[stage] = answer
    with pytest.raises(meaning) as raised:
        mailer.send(MAILING)
    assert "ben@example.com" not in str(raised.value)
    assert server.taken == []


def test_it_comes_back_later_where_the_line_breaks_before_the_last_dot(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        breaking = threading.Thread(target=_break_off, args=(listening,))
        breaking.start()
        with pytest.raises(MailDelayed, match="broke off"):
            mailer_for(settings, f"smtp://127.0.0.1:{listening.getsockname()[1]}").send(
                replace(MAILING, text="long words " * 1_000_000)
            )
        breaking.join()


def _break_off(listening: socket.socket) -> None:
    """A server that agrees to everything, and is gone in the middle of the mail."""
    line, _ = listening.accept()
    with line:
        line.sendall(b"220 hello\r\n")
        for answer in (b"250 hello", b"250 sender", b"250 recipient", b"354 go on"):
            line.recv(1_000)
            line.sendall(answer + b"\r\n")
        line.recv(1_000)


def test_it_does_not_wait_for_ever_for_the_last_answer(
    mailer: SmtpMailer, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_mailer, "LAST_ANSWER_SECONDS", 0.3)
    server.hangs_after_data = True
    with pytest.raises(MailUnknown):
        mailer.send(MAILING)
    with pytest.raises(MailDelayed, match="just now"):
        mailer.send(MAILING)


def test_it_comes_back_later_where_nobody_listens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        mailer = mailer_for(settings, f"smtp://127.0.0.1:{free.getsockname()[1]}")
    with pytest.raises(MailDelayed, match="ConnectionRefused"):
        mailer.send(MAILING)


def test_it_keeps_its_connection_and_takes_another_where_it_ended(mailer: SmtpMailer, server: SmtpServer) -> None:
    for _ in range(3):
        mailer.send(MAILING)
    assert server.connections == 1
    server.hang_up()
    mailer.send(MAILING)
    assert (server.connections, len(server.taken)) == (2, 4)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_it_signs_in(settings: Settings) -> None:
    with SmtpServer(password="p@ss") as server:
        known, unknown = ("smtp://ana:p%40ss@", "smtp://ana:wrong@")
        mailer = mailer_for(settings, server.url.replace("smtp://", known))
        assert mailer.send(MAILING)
        mailer.close()
        with pytest.raises(MailDelayed, match="535"):
            mailer_for(settings, server.url.replace("smtp://", unknown)).send(MAILING)


def test_it_says_nothing_over_an_open_line(
    settings: Settings, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_mailer, "_LOOPBACK", ())
    with pytest.raises(MailDelayed, match="not safe"):
        mailer_for(settings, server.url).send(MAILING)
    assert server.taken == []


@pytest.mark.parametrize(
    ("offers_utf8", "written"), [(True, "ben@bücher.example"), (False, "ben@xn--bcher-kva.example")]
)
def test_it_writes_to_a_domain_in_any_letters(settings: Settings, offers_utf8: bool, written: str) -> None:
    with SmtpServer(offers_utf8=offers_utf8) as server:
        mailer = mailer_for(settings, server.url)
        mailer.send(replace(MAILING, copies=(replace(BEN, to_address="ben@bücher.example"),)))
        mailer.close()
        assert server.taken[0].rcpt_tos == [written]
        assert written.encode() in (server.taken[0].original_content or b"")


def test_it_refuses_an_address_that_no_server_takes(mailer: SmtpMailer) -> None:
    with pytest.raises(MailRefused, match="such an address"):
        mailer.send(replace(MAILING, copies=(replace(BEN, to_address="bén@example.com"),)))


def test_it_cannot_tell_what_was_taken(mailer: SmtpMailer) -> None:
    assert mailer.was_taken(BEN.delivery_id) is None


@pytest.mark.parametrize("url", [None, "mail.example.com:587", "http://mail.example.com", "smtp://", "smtp://a b"])
def test_it_refuses_settings_that_cannot_work(settings: Settings, url: str | None) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        Settings(**(settings.model_dump() | {"mailer": "smtp", "smtp_url": url}))
