"""Money is on its way back: told to whoever paid, once Stripe has it. Of a time that was gone another mail tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.payments.models import Purchase, Refund, RefundReason, RefundStatus
from coachhub.platform.language import money_words
from coachhub.reminders.kinds.buyers import BUYERS, join_buyers, letter_to_buyer, page_of_purchase
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
    read_claimed,
)
from coachhub.reminders.models import Message

LOST_AFTER = timedelta(days=30)
"""How long a refund is looked for that nobody was told of: longer than any outage."""
_ON_ITS_WAY = (RefundStatus.PENDING.value, RefundStatus.SUCCEEDED.value)


@dataclass(frozen=True)
class RefundFacts:
    """How much of what comes back, and why. `is_all`: nothing of it was kept."""

    title: str
    minor: int
    currency: str
    paid: int
    reason: str
    note: str

    @property
    def amount(self) -> str:
        """What comes back."""
        return money_words(self.minor, self.currency)

    @property
    def was_paid(self) -> str:
        """What was paid; empty where all of it comes back."""
        return "" if self.minor == self.paid else money_words(self.paid, self.currency)


def _plan(now: datetime) -> int:
    return add_messages(_adding(), now, since=now - LOST_AFTER)


@cache
def _adding() -> Insert:
    rows = (
        select()
        .select_from(Refund)
        .join(Purchase, and_(Purchase.practice_id == Refund.practice_id, Purchase.id == Refund.purchase_id))
        .where(
            Refund.practice_id == HERE,
            Refund.asked_at <= NOW,
            Refund.asked_at > SINCE,
            Refund.status.in_(_ON_ITS_WAY),
            Refund.reason != RefundReason.SLOT_GONE.value,
        )
    )
    return adding(REFUND_TOLD, rows, About(Refund.id, Refund.asked_at, client=Purchase.client_id))


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(Message.id, Refund.amount.label("back"), Refund.reason, Refund.note, Refund.status, *BUYERS)
        .select_from(Message)
        .join(Refund, and_(Refund.practice_id == Message.practice_id, Refund.id == Message.subject_id))
        .join(Purchase, and_(Purchase.practice_id == Refund.practice_id, Purchase.id == Refund.purchase_id))
    )
    rows = read_claimed(join_buyers(query), claims)
    return {row.id: _reading(row) for row in rows}


def _reading(row: Any) -> Reading:
    if row.status not in _ON_ITS_WAY:
        return Pointless("not given back")
    facts = RefundFacts(row.title, row.back, row.currency, row.amount, row.reason, row.note)
    return letter_to_buyer(row, page_of_purchase(row), facts)


REFUND_TOLD = Kind("refund_told", is_reminder=False, plan=_plan, read=_read, is_quiet=True)
