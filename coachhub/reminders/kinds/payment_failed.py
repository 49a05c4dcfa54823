"""The bank did not pay in the end: told to whoever bought, with the way to try again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import aliased

from coachhub.booking.models import BookingStatus
from coachhub.payments.models import Purchase, PurchaseStatus
from coachhub.platform.language import money_words
from coachhub.reminders.kinds.buyers import BUYERS, join_buyers, letter_to_buyer, page_of_purchase, page_to_book
from coachhub.reminders.kinds.kind import (
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Pointless,
    Reading,
    add_messages,
    adding,
    instant,
    read_claimed,
)
from coachhub.reminders.kinds.refund_told import LOST_AFTER
from coachhub.reminders.models import Message
from coachhub.reminders.rules import cannot_wait

_BOUGHT_SINCE = instant("bought_since")
_TAKEN = (BookingStatus.HELD, BookingStatus.CONFIRMED)


@dataclass(frozen=True)
class FailedFacts:
    """What was to be paid, and how much. `is_kept`: the time is still theirs; `starts_at` is None for a package."""

    title: str
    starts_at: datetime | None
    minor: int
    currency: str
    is_kept: bool

    @property
    def amount(self) -> str:
        """What was to be paid."""
        return money_words(self.minor, self.currency)


def _plan(now: datetime) -> int:
    return add_messages(_adding(), now, since=now - LOST_AFTER, bought_since=now - 2 * LOST_AFTER)


@cache
def _adding() -> Insert:
    rows = select(Purchase).where(
        Purchase.practice_id == HERE,
        Purchase.status == PurchaseStatus.FAILED.value,
        Purchase.created_at > _BOUGHT_SINCE,
        Purchase.closed_at <= NOW,
        Purchase.closed_at > SINCE,
    )
    return adding(PAYMENT_FAILED, rows, About(Purchase.id, Purchase.closed_at, client=Purchase.client_id))


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    other = aliased(Purchase, name="other")
    same = (other.practice_id == Purchase.practice_id, other.booking_id == Purchase.booking_id)
    is_paid = exists().where(*same, other.status == PurchaseStatus.PAID.value).correlate(Purchase)
    query = (
        select(Message.id, Purchase.status.label("status"), is_paid.label("is_paid"), *BUYERS)
        .select_from(Message)
        .join(Purchase, and_(Purchase.practice_id == Message.practice_id, Purchase.id == Message.subject_id))
    )
    rows = read_claimed(join_buyers(query), claims)
    return {row.id: _reading(row, now) for row in rows}


def _reading(row: Any, now: datetime) -> Reading:
    if row.is_paid or row.status != PurchaseStatus.FAILED:
        return Pointless("paid")
    if row.starts_at is not None and row.starts_at <= now:
        return Pointless("over")
    is_kept = row.booking_status in _TAKEN
    facts = FailedFacts(row.title, row.starts_at, row.amount, row.currency, is_kept)
    letter = letter_to_buyer(row, page_of_purchase(row) if is_kept else page_to_book(row), facts)
    return letter._replace(is_pressing=cannot_wait(row.starts_at, now))


PAYMENT_FAILED = Kind("payment_failed", is_reminder=False, plan=_plan, read=_read, is_quiet=True)
