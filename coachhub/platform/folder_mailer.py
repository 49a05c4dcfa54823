"""A mailer for development: each mail is one file, named by its delivery id; nothing leaves the machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

from coachhub.platform.mail_message import message_of
from coachhub.platform.mailer import Attachment, Mail, Mailing

_POLICY = policy.default.clone(utf8=True)


@dataclass(frozen=True)
class KeptMail:
    """A mail as the folder has it; `kept_at` is when it was taken."""

    delivery_id: UUID
    kind: str
    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    kept_at: datetime
    attachments: tuple[Attachment, ...] = ()


class FolderMailer:
    """Keeps mails as `.eml` files. Naming the finished file is the moment of taking: it happens once."""

    most_copies = 100

    def __init__(self, folder: Path, mail_from: str) -> None:
        self.folder = folder
        self.from_address = parseaddr(mail_from)[1]

    def send(self, mailing: Mailing) -> str | None:
        """Keep each copy; keeping it a second time changes nothing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in mailing.mails():
            self._keep(mail)
        return None

    def _keep(self, mail: Mail) -> None:
        written = self.folder / f".{mail.delivery_id}.part"
        written.write_bytes(_message(mail, self.from_address).as_bytes(policy=_POLICY))
        written.replace(self._path(mail.delivery_id))

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Whether the file is there."""
        return self._path(delivery_id).exists()

    def allow_again(self, address: str) -> None:
        """Nobody is refused here."""

    def newest(self, most: int) -> Iterator[KeptMail]:
        """The mails kept last, newest first."""
        files = [(path.stat().st_mtime_ns, path) for path in self.folder.glob("*.eml")]
        for _, path in sorted(files, reverse=True)[:most]:
            yield _kept(path)

    def kept(self, delivery_id: UUID) -> KeptMail | None:
        """One mail, or None where there is none of this id."""
        path = self._path(delivery_id)
        return _kept(path) if path.exists() else None

    def _path(self, delivery_id: UUID) -> Path:
        return self.folder / f"{delivery_id}.eml"


def _message(mail: Mail, from_address: str) -> EmailMessage:
    message = message_of(mail, from_address, _POLICY)
    message["X-CoachHub-Kind"] = mail.kind
    message["X-CoachHub-Delivery"] = str(mail.delivery_id)
    message["X-CoachHub-Practice"] = str(mail.practice_id or "")
    return message


def _kept(path: Path) -> KeptMail:
    message = message_from_bytes(path.read_bytes(), policy=_POLICY)
    return KeptMail(
        delivery_id=UUID(path.stem),
        kind=str(message["X-CoachHub-Kind"]),
        sender=str(message["From"]),
        to=str(message["To"]),
        reply_to=str(message["Reply-To"] or ""),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        kept_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        attachments=tuple(_attachment(part) for part in message.iter_attachments()),
    )


def _attachment(part: Message) -> Attachment:
    parameters = [f"{name}={value}" for name, value in part.get_params([])[1:] if name != "name"]
    content_type = "; ".join([part.get_content_type(), *parameters])
    return Attachment(part.get_filename() or "", content_type, bytes(part.get_payload(decode=True)))


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
