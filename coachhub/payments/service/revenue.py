"""What came in and went back, coach by coach, as the ledger says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from coachhub.booking.models import Booking
from coachhub.clients.models import Client
from coachhub.payments.models import LedgerEntry, Purchase
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class Revenue:
    """Money of one currency in minor units: what came in less what went back. `coach_id` is None for nobody's."""

    coach_id: UUID | None
    currency: str
    amount: int


def revenue_by_coach(start: datetime, end: datetime) -> list[Revenue]:
    """What the ledger has from an instant until before another, by currency and coach.

    A booking's money is that of the coach who was booked; a package's, that of the coach whose client bought it. What
    a visitor paid for who never became a client is nobody's. One statement.
    """
    bought = and_(Purchase.practice_id == LedgerEntry.practice_id, Purchase.id == LedgerEntry.purchase_id)
    booked = and_(Booking.practice_id == Purchase.practice_id, Booking.id == Purchase.booking_id)
    theirs = and_(Client.practice_id == Purchase.practice_id, Client.id == Purchase.client_id)
    whose = func.coalesce(Booking.coach_id, Client.coach_id)
    chosen = (
        select(whose, LedgerEntry.currency, func.sum(LedgerEntry.amount))
        .join(Purchase, bought)
        .outerjoin(Booking, booked)
        .outerjoin(Client, theirs)
        .where(LedgerEntry.practice_id == current_practice())
        .where(LedgerEntry.happened_at >= start, LedgerEntry.happened_at < end)
        .group_by(whose, LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    return [Revenue(*row) for row in db.session.execute(chosen)]
