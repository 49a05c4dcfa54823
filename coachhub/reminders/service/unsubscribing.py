"""One click in a mail: its reader gets no reminders any more. The address is signed and holds ids alone."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from coachhub.accounts.models import Membership, Practice
from coachhub.clients.models import Client, ClientStatus
from coachhub.platform import tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.identity import Role
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice
from coachhub.reminders.service.switches import Reader

_CLIENT, _COACH = "unsubscribe-client", "unsubscribe-coach"


@dataclass(frozen=True)
class Subscriber:
    """Who follows the link of a mail, and of which practice. `is_over`: nothing more comes, whatever is ticked."""

    reader: Reader
    practice_name: str
    is_over: bool


def unsubscribe_address(*, client_id: UUID | None, user_id: UUID | None) -> str:
    """The page on which a client, or a coach where there is no client, switches mails off without signing in."""
    if client_id is not None:
        return address_of(f"/u/c/{tokens.sign(_CLIENT, current_practice(), client_id)}")
    assert user_id is not None  # noqa: S101 (a reminder is always somebody's)
    return address_of(f"/u/s/{tokens.sign(_COACH, current_practice(), user_id)}")


def follow_client_link(token: str) -> Subscriber:
    """Which client a mail's link names; binds the transaction to the practice, and to nobody as a person.

    The signature is proved first. Raises NotFound: not ours, made for something else, or the client is erased.
    """
    client_id = _proved(_CLIENT, token)
    query = select(Practice.name, Client.status).join(Practice, Practice.id == Client.practice_id)
    row = db.session.execute(
        query.where(Client.practice_id == current_practice(), Client.id == client_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Subscriber(Reader(client_id), row.name, is_over=row.status == ClientStatus.ARCHIVED)


def follow_coach_link(token: str) -> Subscriber:
    """As `follow_client_link`, for a mail to an owner or a coach; over for somebody who is neither any more."""
    user_id = _proved(_COACH, token)
    query = select(Practice.name, Membership.role).join(Practice, Practice.id == Membership.practice_id)
    mine = (Membership.practice_id == current_practice(), Membership.user_id == user_id)
    row = db.session.execute(query.where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return Subscriber(Reader(user_id, is_staff=True), row.name, is_over=not Role(row.role).is_staff)


def _proved(purpose: str, token: str) -> UUID:
    ids = tokens.read(purpose, token)
    if ids is None or len(ids) != 2:
        raise NotFound
    practice_id, reader_id = ids
    bind(practice_id, None)
    return reader_id
