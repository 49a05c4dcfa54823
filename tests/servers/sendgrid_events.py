"""What SendGrid makes of a body that it took: a mail for each reader, and the events that it posts about each."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
_MORE: dict[str, dict[str, Any]] = {
    "deferred": {"response": "421 4.7.0 try again later", "attempt": "1"},
    "delivered": {"response": "250 OK"},
    "bounce": {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"},
    "dropped": {"reason": "Bounced Address", "status": "5.0.0"},
    "open": {"useragent": "Mozilla/5.0", "ip": "192.0.2.7", "sg_machine_open": False},
    "click": {"useragent": "Mozilla/5.0", "ip": "192.0.2.7", "url": "http://localhost/"},
}


@dataclass(frozen=True)
class ReceivedMail:
    """A mail as its reader gets it, every tag replaced."""

    to: str
    to_name: str
    sender: dict[str, str]
    reply_to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    categories: tuple[str, ...]
    custom_args: dict[str, str]
    message_id: str
    smtp_id: str


def mails_of(body: dict[str, Any], message_id: str) -> list[ReceivedMail]:
    """One mail for each recipient of each personalization."""
    return [
        _mail(body, envelope, person, f"{message_id}.filter0001.{number}", message_id)
        for number, envelope in enumerate(body["personalizations"])
        for person in envelope["to"] + envelope.get("cc", []) + envelope.get("bcc", [])
    ]


def _mail(
    body: dict[str, Any], envelope: dict[str, Any], person: dict[str, str], message_id: str, smtp_id: str
) -> ReceivedMail:
    fields = envelope.get("substitutions", {})
    contents = {content["type"]: content["value"] for content in body.get("content", [])}
    return ReceivedMail(
        to=person["email"],
        to_name=person.get("name", ""),
        sender=envelope.get("from") or body["from"],
        reply_to=_filled(body.get("reply_to", {}).get("email", ""), fields),
        subject=_filled(envelope.get("subject") or body["subject"], fields),
        text=_filled(contents.get("text/plain", ""), fields),
        html=_filled(contents.get("text/html", ""), fields),
        headers=body.get("headers", {}) | envelope.get("headers", {}),
        categories=tuple(body.get("categories", [])),
        custom_args=body.get("custom_args", {}) | envelope.get("custom_args", {}),
        message_id=message_id,
        smtp_id=f"<{smtp_id}@geopod-ismtpd-1>",
    )


def _filled(text: str, fields: dict[str, str]) -> str:
    """What stands for a tag is not searched for tags again."""
    if not fields:
        return text
    tags = "|".join(re.escape(tag) for tag in sorted(fields, key=len, reverse=True))
    return re.sub(tags, lambda found: fields[found[0]], text)


def an_event(mail: ReceivedMail, event: str, at: float, **more: Any) -> dict[str, Any]:
    """An event about a mail, as SendGrid writes it: our own arguments stand among its keys."""
    found: dict[str, Any] = {
        "email": mail.to,
        "timestamp": int(at),
        "smtp-id": mail.smtp_id,
        "event": event,
        "category": list(mail.categories),
        "sg_event_id": base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("="),
        "sg_message_id": mail.message_id,
    }
    return found | _MORE.get(event, {}) | mail.custom_args | more


@dataclass(frozen=True)
class SigningKey:
    """The key pair of one Event Webhook."""

    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> str:
        """What SendGrid shows its customer: the public key in base64, without the lines around it."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def signed(self, events: Iterable[dict[str, Any]], at: float) -> tuple[bytes, dict[str, str]]:
        """The body that is posted, and its headers."""
        body = (json.dumps(list(events), separators=(",", ":")) + "\r\n").encode()
        timestamp = str(int(at))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return body, {
            "Content-Type": "application/json",
            SIGNATURE: base64.b64encode(signature).decode(),
            TIMESTAMP: timestamp,
        }
