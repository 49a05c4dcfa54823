"""What a coach sees of a client's network: numbers, dates and kinds of tie; names only where the client shares them."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from coachhub.network.models import Friend
from coachhub.network.rules import Network, Warmth, warmth, warmth_state
from coachhub.network.service.owner import Owner, owned_by, owner_of
from coachhub.network.service.strength import TallyRow, network_of, tally_of
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_day
from coachhub.reports.rules import share_of

A_YEAR = timedelta(days=365)
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class SharedFriend:
    """A friend whom the client shows to the coach."""

    name: str
    company: str
    warmth: Warmth


@dataclass(frozen=True, slots=True)
class Totals:
    """The last 365 days, all kinds of tie together; as `TallyRow`."""

    written: int
    answered: int
    met_again: int
    met: int
    meetups: int
    minutes: int
    moved: int
    help_given: int
    help_received: int

    @property
    def reconnect_rate(self) -> int | None:
        """Of the friends written to, how many percent were met after that; None where nobody was written to."""
        return share_of(self.met_again, self.written)

    @property
    def reply_rate(self) -> int | None:
        """Of the friends written to, how many percent answered; None where nobody was written to."""
        return share_of(self.answered, self.written)


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """A client's network as the coach may see it. `shared` are fifty friends at most, of `shared_count`."""

    network: Network
    totals: Totals
    kinds: tuple[TallyRow, ...]
    shared: tuple[SharedFriend, ...]
    shared_count: int
    half_life_days: int


def network_seen(client_id: UUID, now: datetime) -> NetworkSeen | None:
    """A client's network; None where nobody has accepted the invitation yet. Four statements."""
    try:
        owner = owner_of(client_id)
    except NotFound:
        return None
    rows = tally_of(owner, now - A_YEAR)
    shared, shared_count = _shared(owner, now)
    network = network_of(owner, local_day(now, owner.zone))
    kinds = tuple(row for row in rows if row.written or row.met or row.moved)
    return NetworkSeen(network, _totals(rows), kinds, shared, shared_count, owner.half_life_days)


def _totals(rows: list[TallyRow]) -> Totals:
    return Totals(**{each.name: sum(getattr(row, each.name) for row in rows) for each in fields(Totals)})


def _shared(owner: Owner, now: datetime) -> tuple[tuple[SharedFriend, ...], int]:
    columns = (Friend.name, Friend.company, Friend.last_contact_on, Friend.known_until)
    query = select(*columns, func.count().over().label("all")).where(owned_by(owner, Friend), Friend.shared)
    rows = db.session.execute(query.order_by(func.lower(Friend.name), Friend.id).limit(MOST_NAMED)).all()
    today = local_day(now, owner.zone)
    found = tuple(
        SharedFriend(
            row.name,
            row.company,
            warmth_state(warmth(row.last_contact_on, row.known_until, today, owner.half_life_days)),
        )
        for row in rows
    )
    return found, rows[0].all if rows else 0
