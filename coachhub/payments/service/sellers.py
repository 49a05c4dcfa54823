"""Who issues the practice's receipts, and the tax in its prices."""

from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.models import Practice
from coachhub.accounts.service import audit
from coachhub.payments.models import Seller
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class SellerEntry:
    """What stands on receipts. `tax_basis_points` is part of each price: 2000 is 20 %, 0 is none."""

    name: str
    address: str
    tax_number: str
    tax_name: str
    tax_basis_points: int
    footer: str


def seller() -> SellerEntry:
    """Who issues receipts; a practice that never said issues them in its own name, without tax."""
    columns = [getattr(Seller, field.name) for field in fields(SellerEntry)]
    row = db.session.execute(select(*columns).where(Seller.practice_id == current_practice())).one_or_none()
    if row is not None:
        return SellerEntry(*row)
    name = db.session.execute(select(Practice.name).where(Practice.id == current_practice())).scalar_one()
    return SellerEntry(name, "", "", "", 0, "")


def keep_seller(entry: SellerEntry) -> None:
    """Issue receipts like this from now on; those that are issued stay as they are."""
    values = {field.name: getattr(entry, field.name) for field in fields(entry)} | {"changed_at": clock.now()}
    written = insert(Seller).values(practice_id=current_practice(), **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["practice_id"], set_=values))
    audit.note("seller_changed", current_practice())
