"""The ledger of credits: entries that are added, never changed. Whoever adds one holds its holding."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update

from coachhub.payments.models import CreditEntry, CreditKind, Holding
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class HeldHolding:
    """A holding, held until the transaction ends, and what is left of it."""

    id: UUID
    client_id: UUID
    offering_id: UUID
    package_id: UUID | None
    title: str
    expires_at: datetime | None
    left: int


def hold_holdings(*which: ColumnElement[bool]) -> list[HeldHolding]:
    """The holdings of which this is true, the soonest to expire first. Whoever else wants one of them waits.

    They are held in the order of their ids, so that no two ever wait for each other.
    """
    mine = (Holding.practice_id == current_practice(), *which)
    ids = db.session.scalars(select(Holding.id).where(*mine).order_by(Holding.id).with_for_update()).all()
    return _read(ids) if ids else []


def add_entry(
    holding_id: UUID,
    kind: CreditKind,
    count: int,
    at: datetime,
    *,
    booking_id: UUID | None = None,
    number: int = 0,
    note: str = "",
    entry_id: UUID | None = None,
) -> None:
    """Credits came (`count` above 0) or went."""
    entry = insert(CreditEntry).values(
        practice_id=current_practice(),
        id=entry_id or func.uuidv7(),
        holding_id=holding_id,
        kind=kind.value,
        count=count,
        booking_id=booking_id,
        number=number,
        note=note,
        created_at=at,
    )
    db.session.execute(entry)


def change_holding(holding_id: UUID, **values: object) -> None:
    """Write down how long a holding that is held is good for."""
    mine = (Holding.practice_id == current_practice(), Holding.id == holding_id)
    db.session.execute(update(Holding).where(*mine).values(**values))


def _read(ids: Sequence[UUID]) -> list[HeldHolding]:
    """Read once they are held: what others have added meanwhile is seen."""
    own = [getattr(Holding, field.name) for field in fields(HeldHolding) if field.name != "left"]
    entries = (CreditEntry.practice_id == Holding.practice_id, CreditEntry.holding_id == Holding.id)
    summed = select(func.coalesce(func.sum(CreditEntry.count), 0)).where(*entries).correlate(Holding).scalar_subquery()
    query = select(*own, summed.label("left")).where(Holding.practice_id == current_practice(), Holding.id.in_(ids))
    soonest = query.order_by(Holding.expires_at.asc().nulls_last(), Holding.created_at, Holding.id)
    return [HeldHolding(**row._mapping) for row in db.session.execute(soonest)]
