"""SendGrid's Event Webhook: who may tell us something, and what its events mean in our words."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from coachhub.platform.addresses import as_we_write_it, without_addresses
from coachhub.platform.mail_news import Fate, News

SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"
MOST_BYTES = 4 * 1024 * 1024
_AHEAD = timedelta(minutes=5)
# SendGrid tries again for a day what we could not take. Told again it changes nothing, for events are kept for longer.
_BEHIND = timedelta(hours=25)
_LONGEST_ID, _LONGEST_REASON, _LONGEST_ADDRESS = 200, 500, 254
_LAST_SECOND = 2**32
_SECONDS = re.compile(r"[0-9]{1,10}")
_FATES = {
    "processed": Fate.TAKEN,
    "open": Fate.TAKEN,
    "click": Fate.TAKEN,
    "deferred": Fate.DELAYED,
    "delivered": Fate.DELIVERED,
    "bounce": Fate.BOUNCED,
    "blocked": Fate.BLOCKED,
    "dropped": Fate.DROPPED,
    "spamreport": Fate.COMPLAINED,
    "unsubscribe": Fate.UNSUBSCRIBED,
    "group_unsubscribe": Fate.UNSUBSCRIBED,
}
_SAYS_WHY = frozenset(Fate) - {Fate.TAKEN, Fate.DELIVERED, Fate.UNSUBSCRIBED}
_DROPPED_SINCE = {"bounced address": Fate.DROPPED_BOUNCED, "spam reporting address": Fate.DROPPED_COMPLAINED}


class NotSigned(Exception):
    """Nobody who has one of the keys has written this, or not lately."""


class NotUnderstood(Exception):
    """It is no list of events."""


def sendgrid_news(body: bytes, signature: str, timestamp: str, keys: Sequence[str], now: datetime) -> list[News]:
    """What a call of the webhook tells of our mails. Raises NotSigned or NotUnderstood.

    Events about mails that are not ours, or that say nothing of where a mail is, are left out.
    """
    if len(body) > MOST_BYTES:
        raise NotUnderstood
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotUnderstood from None
    if not _is_fresh(timestamp, now) or not _is_signed(text, signature, timestamp, keys):
        raise NotSigned
    try:
        events = json.loads(text)
    except (ValueError, RecursionError):
        raise NotUnderstood from None
    if not isinstance(events, list):
        raise NotUnderstood
    return list(_news(events, now))


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not _SECONDS.fullmatch(timestamp) or int(timestamp) > _LAST_SECOND:
        return False
    return now - _BEHIND <= datetime.fromtimestamp(int(timestamp), UTC) <= now + _AHEAD


def _is_signed(text: str, signature: str, timestamp: str, keys: Sequence[str]) -> bool:
    from coachhub.platform.sendgrid_mailer import is_from_sendgrid  # heavy: loaded only where it is used

    return any(is_from_sendgrid(key, signature, timestamp, text) for key in keys)


def _news(events: list[Any], now: datetime) -> Iterator[News]:
    for event in events:
        if isinstance(event, dict) and (found := _one(event, now)) is not None:
            yield found


def _one(event: dict[str, Any], now: datetime) -> News | None:
    fate, practice_id, delivery_id = _fate(event), _id(event, "practice_id"), _id(event, "delivery_id")
    known_as = _text(event, "sg_event_id", _LONGEST_ID)
    if fate is None or practice_id is None or delivery_id is None or not known_as:
        return None
    return News(
        id=known_as,
        practice_id=practice_id,
        delivery_id=delivery_id,
        fate=fate,
        happened_at=_instant(event, now),
        reason=_reason(event, fate) if fate in _SAYS_WHY else "",
        address=as_we_write_it(_text(event, "email", _LONGEST_ADDRESS)) if fate.is_about_address else "",
    )


def _reason(event: dict[str, Any], fate: Fate) -> str:
    """Why, in the words of the other side, which like to repeat the address."""
    said = _text(event, "reason", _LONGEST_REASON) or _text(event, "response", _LONGEST_REASON)
    return without_addresses(said) or fate.value


def _fate(event: dict[str, Any]) -> Fate | None:
    named = event.get("event")
    if named == "bounce" and event.get("type") == "blocked":
        return Fate.BLOCKED
    if named == "dropped":
        return _DROPPED_SINCE.get(_text(event, "reason", _LONGEST_REASON).lower(), Fate.DROPPED)
    return _FATES.get(named) if isinstance(named, str) else None


def _id(event: dict[str, Any], name: str) -> UUID | None:
    try:
        return UUID(_text(event, name, 36))
    except ValueError:
        return None


def _text(event: dict[str, Any], name: str, longest: int) -> str:
    """What stands there, without what PostgreSQL cannot keep: NUL, and halves of letters."""
    found = event.get(name)
    if not isinstance(found, str):
        return ""
    return " ".join(found[:longest].replace("\0", "").encode(errors="ignore").decode().split())


def _instant(event: dict[str, Any], now: datetime) -> datetime:
    told = event.get("timestamp")
    if isinstance(told, bool) or not isinstance(told, int) or not 0 < told < _LAST_SECOND:
        return now
    return datetime.fromtimestamp(told, UTC)
