"""The mailer port: what we need of whoever carries mail."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

_FIELD = re.compile(r"%\{([a-z_0-9]+)\}%")


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
    """One whole mail to one person. `unsubscribe` is the address of its one-click page (RFC 8058)."""

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
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A mailing's copy for one person, who sees no other. `delivery_id` is ours and stays the same at each try.

    `fields` are what stands for each `%{name}%` of the mailing's text, HTML and subject, already as it must be there.
    """

    delivery_id: UUID
    to_address: str
    to_name: str
    fields: Mapping[str, str] = field(default_factory=dict)
    unsubscribe: str | None = None


@dataclass(frozen=True)
class Mailing:
    """One call to the provider: the same letter to several people of one practice, each with their own fields."""

    practice_id: UUID | None
    kind: str
    from_name: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    copies: tuple[Copy, ...]
    attachments: tuple[Attachment, ...] = ()

    def mails(self) -> Iterator[Mail]:
        """Each copy as the whole mail that its reader gets."""
        for copy in self.copies:
            yield Mail(
                delivery_id=copy.delivery_id,
                kind=self.kind,
                to_address=copy.to_address,
                to_name=copy.to_name,
                from_name=self.from_name,
                reply_to=self.reply_to,
                subject=_filled(self.subject, copy.fields),
                text=_filled(self.text, copy.fields),
                html=_filled(self.html, copy.fields),
                practice_id=self.practice_id,
                attachments=self.attachments,
                unsubscribe=copy.unsubscribe,
            )

    def filled(self) -> "Mailing":
        """The same letter to its only reader, with the fields in their places."""
        (mail,) = self.mails()
        (copy,) = self.copies
        alone = Copy(copy.delivery_id, copy.to_address, copy.to_name, {}, copy.unsubscribe)
        return replace(self, subject=mail.subject, text=mail.text, html=mail.html, copies=(alone,))


def tag(name: str) -> str:
    """How a field is written in a mailing."""
    return f"%{{{name}}}%"


def _filled(letter: str, fields: Mapping[str, str]) -> str:
    """What a field holds is not searched for fields again."""
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), letter)


class Mailer(Protocol):
    """Carries mail. Nothing of any vendor."""

    most_copies: int
    """How many copies one call may have."""

    def send(self, mailing: Mailing) -> str | None:
        """Hand over a mailing, all of it or nothing; returns the provider's id.

        Raises MailRefused, MailDelayed or MailUnknown, each of which is about every copy.
        """

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Whether the provider has this copy already; None where it cannot tell."""

    def allow_again(self, address: str) -> None:
        """Have the provider write to an address again that it has put on a list of its own.

        Raises MailDelayed where it cannot be asked now.
        """
