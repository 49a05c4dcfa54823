"""Addresses that are not written to again, since their mail bounced or their owner complained."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, any_, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.accounts.service import audit
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.models import Suppression

COMPLAINED = "complained"
_COLUMNS = (Suppression.address, Suppression.cause, Suppression.reason, Suppression.since)


@dataclass(frozen=True)
class SuppressedAddress:
    """Why an address is not written to (`bounced` or `complained`), in the provider's words too, and since when."""

    cause: str
    reason: str
    since: datetime


def suppressed_among(addresses: Collection[str]) -> dict[str, str]:
    """Those of the addresses that are not written to, as they were asked for, each with its reason."""
    return {address: f"address {found.cause}" for address, found in suppressions_of(addresses).items()}


def suppressions_of(addresses: Collection[str]) -> dict[str, SuppressedAddress]:
    """Those of the addresses that are not written to, as they were asked for."""
    among = Suppression.address == any_(cast([address.lower() for address in addresses], ARRAY(Text)))
    found = dict(map(_suppressed, db.session.execute(select(*_COLUMNS).where(*_here(), among))))
    return {address: found[address.lower()] for address in addresses if address.lower() in found}


def all_suppressions(most: int, offset: int = 0) -> list[tuple[str, SuppressedAddress]]:
    """The addresses of the practice that are not written to, the newest first."""
    query = select(*_COLUMNS).where(*_here()).order_by(Suppression.since.desc(), Suppression.address)
    return [_suppressed(row) for row in db.session.execute(query.limit(most).offset(offset))]


def count_suppressions() -> int:
    """How many addresses of the practice are not written to."""
    return db.session.scalar(select(func.count()).select_from(Suppression).where(*_here())) or 0


def lift_suppression(address: str, by: UUID, confirmed: bool) -> None:
    """Write to an address again. After a complaint only where its owner has asked for it, as `confirmed` says.

    Raises NotFound where the address is written to anyway, Refused without the confirmation.
    """
    found = suppressions_of([address]).get(address)
    if found is None:
        raise NotFound
    if found.cause == COMPLAINED and not confirmed:
        raise Refused(422, _("They said that they do not want this mail. Write again only if they have asked for it."))
    lifted = {"lifted_at": clock.now(), "lifted_by": by}
    db.session.execute(update(Suppression).where(*_here(), Suppression.address == address.lower()).values(**lifted))
    audit.note("suppression_lifted")


def _suppressed(row: Any) -> tuple[str, SuppressedAddress]:
    return row.address, SuppressedAddress(row.cause, row.reason, row.since)


def _here() -> tuple[ColumnElement[bool], ...]:
    return (Suppression.practice_id == current_practice(), Suppression.lifted_at.is_(None))
