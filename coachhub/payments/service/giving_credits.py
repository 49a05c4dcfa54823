"""Sessions that a coach gives a client, or takes back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.service import audit
from coachhub.booking.service.offers import offering_of
from coachhub.clients.service.records import client_of
from coachhub.payments.models import CreditEntry, CreditKind, Holding
from coachhub.payments.service.credit_ledger import add_entry, hold_holdings
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice

MOST_SESSIONS = 100


@dataclass(frozen=True, slots=True)
class Gift:
    """What a coach gives: so many sessions of an offering, and why. `expires_at` is UTC; None: good for good."""

    offering_id: UUID
    sessions: int
    reason: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreditLine:
    """Credits that came or went, as a coach reads them. `note`: why a coach gave or took them."""

    kind: CreditKind
    count: int
    booking_id: UUID | None
    note: str
    created_at: datetime


def grant_credits(client_id: UUID, gift: Gift, by: UUID, once: UUID | None = None) -> UUID:
    """Give a client sessions; returns the holding. `by` is a person of the staff. Raises NotFound, Refused.

    `once` is the holding's id, where there may be a second click: given twice with it, it is one gift.
    """
    client, offering, now = client_of(client_id), offering_of(gift.offering_id), clock.now()
    if not 1 <= gift.sessions <= MOST_SESSIONS:
        raise Refused(422, _("Give between 1 and %(most)s sessions.", most=MOST_SESSIONS))
    if gift.expires_at is not None and gift.expires_at <= now:
        raise Refused(422, _("That day is over already."))
    holding_id = once or uuid4()
    held = insert(Holding).values(
        practice_id=current_practice(),
        id=holding_id,
        client_id=client.id,
        offering_id=offering.id,
        granted_by=by,
        title=offering.title,
        sessions=gift.sessions,
        created_at=now,
        expires_at=gift.expires_at,
    )
    if db.session.scalar(held.on_conflict_do_nothing().returning(Holding.id)) is not None:
        add_entry(holding_id, CreditKind.GRANTED, gift.sessions, now, note=gift.reason)
        audit.note("credits_granted", holding_id)
    return holding_id


def revoke_credits(holding_id: UUID, count: int, reason: str, once: UUID | None = None) -> None:
    """Take back sessions that are not used. Raises NotFound; Refused for more than are left.

    `once` is the entry's id, where there may be a second click: taken twice with it, they are taken once.
    """
    held = hold_holdings(Holding.id == holding_id)
    if not held:
        raise NotFound
    if once is not None and is_taken_back(holding_id, once):
        return
    if not 1 <= count <= held[0].left:
        raise Refused(422, _("There are not so many sessions left: %(left)s.", left=held[0].left))
    add_entry(holding_id, CreditKind.REVOKED, -count, clock.now(), note=reason, entry_id=once)
    audit.note("credits_revoked", holding_id)


def is_taken_back(holding_id: UUID, entry_id: UUID) -> bool:
    """Whether this entry of a holding is there already."""
    mine = (CreditEntry.practice_id == current_practice(), CreditEntry.holding_id == holding_id)
    return db.session.scalar(select(CreditEntry.id).where(*mine, CreditEntry.id == entry_id)) is not None


def take_back_unused(purchase_id: UUID) -> int:
    """A package is paid back: take back what is left of it; returns how many. Used ones stay used."""
    held = hold_holdings(Holding.purchase_id == purchase_id)
    taken = sum(each.left for each in held if each.left > 0)
    for each in held:
        if each.left > 0:
            add_entry(each.id, CreditKind.REVOKED, -each.left, clock.now())
            audit.note("credits_revoked", each.id)
    return taken


def lines_of(holding_id: UUID) -> tuple[CreditLine, ...]:
    """All that came and went of a holding, oldest first."""
    mine: tuple[ColumnElement[bool], ...] = (
        CreditEntry.practice_id == current_practice(),
        CreditEntry.holding_id == holding_id,
    )
    columns = [getattr(CreditEntry, name) for name in CreditLine.__dataclass_fields__]
    rows = db.session.execute(select(*columns).where(*mine).order_by(CreditEntry.created_at, CreditEntry.id))
    return tuple(CreditLine(CreditKind(row.kind), *row[1:]) for row in rows)
