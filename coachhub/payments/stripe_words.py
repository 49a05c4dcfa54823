"""Stripe's words and ours, as far as no library is needed: what an event is about, ids, instants, languages.

Of an event is taken which object of whose account it is about, and nothing of how that stands.
"""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from coachhub.payments.gateway import PriceState, SubscriptionState, Told
from coachhub.payments.rules.currencies import from_stripe

_OF_PAYMENT = ("charge.", "refund.", "payment_intent.")
_LONGEST_ID, _LONGEST_KIND = 255, 100
_LOCALES = frozenset(
    re.findall(
        r"\S+",
        "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk "
        "sl sv th tr vi zh zh-HK zh-TW",
    )
)


def as_told(event: dict[str, Any]) -> Told:
    """An event of v1, or a thin one of v2. Raises KeyError, TypeError, ValueError where it is neither."""
    return _thin(event) if event["object"] == "v2.core.event" else _snapshot(event)


def id_of(found: Any) -> str | None:
    """The id of what Stripe's library gives as an id or, where it was expanded, as an object."""
    return found if isinstance(found, str) or found is None else str(found.id)


def uuid_in(metadata: Any, name: str) -> UUID | None:
    """An id of ours in metadata, which others may write, too."""
    try:
        return UUID(metadata[name])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def instant(seconds: int) -> datetime:
    """An instant as Stripe writes it: seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def locale_of(wanted: str) -> Any:
    """The language of Stripe's page for a locale such as `en_GB`: as it is, else without its country, else `auto`."""
    tag = wanted.replace("_", "-")
    return next((each for each in (tag, tag.partition("-")[0]) if each in _LOCALES), "auto")


def as_subscription(found: Any) -> SubscriptionState:
    """A subscription as the library gives it. Its periods are those of its items."""
    until = max((item.current_period_end for item in found["items"].data), default=None)
    ends = found.ended_at or found.cancel_at or (until if found.cancel_at_period_end else None)
    return SubscriptionState(
        id=found.id,
        status=found.status,
        customer_id=id_of(found.customer) or "",
        practice_id=uuid_in(found.metadata, "practice_id"),
        trial_ends_at=instant(found.trial_end) if found.trial_end else None,
        period_ends_at=instant(until) if until else None,
        ends_at=instant(ends) if ends else None,
    )


def as_price(found: Any) -> PriceState:
    """A price as the library gives it; one that is paid once has no interval."""
    again = found.recurring
    return PriceState(
        amount=from_stripe(found.unit_amount or 0, found.currency),
        currency=found.currency.upper(),
        interval=again.interval if again else "",
        every=again.interval_count if again else 1,
    )


def _thin(event: dict[str, Any]) -> Told:
    about = event.get("related_object") or {}
    is_account = about.get("type") == "v2.core.account"
    account_id = about["id"] if is_account else event.get("context") or ""
    return Told(
        event_id=_id(event["id"]),
        kind=_text(event["type"], _LONGEST_KIND),
        account_id=_text(account_id, _LONGEST_ID),
        object_id=_text(about.get("id") or "", _LONGEST_ID),
        customer_id="",
        practice_id=None,
        happened_at=datetime.fromisoformat(event["created"]).astimezone(UTC),
    )


def _snapshot(event: dict[str, Any]) -> Told:
    if event["object"] != "event":
        raise ValueError(event["object"])
    about, kind = event["data"]["object"], _text(event["type"], _LONGEST_KIND)
    return Told(
        event_id=_id(event["id"]),
        kind=kind,
        account_id=_text(event.get("account") or "", _LONGEST_ID),
        object_id=_text(_what_it_is_about(kind, about), _LONGEST_ID),
        customer_id=_text(_customer(about), _LONGEST_ID),
        practice_id=uuid_in(about.get("metadata"), "practice_id"),
        happened_at=instant(event["created"]),
    )


def _what_it_is_about(kind: str, about: dict[str, Any]) -> Any:
    """The payment that a charge, a refund or a dispute belongs to; the plan that an invoice is for; else the object."""
    if kind.startswith(_OF_PAYMENT) and about.get("payment_intent"):
        return _of(about["payment_intent"])
    if kind.startswith("invoice."):
        parent = (about.get("parent") or {}).get("subscription_details") or {}
        return _of(parent.get("subscription") or about.get("subscription") or about.get("id") or "")
    if kind == "capability.updated":
        return _of(about.get("account") or "")
    return _of(about.get("id") or "")


def _customer(about: dict[str, Any]) -> Any:
    return _of(about["id"]) if about.get("object") == "customer" else _of(about.get("customer") or "")


def _of(found: Any) -> Any:
    """The id of what stands in an event as an id or as an object."""
    return found["id"] if isinstance(found, dict) else found


def _id(found: Any) -> str:
    if not found:
        raise ValueError("an event without an id")
    return _text(found, _LONGEST_ID)


def _text(found: Any, longest: int) -> str:
    """Text as PostgreSQL can keep it; an id that is longer than any of Stripe's is none."""
    if not isinstance(found, str) or len(found) > longest or not found.isprintable():
        raise ValueError("no such id or kind")
    return found
