"""A mailer for development: each mail is one file, named by its delivery id; nothing leaves the machine."""

from email.message import EmailMessage
from email.utils import formataddr
from pathlib import Path
from uuid import UUID

from coachhub.platform.mailer import Mail


class FolderMailer:
    """Keeps mails as `.eml` files. Linking the finished file is the moment of taking: it happens once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: Mail) -> str | None:
        """Keep the mail; keeping it a second time changes nothing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = self.folder / f".{mail.delivery_id}.part"
        written.write_bytes(_message(mail).as_bytes())
        written.replace(self._path(mail.delivery_id))
        return None

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Whether the file is there."""
        return self._path(delivery_id).exists()

    def _path(self, delivery_id: UUID) -> Path:
        return self.folder / f"{delivery_id}.eml"


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = formataddr((mail.from_name, "coach@coachhub.example"))
    message["To"] = formataddr((mail.to_name, mail.to_address))
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["X-CoachHub-Kind"] = mail.kind
    message["X-CoachHub-Delivery"] = str(mail.delivery_id)
    message["X-CoachHub-Practice"] = str(mail.practice_id or "")
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
