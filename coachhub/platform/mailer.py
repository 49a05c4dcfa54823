"""The mailer port: what we need of whoever carries mail."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID


class MailRefused(Exception):
    """The provider said no for good; the text is its reason. Writing again would not help."""


class MailDelayed(Exception):
    """The provider has certainly not taken the mail and may take it later (429, 5xx, refused connection)."""


class MailUnknown(Exception):
    """Nobody can say whether the provider took the mail (no answer). It must not be written again blindly."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail: its name, its content type with parameters, its bytes."""

    name: str
    content_type: str
    content: bytes

    @property
    def media_type(self) -> str:
        """The content type alone, such as `text/calendar`."""
        return self.content_type.partition(";")[0].strip()


@dataclass(frozen=True)
class Mail:
    """One rendered mail to one person. `delivery_id` is ours and stays the same however often we try."""

    delivery_id: UUID
    kind: str
    to_address: str
    to_name: str
    from_name: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    practice_id: UUID | None = field(default=None)
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """Carries mail. Three questions, nothing of any vendor."""

    def send(self, mail: Mail) -> str | None:
        """Hand over one mail; returns the provider's id. Raises MailRefused, MailDelayed or MailUnknown."""

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Whether the provider has this mail already; None where it cannot tell."""
