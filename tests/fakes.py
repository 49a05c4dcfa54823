"""Fakes at the ports: a mailbox and a bell that only remember."""

from dataclasses import dataclass, field
from uuid import UUID

from coachhub.platform.jobs import Ring
from coachhub.platform.mailer import Mail, Mailing


@dataclass
class OutboxMailer:
    """Keeps each mail that was sent; says truly what it has."""

    mails: list[Mail] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    most_copies = 250

    def send(self, mailing: Mailing) -> str | None:
        self.mails += mailing.mails()
        return f"kept-{mailing.copies[0].delivery_id}"

    def allow_again(self, address: str) -> None:
        self.allowed.append(address)

    def was_taken(self, delivery_id: UUID) -> bool | None:
        return any(mail.delivery_id == delivery_id for mail in self.mails)

    def to(self, address: str) -> list[Mail]:
        """The mails of one address, oldest first."""
        return [mail for mail in self.mails if mail.to_address == address]


@dataclass
class KeptQueue:
    """Remembers what was rung."""

    rings: list[Ring] = field(default_factory=list)

    def put(self, ring: Ring) -> None:
        self.rings.append(ring)
