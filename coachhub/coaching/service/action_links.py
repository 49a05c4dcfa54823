"""The link in a client's mail to what they agreed to do: signed, never stored, and good without a sign-in."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coachhub.clients.models import Client, ClientStatus
from coachhub.platform import tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice

_ACTIONS = "actions"


@dataclass(frozen=True)
class Doer:
    """The client whose actions a link opens; `zone` keeps their calendar."""

    client_id: UUID
    zone: ZoneInfo


def actions_address(client_id: UUID) -> str:
    """The page on which a client ticks what they have done, for mails."""
    return address_of(f"/todo/{tokens.sign(_ACTIONS, current_practice(), client_id)}")


def follow_actions_link(token: str) -> Doer:
    """Whose actions a link names; binds the transaction to the practice and to that person.

    The signature is proved first. Raises NotFound: not ours, erased, archived, or nobody has accepted yet.
    """
    ids = tokens.read(_ACTIONS, token)
    if ids is None or len(ids) != 2:
        raise NotFound
    practice_id, client_id = ids
    bind(practice_id, None)
    here = (Client.practice_id == practice_id, Client.id == client_id, Client.status != ClientStatus.ARCHIVED)
    row = db.session.execute(select(Client.user_id, Client.time_zone).where(*here)).one_or_none()
    if row is None or row.user_id is None:
        raise NotFound
    bind(practice_id, row.user_id)
    return Doer(client_id, ZoneInfo(row.time_zone))
