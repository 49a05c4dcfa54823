"""SendGrid, by its official library. Which of its answers means what is decided here and nowhere else."""

from base64 import b64encode
from email.utils import parseaddr
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import quote
from uuid import UUID

import structlog
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from coachhub.platform.config import Settings
from coachhub.platform.mailer import Attachment, Copy, MailDelayed, Mailing, MailRefused, MailUnknown, tag

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10
_HOST = "https://api.sendgrid.com"
_OUR_OWN_FAULT = (401, 403)
_TOO_MANY = 429
_NOT_LISTED = 404


class SendGridMailer:
    """Carries mail by `POST /v3/mail/send`. SendGrid knows no idempotency key, so nothing is tried twice here."""

    most_copies = 1_000

    def __init__(self, settings: Settings) -> None:
        key = settings.sendgrid_api_key
        if key is None:
            raise RuntimeError("SENDGRID_API_KEY is not set")
        self._from_address = parseaddr(settings.mail_from)[1]
        self._sender = SendGridAPIClient(key.get_secret_value(), host=(settings.sendgrid_host or _HOST).rstrip("/"))
        self._sender.client.timeout = TIMEOUT_SECONDS

    def send(self, mailing: Mailing) -> str | None:
        """Hand over a mailing; returns SendGrid's message id. Raises MailRefused, MailDelayed or MailUnknown."""
        try:
            answer = self._sender.client.mail.send.post(request_body=_body(mailing, self._from_address))
        except HTTPError as error:
            raise _meaning(error) from error
        except URLError as error:
            # The library raises this only before the whole request has left: SendGrid cannot have taken it.
            raise MailDelayed(f"SendGrid was not reached: {error.reason}") from error
        except (OSError, HTTPException) as error:
            raise MailUnknown(f"SendGrid did not answer: {type(error).__name__}") from error
        given: str | None = answer.headers.get("X-Message-Id")
        return given

    def allow_again(self, address: str) -> None:
        """Take an address off SendGrid's own lists. Raises MailDelayed where it cannot be asked now."""
        for listed in ("bounces", "blocks", "spam_reports", "invalid_emails"):
            try:
                self._sender.client.suppression._(listed)._(quote(address)).delete()
            except HTTPError as error:
                if error.status_code != _NOT_LISTED:
                    raise MailDelayed(f"SendGrid answered {error.status_code}") from error
            except (OSError, HTTPException) as error:
                raise MailDelayed(f"SendGrid did not answer: {type(error).__name__}") from error

    def was_taken(self, delivery_id: UUID) -> bool | None:
        """Only its event webhooks could tell: nobody knows here."""
        return None


def _meaning(error: HTTPError) -> Exception:
    said = f"SendGrid answered {error.status_code}: {_words(error.body)}"
    if error.status_code in _OUR_OWN_FAULT:
        # The key or the sender is not accepted. The operator mends that; no mail is to be lost over it.
        log.error("sendgrid_does_not_know_us", status=error.status_code)
        return MailDelayed(said)
    if error.status_code == _TOO_MANY or error.status_code >= 500:
        return MailDelayed(said)
    return MailRefused(said)


def _words(body: bytes | str) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    return " ".join(text.split())[:300]


def _body(mail: Mailing, from_address: str) -> dict[str, object]:
    """The request, as plain dictionaries: the library's own objects cost more than the call."""
    body: dict[str, object] = {
        "personalizations": [_personalization(mail, copy) for copy in mail.copies],
        "from": {"email": from_address, "name": mail.from_name},
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "categories": [mail.kind],
        # Rewritten links would show somebody else's address, and would spend nothing but trust.
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        },
    }
    files = [_file(attachment) for attachment in mail.attachments]
    body |= {"attachments": files} if files else {}
    return body | ({"reply_to": {"email": mail.reply_to}} if mail.reply_to else {})


def _personalization(mail: Mailing, copy: Copy) -> dict[str, object]:
    """One person's envelope: who is in another sees nothing of it."""
    ours = {"delivery_id": str(copy.delivery_id), "practice_id": str(mail.practice_id or ""), "kind": mail.kind}
    to = {"email": copy.to_address} | ({"name": copy.to_name} if copy.to_name else {})
    found: dict[str, object] = {"to": [to], "custom_args": ours}
    if copy.fields:
        found["substitutions"] = {tag(name): text for name, text in copy.fields.items()}
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
