"""SendGrid, by its official library. Which of its answers means what is decided here and nowhere else."""

import re
from base64 import b64encode
from email.utils import parseaddr
from functools import cache, cached_property
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import quote
from uuid import UUID

import structlog
from pydantic_core import to_json
from python_http_client.exceptions import HTTPError

from coachhub.platform.addresses import in_ascii, without_addresses
from coachhub.platform.config import Settings
from coachhub.platform.mailer import Attachment, Copy, MailDelayed, Mailing, MailRefused, MailUnknown, tag

if TYPE_CHECKING:
    from sendgrid import SendGridAPIClient

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10
_HOST = "https://api.sendgrid.com"
_TAKEN, _WELL_FORMED = 202, 200
_OUR_OWN_FAULT = (401, 403, 404, 405)
_TOO_SLOW, _TOO_MANY, _GATEWAY_TIMED_OUT = 408, 429, 504
_NOT_LISTED = 404
_LISTS = ("bounces", "blocks", "spam_reports", "invalid_emails")
# With any other type than its own the client sends a body as it is, instead of writing it as JSON more slowly.
_JSON = "application/json; charset=utf-8"
# Rewritten links would show somebody else's address, and a second way to unsubscribe would be none of ours.
_NOTHING_TRACKED = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}
_NOT_IN_NAMES = re.compile(r"[;,\s]+")
_tag = cache(tag)


def load_library() -> None:
    """Import what sending needs: in a worker before its first fork, rather than in each."""
    import sendgrid  # noqa: F401


class SendGridMailer:
    """Carries mail by `POST /v3/mail/send`. SendGrid knows no idempotency key, so nothing is tried twice here."""

    most_copies = 1_000

    def __init__(self, settings: Settings) -> None:
        key = settings.sendgrid_api_key
        if key is None:
            raise RuntimeError("SENDGRID_API_KEY is not set")
        self._key = key
        self._host = (settings.sendgrid_host or _HOST).rstrip("/")
        self._from_address = parseaddr(settings.mail_from)[1]
        self._is_sandbox = settings.sendgrid_sandbox

    @cached_property
    def _sender(self) -> "SendGridAPIClient":
        from sendgrid import SendGridAPIClient  # 9 MB with what it brings along, and the web sends nothing

        made = SendGridAPIClient(self._key.get_secret_value(), host=self._host)
        made.client.timeout = TIMEOUT_SECONDS
        made.client.request_headers["Content-Type"] = _JSON
        return made

    def send(self, mailing: Mailing) -> str | None:
        """Hand over a mailing; returns SendGrid's message id. Raises MailRefused, MailDelayed or MailUnknown."""
        body = _Body(to_json(_request(mailing, self._from_address, is_sandbox=self._is_sandbox)))
        try:
            answer = self._sender.client.mail.send.post(request_body=body)
        except HTTPError as error:
            raise _meaning(error) from error
        except URLError as error:
            # The library raises this only before the whole request has left: SendGrid cannot have taken it.
            raise MailDelayed(f"SendGrid was not reached: {error.reason}") from error
        except (OSError, HTTPException) as error:
            raise MailUnknown(f"SendGrid did not answer: {type(error).__name__}") from error
        if answer.status_code != (_WELL_FORMED if self._is_sandbox else _TAKEN):
            raise MailUnknown(f"SendGrid answered {answer.status_code}, which it never does")
        given: str | None = answer.headers.get("X-Message-Id")
        return given

    def allow_again(self, address: str) -> None:
        """Take an address off SendGrid's own lists. Raises MailDelayed where it cannot be asked now."""
        for listed in _LISTS:
            try:
                self._sender.client.suppression._(listed)._(quote(in_ascii(address), safe="@")).delete()
            except HTTPError as error:
                if error.status_code != _NOT_LISTED:
                    raise MailDelayed(f"SendGrid answered {error.status_code}") from error
            except (OSError, HTTPException) as error:
                raise MailDelayed(f"SendGrid did not answer: {type(error).__name__}") from error

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Only its event webhooks could tell: nobody knows here."""
        return None


class _Body(bytes):
    """A request that is written already. The client would print it for a debug log that nobody may read."""

    def encode(self, _encoding: str) -> bytes:
        """As the client asks a text to be."""
        return self

    def __format__(self, _how: str) -> str:
        return f"{len(self)} bytes"


def _meaning(error: HTTPError) -> Exception:
    """What an answer says about the mail. A gateway that gave up waiting does not know what became of it."""
    status = error.status_code
    said = f"SendGrid answered {status}: {_words(error.body)}"
    if status in _OUR_OWN_FAULT:
        # The key, the sender or the host is not right. The operator mends that; no mail is to be lost over it.
        log.error("sendgrid_does_not_know_us", status=status)
        return MailDelayed(said)
    if status == _GATEWAY_TIMED_OUT:
        return MailUnknown(said)
    if status in (_TOO_SLOW, _TOO_MANY) or status >= 500:
        return MailDelayed(said)
    return MailRefused(said)


def _words(body: bytes | str) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    return without_addresses(" ".join(text.split()))[:300]


def _request(mail: Mailing, from_address: str, *, is_sandbox: bool) -> dict[str, Any]:
    """The request, as plain dictionaries: the library's own objects cost more than the call.

    Nothing says `send_at`: what waits with SendGrid cannot be called back when its reason is gone.
    """
    found: dict[str, Any] = {
        "personalizations": _envelopes(mail),
        "from": {"email": from_address, "name": mail.from_name},
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "categories": [mail.kind],
        "tracking_settings": _NOTHING_TRACKED,
    }
    if mail.reply_to:
        found["reply_to"] = {"email": in_ascii(mail.reply_to)}
    if mail.attachments:
        found["attachments"] = [_file(attachment) for attachment in mail.attachments]
    if is_sandbox:
        found["mail_settings"] = {"sandbox_mode": {"enable": True}}
    return found


def _envelopes(mail: Mailing) -> list[dict[str, Any]]:
    """One a person: who is in another sees nothing of it."""
    practice_id = str(mail.practice_id or "")
    return [_envelope(copy, practice_id, mail.kind) for copy in mail.copies]


def _envelope(copy: Copy, practice_id: str, kind: str) -> dict[str, Any]:
    to = {"email": in_ascii(copy.to_address)}
    if name := _NOT_IN_NAMES.sub(" ", copy.to_name).strip():
        to["name"] = name
    ours = {"delivery_id": str(copy.delivery_id), "practice_id": practice_id, "kind": kind}
    found: dict[str, Any] = {"to": [to], "custom_args": ours}
    if copy.fields:
        found["substitutions"] = {_tag(name): text for name, text in copy.fields.items()}
    if copy.unsubscribe:
        found["headers"] = {
            "List-Unsubscribe": f"<{copy.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return found


def _file(attachment: Attachment) -> dict[str, str]:
    """SendGrid refuses a whole mail over a parameter in a type; a calendar file names its method inside, too."""
    return {
        "content": b64encode(attachment.content).decode(),
        "type": attachment.media_type,
        "filename": attachment.name,
        "disposition": "attachment",
    }


def is_from_sendgrid(key: str, signature: str, timestamp: str, body: str) -> bool:
    """Whether the owner of a public key (base64, as SendGrid shows it) has signed this at that timestamp."""
    from sendgrid.helpers.eventwebhook import EventWebhook

    try:
        return bool(EventWebhook(key).verify_signature(body, signature, timestamp))
    except (ValueError, TypeError, AttributeError):  # no key, or no signature at all
        return False
