"""Whose network it is: the client as a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select

from coachhub.accounts.models import Practice
from coachhub.clients.models import Client
from coachhub.network.models import OfPerson
from coachhub.network.rules import HALF_LIFE_DAYS
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class Owner:
    """The client as the person whose network it is. `zone` is where their months begin and end."""

    client_id: UUID
    user_id: UUID
    zone: ZoneInfo
    half_life_days: int = HALF_LIFE_DAYS

    def today(self) -> date:
        """The client's local date at this instant."""
        return local_day(clock.now(), self.zone)


def owner_of(client_id: UUID | None) -> Owner:
    """The owner behind a client record of the running practice. Raises NotFound: no record, or nobody accepted."""
    found = _owners(Client.id == client_id)
    if not found:
        raise NotFound
    return found[0]


def owners_of(client_ids: Sequence[UUID]) -> list[Owner]:
    """Those behind client records of the running practice; where nobody accepted there is none. One statement."""
    return _owners(Client.id.in_(client_ids))


def _owners(wanted: ColumnElement[bool]) -> list[Owner]:
    query = (
        select(Client.id, Client.user_id, Client.time_zone, Practice.half_life_days)
        .join(Practice, Practice.id == Client.practice_id)
        .where(Client.practice_id == current_practice(), Client.user_id.is_not(None), wanted)
    )
    return [
        Owner(row.id, row.user_id, ZoneInfo(row.time_zone), row.half_life_days) for row in db.session.execute(query)
    ]


def owned_by(owner: Owner, table: type[OfPerson]) -> ColumnElement[bool]:
    """Whether a row of a table is this owner's. What others may read of it, the database decides."""
    return and_(table.practice_id == current_practice(), table.client_id == owner.client_id)


def one_at_a_time(owner: Owner) -> bool:
    """Hold the client's record until the transaction ends, so that a second click waits for the first.

    Every write of a network that depends on what it reads begins with this: one lock, always taken first, cannot
    deadlock. Returns whether this client shares everything with the coach.
    """
    query = (
        select(Client.shares_all)
        .where(Client.practice_id == current_practice(), Client.id == owner.client_id)
        .with_for_update(key_share=True)
    )
    return bool(db.session.execute(query).scalar_one())
