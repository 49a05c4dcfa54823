"""Any mail server, by SMTP. Which of its answers means what is decided here and nowhere else.

The final dot is the moment: before it has left, the server has certainly not taken the mail; after it, only its answer
can tell. So the few commands of a mail are sent one by one, instead of by the library's `sendmail`, which hides that.
"""

import re
import smtplib
import ssl
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import policy
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog

from coachhub.platform import clock
from coachhub.platform.addresses import in_ascii, without_addresses
from coachhub.platform.config import Settings
from coachhub.platform.mail_message import message_of
from coachhub.platform.mailer import Mail, MailDelayed, Mailing, MailRefused, MailUnknown

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10
LAST_ANSWER_SECONDS = 60
"""Servers look for viruses and spam before they say yes."""
REST = timedelta(seconds=30)
"""How long a server that was not reached is left alone, so that a thousand mails do not wait for it one by one."""
_READY, _ALSO_READY, _GO_ON, _TOO_BIG = 250, 251, 354, 552
_PLAIN = policy.SMTP.clone(cte_type="7bit")
_UTF8 = policy.SMTPUTF8.clone(cte_type="7bit")
_DOT = re.compile(rb"^\.", re.MULTILINE)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class _Server:
    """Where to, and as whom."""

    host: str
    port: int
    user: str | None
    password: str
    is_tls: bool

    @property
    def is_here(self) -> bool:
        """On this machine nobody listens in, and nobody has a certificate."""
        return self.host in _LOOPBACK


