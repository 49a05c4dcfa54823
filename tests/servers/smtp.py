"""A mail server to test against, by aiosmtpd: it keeps what it takes, and answers as the test says.

with SmtpServer() as server:
    server.says["RCPT"] = "550 5.1.1 no such user"      # or None: the connection ends without an answer
    ...                                                 # the real client talks to server.url
    server.taken                                        # each mail as its bytes, its sender and its recipients
"""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass
class SmtpServer:
    """Listens while the block runs. `says`: what is answered to MAIL, RCPT or DATA instead of yes; None: hang up."""

    offers_utf8: bool = False
    password: str | None = None
    tls: ssl.SSLContext | None = None
    says: dict[str, str | None] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    connections: int = 0
    hangs_after_data: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def message(self) -> EmailMessage:
        """The mail taken last, as its reader's program sees it."""
        return message_from_bytes(self.taken[-1].original_content or b"", policy=policy.SMTP)

    def hang_up(self) -> None:
        """End every connection that is open."""
        self._controller.loop.call_soon_threadsafe(lambda: [each.transport.abort() for each in self._open])

    def __enter__(self) -> Self:
        self._open: list[SMTP] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        more: dict[str, Any] = {"enable_SMTPUTF8": self.offers_utf8, "tls_context": self.tls}
        if self.password:
            more |= {"authenticator": self._know, "auth_require_tls": False, "auth_required": True}
        self._controller = Controller(_Handler(self), "127.0.0.1", port, **more)
        self._controller.start()
        self.connections = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def _know(self, *about: Any) -> AuthResult:
        given = about[-1]
        is_known = isinstance(given, LoginPassword) and given.password.decode() == self.password
        return AuthResult(success=is_known, handled=False)


class _Handler:
    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def handle_EHLO(  # noqa: N802 (the library names it)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.server.connections += 1
        self.server._open.append(server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 (the library names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, "MAIL")
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802 (the library names it)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, "RCPT")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.server.hangs_after_data:
            await asyncio.sleep(5)
        answer = self._answer(server, "DATA")
        if answer.startswith("2"):
            self.server.taken.append(envelope)
        return answer

    def _answer(self, server: SMTP, command: str) -> str:
        answer = self.server.says.get(command, "250 2.0.0 Ok: queued as 4F3C21")
        if answer is None:
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        return answer


def a_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, with its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return file
