"""A package that was bought becomes its buyer's: a holding, and the credits that came with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as once

from coachhub.accounts.models import Membership
from coachhub.booking.models import OfferingCoach, Package
from coachhub.clients.service.visiting import bring_back, client_for_visitor
from coachhub.payments.models import CreditKind, Holding
from coachhub.payments.rules.credits import lives_on
from coachhub.payments.service.credit_ledger import add_entry, hold_holdings
from coachhub.payments.service.purchases import PurchaseRow
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class Receiver:
    """Who gets it; `client_id` where they are a client already."""

    name: str
    email: str
    time_zone: str
    client_id: UUID | None


@dataclass(frozen=True)
class _Given:
    """What a package holds on the day it is given."""

    offering_id: UUID
    sessions: int
    valid_days: int | None
    rolls_over: bool


def grant_bought(purchase: PurchaseRow, paid_at: datetime) -> UUID:
    """Give the buyer what they paid for, once; returns whose it is. Their record is found by the address, or made.

    What is left of their last package of this kind moves into it, where the package says so and it came in time.
    """
    assert purchase.package_id is not None  # noqa: S101 (a purchase is of a booking or of a package)
    package = _package_of(purchase.package_id)
    who = Receiver(purchase.name, purchase.email, purchase.time_zone, purchase.client_id)
    client_id = _client_of(who, package.offering_id)
    values = _values(purchase.package_id, package, paid_at) | {"purchase_id": purchase.id, "title": purchase.title}
    held = once(Holding).values(client_id=client_id, **values)
    holding_id = db.session.scalar(held.on_conflict_do_nothing().returning(Holding.id))
    if holding_id is not None:
        add_entry(holding_id, CreditKind.BOUGHT, package.sessions, paid_at)
        _roll_over(holding_id, client_id, purchase.package_id, package, paid_at)
    return client_id


def grant_gift(package_id: UUID, title: str, who: Receiver, holding_id: UUID) -> tuple[UUID, UUID]:
    """Give somebody a package for which nothing is left to pay; returns the client and the holding."""
    package, now = _package_of(package_id), clock.now()
    client_id = _client_of(who, package.offering_id)
    values = _values(package_id, package, now) | {"id": holding_id, "title": title, "client_id": client_id}
    db.session.execute(insert(Holding).values(**values))
    add_entry(holding_id, CreditKind.BOUGHT, package.sessions, now)
    _roll_over(holding_id, client_id, package_id, package, now)
    return client_id, holding_id


def is_gift(holding_id: UUID) -> bool:
    """Whether this holding is there already."""
    mine = (Holding.practice_id == current_practice(), Holding.id == holding_id)
    return db.session.scalar(select(Holding.id).where(*mine)) is not None


def _values(package_id: UUID, package: _Given, at: datetime) -> dict[str, object]:
    return {
        "practice_id": current_practice(),
        "offering_id": package.offering_id,
        "package_id": package_id,
        "sessions": package.sessions,
        "created_at": at,
        "expires_at": at + timedelta(days=package.valid_days) if package.valid_days else None,
    }


def _roll_over(holding_id: UUID, client_id: UUID, package_id: UUID, package: _Given, at: datetime) -> None:
    same = (Holding.client_id == client_id, Holding.package_id == package_id, Holding.id != holding_id)
    for old in hold_holdings(*same):
        if old.left > 0 and lives_on(package.rolls_over, old.expires_at, at):
            add_entry(old.id, CreditKind.ROLLED_OUT, -old.left, at)
            add_entry(holding_id, CreditKind.ROLLED_IN, old.left, at)


def _package_of(package_id: UUID) -> _Given:
    here = (Package.practice_id == current_practice(), Package.id == package_id)
    columns = [getattr(Package, name) for name in _Given.__dataclass_fields__]
    return _Given(*db.session.execute(select(*columns).where(*here)).one())


def _client_of(who: Receiver, offering_id: UUID) -> UUID:
    if who.client_id is not None:
        bring_back(who.client_id)
        return who.client_id
    return client_for_visitor(who.name, who.email, who.time_zone, _coach_for(offering_id))


def _coach_for(offering_id: UUID) -> UUID:
    """Who gives it, whoever has worked here for longest; the owner where nobody does."""
    here = (Membership.practice_id == current_practice(), Membership.role != Role.CLIENT)
    gives = (OfferingCoach.practice_id == Membership.practice_id) & (OfferingCoach.coach_id == Membership.user_id)
    gives &= OfferingCoach.offering_id == offering_id
    people = select(Membership.user_id).outerjoin(OfferingCoach, gives).where(*here)
    first = people.order_by(OfferingCoach.coach_id.is_(None), Membership.role != Role.OWNER, Membership.created_at)
    return db.session.scalars(first.limit(1)).one()
