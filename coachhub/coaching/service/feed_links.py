"""The secret address of a calendar feed: whose it is, what it opens, and how it is made to end.

It is signed, not stored, and holds a number that its owner has; a new number makes every earlier address end.
"""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.models import Membership, Practice, User
from coachhub.accounts.service import audit
from coachhub.booking.models import CoachProfile
from coachhub.clients.models import Client, ClientStatus
from coachhub.platform import tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.identity import Role
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice

_CLIENT, _COACH = "feed-client", "feed-coach"


@dataclass(frozen=True)
class FeedReader:
    """Whose feed it is. `client_id` is None for an owner or a coach."""

    user_id: UUID
    client_id: UUID | None
    name: str
    locale: str
    zone: ZoneInfo
    practice_name: str


def client_feed_address(client_id: UUID) -> str:
    """Where a client's calendar finds their sessions and meetups. Raises NotFound."""
    number = db.session.scalar(select(Client.feed_number).where(*_client(client_id)))
    if number is None:
        raise NotFound
    return _address(_CLIENT, client_id, number)


def coach_feed_address(coach_id: UUID) -> str:
    """Where a coach's calendar finds their sessions and blocked times."""
    return _address(_COACH, coach_id, _number_of_coach(coach_id))


def renew_client_feed(client_id: UUID) -> None:
    """Make a new address for a client; the one before opens nothing any more."""
    following = Client.feed_number + 1
    db.session.execute(update(Client).where(*_client(client_id)).values(feed_number=following))
    audit.note("feed_renewed", client_id)


def renew_coach_feed(coach_id: UUID) -> None:
    """The same for a coach."""
    zone = select(User.time_zone).where(User.id == coach_id).scalar_subquery()
    first = {"practice_id": current_practice(), "coach_id": coach_id, "time_zone": zone, "feed_number": 1}
    new = {"feed_number": CoachProfile.feed_number + 1}
    made = insert(CoachProfile).values(first)
    db.session.execute(made.on_conflict_do_update(index_elements=["practice_id", "coach_id"], set_=new))
    audit.note("feed_renewed", coach_id)


def follow_feed(token: str) -> FeedReader:
    """Whose feed an address opens; binds the transaction to that person in that practice.

    The signature is proved first. Raises NotFound: not ours, made to end, or they are not here any more.
    """
    of_client, of_coach = tokens.read(_CLIENT, token), tokens.read(_COACH, token)
    ids = of_client or of_coach
    if ids is None or len(ids) != 3:
        raise NotFound
    practice_id, reader_id, number = ids
    bind(practice_id, None)
    reader = _client_reader(reader_id, number.int) if of_client else _coach_reader(reader_id, number.int)
    bind(practice_id, reader.user_id)
    return reader


def _address(purpose: str, reader_id: UUID, number: int) -> str:
    return address_of(f"/feeds/{tokens.sign(purpose, current_practice(), reader_id, UUID(int=number))}.ics")


def _client(client_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Client.practice_id == current_practice(), Client.id == client_id)


def _number_of_coach(coach_id: UUID) -> int:
    mine = (CoachProfile.practice_id == current_practice(), CoachProfile.coach_id == coach_id)
    return db.session.scalar(select(CoachProfile.feed_number).where(*mine)) or 0


def _client_reader(client_id: UUID, number: int) -> FeedReader:
    """Names of a client stand in their own calendar, so it is read by the clock that they live by."""
    query = (
        select(Client.user_id, Client.name, User.locale, Client.time_zone, Practice.name.label("practice_name"))
        .join(User, User.id == Client.user_id)
        .join(Practice, Practice.id == Client.practice_id)
        .where(*_client(client_id), Client.feed_number == number, Client.status != ClientStatus.ARCHIVED)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return FeedReader(row.user_id, client_id, row.name, row.locale, ZoneInfo(row.time_zone), row.practice_name)


def _coach_reader(coach_id: UUID, number: int) -> FeedReader:
    query = (
        select(User.name, User.locale, User.time_zone, Membership.role, Practice.name.label("practice_name"))
        .join(Membership, Membership.user_id == User.id)
        .join(Practice, Practice.id == Membership.practice_id)
        .where(Membership.practice_id == current_practice(), User.id == coach_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None or not Role(row.role).is_staff or _number_of_coach(coach_id) != number:
        raise NotFound
    return FeedReader(coach_id, None, row.name, row.locale, ZoneInfo(row.time_zone), row.practice_name)
