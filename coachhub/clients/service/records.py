"""One client's record: reading it, and changing what a coach or the client may change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update

from coachhub.accounts.models import Membership, User
from coachhub.accounts.service import audit
from coachhub.accounts.service.users import change_profile
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.clients.rules.people import tidy
from coachhub.platform import clock
from coachhub.platform.addresses import good_address
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import look_now
from coachhub.platform.zones import is_zone, present_name


@dataclass(frozen=True)
class ClientRow:
    """A client's record as pages show it; `user_id` is None until the invitation was accepted."""

    id: UUID
    user_id: UUID | None
    name: str
    email: str
    status: ClientStatus
    status_before: str | None
    time_zone: str
    coach_id: UUID
    coach_name: str
    shares_all: bool
    created_at: datetime
    activated_at: datetime | None


def client_of(client_id: UUID) -> ClientRow:
    """One client of the practice. Raises NotFound."""
    return _one(_records().where(Client.id == client_id))


def client_of_user(user_id: UUID) -> ClientRow:
    """The record of a person who is a client of the practice. Raises NotFound."""
    return _one(_records().where(Client.user_id == user_id))


def _records() -> Any:
    return select(
        Client.id,
        Client.user_id,
        Client.name,
        Client.email,
        Client.status,
        Client.status_before,
        Client.time_zone,
        Client.coach_id,
        User.name.label("coach_name"),
        Client.shares_all,
        Client.created_at,
        Client.activated_at,
    ).join(User, User.id == Client.coach_id)


def _one(query: Any) -> ClientRow:
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return ClientRow(**{**row._mapping, "status": ClientStatus(row.status)})


@dataclass(frozen=True)
class ClientChange:
    """What a coach may change of a client."""

    name: str
    email: str
    coach_id: UUID
    time_zone: str


def edit_client(client_id: UUID, change: ClientChange) -> None:
    """Change a client's record. The address only before the invitation is accepted: after that it is the person's.

    A new address closes the links under way, which would else prove the old one. Raises NotFound, Refused.
    """
    client = client_of(client_id)
    check_coach(change.coach_id)
    values = {"name": tidy(change.name), "coach_id": change.coach_id, "time_zone": checked_zone(change.time_zone)}
    if client.user_id is None:
        email = good_address(change.email)
        if email is None or not values["name"]:
            raise Refused(422, _("A client needs a name and a working e-mail address."))
        if email != client.email:
            _check_free(email)
            close_links([client_id])
            values["email"] = email
    db.session.execute(update(Client).where(Client.id == client_id).values(**values))
    look_now()  # the zone decides when their mail is due
    audit.note("client_edited", client_id)


def change_my_record(user_id: UUID, name: str, time_zone: str, locale: str) -> None:
    """A client changes what they are called and where their months begin; their login follows."""
    called, zone = tidy(name), checked_zone(time_zone)
    if not called:
        raise Refused(422, _("Please say what you would like to be called."))
    db.session.execute(update(Client).where(Client.user_id == user_id).values(name=called, time_zone=zone))
    change_profile(user_id, called, zone, locale)


def is_address_taken(email: str) -> bool:
    """Whether a client of the practice has this address."""
    return bool(db.session.scalar(select(exists().where(Client.email == email))))


def is_staff(user_id: UUID) -> bool:
    """Whether the person is the owner or a coach of the practice."""
    here = (Membership.practice_id == current_practice(), Membership.user_id == user_id)
    role = db.session.scalar(select(Membership.role).where(*here))
    return role is not None and Role(role).is_staff


def close_links(client_ids: list[UUID]) -> None:
    """Make every link under way of these clients useless from now on."""
    now = clock.now()
    under_way = (ClientInvite.client_id.in_(client_ids), ClientInvite.spent_at.is_(None), ClientInvite.expires_at > now)
    db.session.execute(update(ClientInvite).where(*under_way).values(expires_at=now))


def check_clients(client_ids: Sequence[UUID]) -> None:
    """Refuse, as if they did not exist, ids that are no clients of this practice. Raises NotFound."""
    wanted = set(client_ids)
    found = select(func.count()).select_from(Client).where(Client.id.in_(wanted))
    if db.session.scalar(found) != len(wanted):
        raise NotFound


def check_coach(user_id: UUID) -> None:
    """Refuse anybody who is no coach of the practice."""
    if not is_staff(user_id):
        raise Refused(422, _("Choose one of the coaches of this practice."))


def _check_free(email: str) -> None:
    if is_address_taken(email):
        raise Refused(422, _("Another client has this address already."))


def checked_zone(key: str) -> str:
    """The zone, where there is one of that name. Raises Refused."""
    if not is_zone(key):
        raise Refused(422, _("Choose one of the time zones."))
    return present_name(key)