class SmtpMailer:
    """Carries mail by SMTP, one copy a call. Connections are kept and used again by whichever thread comes next."""

    most_copies = 1

    def __init__(self, settings: Settings) -> None:
        if settings.smtp_url is None:
            raise RuntimeError("SMTP_URL is not set")
        self._server = _server(settings.smtp_url.get_secret_value())
        self._from_address = in_ascii(parseaddr(settings.mail_from)[1])
        self._domain = self._from_address.rpartition("@")[2]
        self._idle: list[smtplib.SMTP] = []
        self._lock = threading.Lock()
        self._away_until: datetime | None = None

    def send(self, mailing: Mailing) -> str | None:
        """Hand over the only copy; returns what the server said. Raises MailRefused, MailDelayed or MailUnknown."""
        (mail,) = mailing.mails()
        line = self._line()
        try:
            said = self._hand_over(line, mail)
        except BaseException:
            line.close()
            raise
        with self._lock:
            self._idle.append(line)
        return said

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Nobody can ask a mail server that."""
        return None

    def allow_again(self, address: str) -> None:
        """It keeps no list of ours."""

    def close(self) -> None:
        """End the connections that are kept."""
        with self._lock:
            for line in self._idle:
                line.close()
            self._idle.clear()

    def _line(self) -> smtplib.SMTP:
        """A connection that answers, without anything of the mail before."""
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return self._connected()
            try:
                if line.rset()[0] == _READY:
                    return line
            except OSError:
                pass  # it was closed meanwhile, as servers do
            line.close()

    def _connected(self) -> smtplib.SMTP:
        """A new connection. Whatever goes wrong here is about the server or about us, never about the mail."""
        if self._away_until is not None and clock.machine_now() < self._away_until:
            raise MailDelayed("the mail server was not reached just now")
        try:
            return self._opened()
        except smtplib.SMTPAuthenticationError as error:
            log.error("mail_server_does_not_know_us", status=error.smtp_code)
            raise self._away(f"the mail server does not know us: {error.smtp_code}") from error
        except smtplib.SMTPNotSupportedError as error:
            log.error("mail_server_is_not_safe", why=str(error))
            raise self._away(f"the mail server is not safe: {error}") from error
        except (OSError, UnicodeError) as error:
            raise self._away(f"the mail server was not reached: {type(error).__name__}") from error

    def _away(self, why: str) -> MailDelayed:
        self._leave_alone()
        return MailDelayed(why)

    def _leave_alone(self) -> None:
        self._away_until = clock.machine_now() + REST

    def _opened(self) -> smtplib.SMTP:
        at = self._server
        line: smtplib.SMTP
        if at.is_tls:
            safely = ssl.create_default_context()
            line = smtplib.SMTP_SSL(at.host, at.port, self._domain, timeout=TIMEOUT_SECONDS, context=safely)
        else:
            line = smtplib.SMTP(at.host, at.port, self._domain, timeout=TIMEOUT_SECONDS)
        try:
            if not at.is_tls and not at.is_here:
                line.starttls(context=ssl.create_default_context())
            line.ehlo_or_helo_if_needed()
            if at.user is not None:
                line.login(at.user, at.password)
        except BaseException:
            line.close()
            raise
        return line

    def _hand_over(self, line: smtplib.SMTP, mail: Mail) -> str:
        is_utf8 = not mail.to_address.isascii() and line.has_extn("smtputf8")
        carried = mail if is_utf8 else replace(mail, to_address=in_ascii(mail.to_address))
        if not is_utf8 and not carried.to_address.isascii():
            raise MailRefused("the mail server cannot write to such an address")
        try:
            body = self._body(carried, is_utf8=is_utf8)
        except ValueError as error:
            raise MailRefused(f"the mail cannot be written: {type(error).__name__}") from error
        try:
            _check("sender", line.mail(self._from_address, ["SMTPUTF8"] if is_utf8 else []))
            _check("recipient", line.rcpt(carried.to_address))
            _check("data", line.docmd("DATA"))
            line.send(body)
        except OSError as error:
            raise MailDelayed(f"the mail server broke off: {type(error).__name__}") from error
        return self._ended(line)

    def _ended(self, line: smtplib.SMTP) -> str:
        """The final dot, and what the server says to it."""
        try:
            if line.sock is not None:
                line.sock.settimeout(LAST_ANSWER_SECONDS)
            line.send(b".\r\n")
            answer = line.getreply()
            if line.sock is not None:
                line.sock.settimeout(TIMEOUT_SECONDS)
        except OSError as error:
            self._leave_alone()
            raise MailUnknown(f"the mail server did not answer: {type(error).__name__}") from error
        _check("mail", answer)
        return _words(answer[1])

    def _body(self, mail: Mail, *, is_utf8: bool) -> bytes:
        """Everything between DATA and the dot."""
        reply_to = mail.reply_to and (mail.reply_to if is_utf8 else in_ascii(mail.reply_to))
        how: Any = _UTF8 if is_utf8 else _PLAIN
        message = message_of(replace(mail, reply_to=reply_to), self._from_address, how)
        message["Date"] = format_datetime(clock.machine_now())
        message["Message-ID"] = f"<{mail.delivery_id}@{self._domain}>"
        written = message.as_bytes(policy=how)
        return _DOT.sub(b"..", written if written.endswith(b"\r\n") else written + b"\r\n")


def _server(url: str) -> _Server:
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    port = parts.port or (465 if is_tls else 587)
    user = unquote(parts.username) if parts.username else None
    return _Server(parts.hostname or "", port, user, unquote(parts.password or ""), is_tls)


def _check(stage: str, answer: tuple[int, bytes]) -> None:
    """Go on where the server agrees. Raises MailDelayed or MailRefused where it does not, MailUnknown at odd ends."""
    code, text = answer
    if code == (_GO_ON if stage == "data" else _READY) or (stage == "recipient" and code == _ALSO_READY):
        return
    said = f"the mail server answered {code}: {_words(text)}"
    if stage == "mail" and not 400 <= code < 600:
        raise MailUnknown(said)
    if stage == "sender" and code >= 500 and code != _TOO_BIG:
        # It will not take mail from us at all. The operator mends that; no mail is to be lost over it.
        log.error("mail_server_does_not_know_us", status=code)
        raise MailDelayed(said)
    raise MailRefused(said) if code >= 500 else MailDelayed(said)


def _words(text: bytes) -> str:
    return without_addresses(" ".join(text.decode("utf-8", "replace").split()))[:300]
