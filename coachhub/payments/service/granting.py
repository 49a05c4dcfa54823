"""A package that was bought becomes its buyer's: a holding, and the credits that came with it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as once

from coachhub.accounts.models import Membership
from coachhub.booking.models import OfferingCoach, Package
from coachhub.clients.service.visiting import bring_back, client_for_visitor
from coachhub.payments.models import CreditEntry, CreditKind, Holding
from coachhub.payments.service.purchases import PurchaseRow
from coachhub.platform.db import db
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import current_practice


def grant_bought(purchase: PurchaseRow, paid_at: datetime) -> UUID:
    """Give the buyer what they paid for, once; returns whose it is. Their record is found by the address, or made."""
    package = _package_of(purchase)
    client_id = _client_of(purchase, package.offering_id)
    held = once(Holding).values(
        practice_id=current_practice(),
        client_id=client_id,
        offering_id=package.offering_id,
        package_id=purchase.package_id,
        purchase_id=purchase.id,
        title=purchase.title,
        sessions=package.sessions,
        created_at=paid_at,
        expires_at=paid_at + timedelta(days=package.valid_days) if package.valid_days else None,
    )
    holding_id = db.session.scalar(held.on_conflict_do_nothing().returning(Holding.id))
    if holding_id is not None:
        _credit(holding_id, package.sessions, paid_at)
    return client_id


def _credit(holding_id: UUID, count: int, at: datetime) -> None:
    entry = insert(CreditEntry).values(
        practice_id=current_practice(),
        holding_id=holding_id,
        kind=CreditKind.BOUGHT.value,
        count=count,
        created_at=at,
    )
    db.session.execute(entry)


def _package_of(purchase: PurchaseRow) -> Row[UUID, int, int | None]:
    here = (Package.practice_id == current_practice(), Package.id == purchase.package_id)
    return db.session.execute(select(Package.offering_id, Package.sessions, Package.valid_days).where(*here)).one()


def _client_of(purchase: PurchaseRow, offering_id: UUID) -> UUID:
    if purchase.client_id is not None:
        bring_back(purchase.client_id)
        return purchase.client_id
    return client_for_visitor(purchase.name, purchase.email, purchase.time_zone, _coach_for(offering_id))


def _coach_for(offering_id: UUID) -> UUID:
    """Who gives it, whoever has worked here for longest; the owner where nobody does."""
    here = (Membership.practice_id == current_practice(), Membership.role != Role.CLIENT)
    gives = (OfferingCoach.practice_id == Membership.practice_id) & (OfferingCoach.coach_id == Membership.user_id)
    gives &= OfferingCoach.offering_id == offering_id
    people = select(Membership.user_id).outerjoin(OfferingCoach, gives).where(*here)
    first = people.order_by(OfferingCoach.coach_id.is_(None), Membership.role != Role.OWNER, Membership.created_at)
    return db.session.scalars(first.limit(1)).one()
