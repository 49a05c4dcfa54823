"""A client follows the invitation. Looking at it spends nothing; starting spends it exactly once.

The link never signs anybody in to an account that exists already: whoever has one proves first that it is theirs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row, exists, func, select, update

from coachhub.accounts.models import Membership, Practice, User
from coachhub.accounts.service import audit
from coachhub.accounts.service.proofs import account_of
from coachhub.accounts.service.users import add_membership, add_user, prove_address
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.clients.service.inviting import COPIED, MAILED
from coachhub.platform import clock, tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.identity import Role
from coachhub.platform.news import News
from coachhub.platform.tenancy import bind
from coachhub.platform.wakes import look_now
from coachhub.platform.zones import zone_or


class LinkState(StrEnum):
    """What can still be done with a link. `closed`: too old, replaced by a newer one, or withdrawn."""

    OPEN = "open"
    SPENT = "spent"
    CLOSED = "closed"


@dataclass(frozen=True)
class Invitation:
    """What a link invites to. `account_id` is the account that its address has already.

    `proves_address`: it came by mail, so whoever holds it reads that mailbox.
    """

    practice_id: UUID
    invite_id: UUID
    client_id: UUID
    client_name: str
    email: str
    time_zone: str
    practice_name: str
    coach_name: str
    proves_address: bool
    state: LinkState
    account_id: UUID | None


@dataclass(frozen=True)
class Newcomer:
    """What the browser says of the person who starts; the zone may be empty or nonsense."""

    locale: str
    time_zone: str
    login_id: UUID | None = None


@dataclass(frozen=True)
class Started:
    """Who has just begun, and where."""

    user_id: UUID
    practice_id: UUID
    client_id: UUID


STARTED: News[[Started]] = News()
"""A client begins."""


def invitation_of(token: str) -> Invitation:
    """What a link invites to; binds the transaction to its practice. Raises NotFound for a link that is not ours."""
    mailed, copied = tokens.read(MAILED, token), tokens.read(COPIED, token)
    ids = mailed or copied
    if ids is None or len(ids) != 2:
        raise NotFound
    bind(ids[0], None)
    row = db.session.execute(_invitation(ids[1])).one_or_none()
    if row is None:
        raise NotFound
    account = account_of(row.email)
    return _as_invitation(row, mailed is not None, None if account is None else account.user_id)


def _invitation(invite_id: UUID) -> Any:
    return (
        select(
            ClientInvite.practice_id,
            ClientInvite.id,
            ClientInvite.client_id,
            ClientInvite.expires_at,
            ClientInvite.spent_at,
            Client.name,
            Client.email,
            Client.time_zone,
            Client.status,
            Practice.name.label("practice_name"),
            User.name.label("coach_name"),
        )
        .join(Client, (Client.practice_id == ClientInvite.practice_id) & (Client.id == ClientInvite.client_id))
        .join(Practice, Practice.id == Client.practice_id)
        .join(User, User.id == Client.coach_id)
        .where(ClientInvite.id == invite_id)
    )


def _as_invitation(row: Row[Any], proves_address: bool, account_id: UUID | None) -> Invitation:
    return Invitation(
        practice_id=row.practice_id,
        invite_id=row.id,
        client_id=row.client_id,
        client_name=row.name,
        email=row.email,
        time_zone=row.time_zone,
        practice_name=row.practice_name,
        coach_name=row.coach_name,
        proves_address=proves_address,
        state=_state(row),
        account_id=account_id,
    )


def _state(row: Row[Any]) -> LinkState:
    if row.spent_at is not None:
        return LinkState.SPENT
    is_good = row.expires_at > clock.now() and row.status == ClientStatus.INVITED
    return LinkState.OPEN if is_good else LinkState.CLOSED


def may_start(invitation: Invitation, person_id: UUID | None) -> bool:
    """Whether who holds this browser may start: the account's own person, or a stranger where there is no account."""
    return invitation.state is LinkState.OPEN and invitation.account_id == person_id


def accept_invitation(token: str, person_id: UUID | None, newcomer: Newcomer) -> Started:
    """Start: spend the link, make the person where there is none yet, and make them a client of the practice.

    `person_id` is who is signed in. Binds the transaction to the new client. Raises NotFound, Refused.
    """
    invitation = invitation_of(token)
    if not may_start(invitation, person_id):
        raise Refused(409, _("This invitation cannot be started here. Open its link again to see why."))
    _spend(invitation)
    zone = zone_or(newcomer.time_zone, invitation.time_zone)
    user_id = person_id or add_user(invitation.email, invitation.client_name, newcomer.locale, zone)
    bind(invitation.practice_id, user_id)
    if invitation.proves_address:
        prove_address(user_id, kept_login=newcomer.login_id)
    _join_practice(invitation, user_id, zone)
    audit.note("client_started", invitation.client_id)
    started = Started(user_id, invitation.practice_id, invitation.client_id)
    STARTED.tell(started)
    look_now()
    return started


def _spend(invitation: Invitation) -> None:
    """Only one of two clicks gets past this line: the second waits for the first, then finds nothing to spend."""
    now = clock.now()
    unspent = (ClientInvite.spent_at.is_(None), ClientInvite.expires_at > now)
    spending = update(ClientInvite).where(ClientInvite.id == invitation.invite_id, *unspent).values(spent_at=now)
    if db.session.execute(spending.returning(ClientInvite.id)).first() is None:
        raise Refused(409, _("This invitation has just been used. Open its link again to go on."))


def _join_practice(invitation: Invitation, user_id: UUID, zone: str) -> None:
    if db.session.scalar(select(exists().where(Client.user_id == user_id))):
        raise Refused(409, _("You are in this practice already: sign in to go on where you were."))
    here = (Membership.practice_id == invitation.practice_id, Membership.user_id == user_id)
    role = db.session.scalar(select(Membership.role).where(*here))
    if role is None:
        add_membership(user_id, Role.CLIENT)
    elif role != Role.CLIENT:
        raise Refused(409, _("You are a coach of this practice, so you cannot be its client as well."))
    waiting = (Client.id == invitation.client_id, Client.status == ClientStatus.INVITED, Client.user_id.is_(None))
    values = {
        "user_id": user_id,
        "status": ClientStatus.ACTIVE.value,
        "activated_at": func.coalesce(Client.activated_at, clock.now()),
        "time_zone": zone,
    }
    if db.session.execute(update(Client).where(*waiting).values(values).returning(Client.id)).first() is None:
        raise Refused(409, _("This invitation has just been withdrawn. Ask your coach for a new one."))
