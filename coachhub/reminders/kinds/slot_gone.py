"""Paid, but the time was gone: the money goes back by itself, and both are told: who paid, and the coach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, literal, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.booking.models import Booking
from coachhub.payments.models import Purchase, Refund, RefundReason
from coachhub.platform.language import money_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.buyers import BUYERS, join_buyers, letter_to_buyer, page_to_book, seller
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    NOW,
    SINCE,
    About,
    Claim,
    Kind,
    Letter,
    Reading,
    Recipient,
    add_messages,
    adding,
    read_claimed,
)
from coachhub.reminders.kinds.refund_told import LOST_AFTER
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import Message
from coachhub.reminders.rules import COACH_NIGHT, cannot_wait

_BUYER, _COACH = "buyer", "coach"
"""Which of the two a message is for; it stands where other kinds have their day."""


@dataclass(frozen=True)
class SlotGoneFacts:
    """What was paid for, when it would have begun, and how much goes back. `who` paid it: said to the coach alone."""

    title: str
    starts_at: datetime
    minor: int
    currency: str
    who: str = ""
    address: str = ""

    @property
    def amount(self) -> str:
        """What goes back: all of it."""
        return money_words(self.minor, self.currency)


def _plan(now: datetime) -> int:
    return sum(add_messages(statement, now, since=now - LOST_AFTER) for statement in _adding())


@cache
def _adding() -> tuple[Insert, ...]:
    rows = (
        select()
        .select_from(Refund)
        .join(Purchase, and_(Purchase.practice_id == Refund.practice_id, Purchase.id == Refund.purchase_id))
        .join(Booking, and_(Booking.practice_id == Purchase.practice_id, Booking.id == Purchase.booking_id))
        .where(
            Refund.practice_id == HERE,
            Refund.asked_at <= NOW,
            Refund.asked_at > SINCE,
            Refund.reason == RefundReason.SLOT_GONE.value,
        )
    )
    to_buyer = About(Refund.id, Refund.asked_at, client=Purchase.client_id, day=literal(_BUYER))
    to_coach = About(Refund.id, Refund.asked_at, user=Booking.coach_id, day=literal(_COACH))
    return tuple(adding(SLOT_GONE, rows, about) for about in (to_buyer, to_coach))


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("whom"),
            Refund.amount.label("back"),
            seller.locale.label("coach_locale"),
            seller.time_zone.label("coach_zone"),
            *BUYERS,
        )
        .select_from(Message)
        .join(Refund, and_(Refund.practice_id == Message.practice_id, Refund.id == Message.subject_id))
        .join(Purchase, and_(Purchase.practice_id == Refund.practice_id, Purchase.id == Refund.purchase_id))
    )
    rows = read_claimed(join_buyers(query), claims)
    return {row.id: _letter(row, now) for row in rows}


def _letter(row: Any, now: datetime) -> Letter:
    """Whoever paid may set out for it, so it does not wait for the morning where it would be too late by then."""
    facts = SlotGoneFacts(row.title, row.starts_at, row.back, row.currency)
    letter = letter_to_buyer(row, page_to_book(row), facts)
    if row.whom == _COACH:
        letter = _to_coach(row, letter, replace(facts, who=row.name, address=row.email))
    return letter._replace(is_pressing=cannot_wait(row.starts_at, now))


def _to_coach(row: Any, letter: Letter, facts: SlotGoneFacts) -> Letter:
    to = Recipient(row.coach_email, row.coach_name, row.coach_locale, zone_named(row.coach_zone), COACH_NIGHT)
    leads_to = address_of("/payments")
    return letter._replace(to=to, coach_name=None, reply_to=row.email, leads_to=leads_to, facts=facts)


SLOT_GONE = Kind("slot_gone", is_reminder=False, plan=_plan, read=_read, is_quiet=True)
