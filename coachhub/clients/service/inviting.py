"""Invitations into the portal: rows that say who was asked; the link is signed from the row and never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select

from coachhub.accounts.models import User
from coachhub.accounts.service import audit
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.clients.service.limits import within_limit
from coachhub.clients.service.records import close_links
from coachhub.platform import clock, tokens
from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice, current_scope
from coachhub.platform.wakes import mail_now

LASTS = timedelta(days=30)
MAILS_BEFORE_VERIFIED = 5
A_SECOND_CLICK = timedelta(minutes=2)
COPIED = "client-invite"
MAILED = "client-invite-mail"


@dataclass(frozen=True)
class Invited:
    """How many invitations go by mail, and how many wait with a link because the coach's address is unproven."""

    mailed: int
    held_back: int


@dataclass(frozen=True)
class OpenInvite:
    """An invitation that can still be accepted. `link` is for copying; it does not prove the client's address."""

    client_id: UUID
    invite_id: UUID
    name: str
    email: str
    by_mail: bool
    created_at: datetime
    expires_at: datetime
    link: str


def invite(client_ids: Sequence[UUID], by_mail: bool) -> Invited:
    """Invite these clients, closing earlier links; who has accepted already is left out.

    Until the coach's own address is verified five invitations go by mail; the others get a link to copy. A second
    click within two minutes writes to nobody twice. Raises TooManyClients, and then nobody is invited.
    """
    with within_limit():
        waiting = _waiting(client_ids)
        if by_mail:
            return _invite_by_mail(waiting)
        _make_links(waiting, by_mail=False)
        return Invited(0, 0)


def _invite_by_mail(waiting: list[UUID]) -> Invited:
    due = _not_just_written_to(waiting)
    left = mails_left()
    mailed = due if left is None else due[:left]
    held_back = due[len(mailed) :]
    _make_links(mailed, by_mail=True)
    _make_links(_without_link(held_back), by_mail=False)
    if mailed:
        mail_now(current_practice())
    return Invited(len(mailed), len(held_back))


def mails_left() -> int | None:
    """How many invitations the coach may still send by mail; None once their address is verified.

    Locks the coach's own row, so that two requests at once do not each send the last ones.
    """
    coach_id = current_scope().user_id
    verified_at = db.session.scalar(select(User.email_verified_at).where(User.id == coach_id).with_for_update())
    if verified_at is not None:
        return None
    by_coach = (ClientInvite.created_by == coach_id, ClientInvite.by_mail)
    sent = db.session.scalar(select(func.count()).select_from(ClientInvite).where(*by_coach)) or 0
    return max(0, MAILS_BEFORE_VERIFIED - sent)


def open_invites(
    client_ids: Sequence[UUID] | None = None, *, limit: int | None = None, offset: int = 0
) -> list[OpenInvite]:
    """The invitations that can still be accepted, newest first; of these clients or of all."""
    open_now = (
        ClientInvite.spent_at.is_(None),
        ClientInvite.expires_at > clock.now(),
        Client.status == ClientStatus.INVITED,
    )
    query = (
        select(
            Client.id,
            ClientInvite.id.label("invite_id"),
            Client.name,
            Client.email,
            ClientInvite.by_mail,
            ClientInvite.created_at,
            ClientInvite.expires_at,
        )
        .join(Client, (Client.practice_id == ClientInvite.practice_id) & (Client.id == ClientInvite.client_id))
        .where(*open_now)
        .order_by(ClientInvite.created_at.desc(), Client.name, ClientInvite.id)
        .limit(limit)
        .offset(offset)
    )
    if client_ids is not None:
        query = query.where(Client.id.in_(client_ids))
    return [OpenInvite(*row, link=link_to(row.invite_id)) for row in db.session.execute(query)]


def link_to(invite_id: UUID, *, mailed: bool = False) -> str:
    """The full address of an invitation of this practice; the mailed one proves the client's address as well."""
    return address_of(f"/invitation/{tokens.sign(MAILED if mailed else COPIED, current_practice(), invite_id)}")


def _waiting(client_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the clients who were never in the portal, in a steady order, locked against a second click."""
    query = select(Client.id).where(Client.id.in_(client_ids), Client.status == ClientStatus.INVITED)
    return list(db.session.scalars(query.order_by(Client.id).with_for_update()))


def _not_just_written_to(client_ids: list[UUID]) -> list[UUID]:
    recent = (ClientInvite.by_mail, ClientInvite.created_at > clock.now() - A_SECOND_CLICK)
    just = set(db.session.scalars(select(ClientInvite.client_id).where(*recent)))
    return [client_id for client_id in client_ids if client_id not in just]


def _without_link(client_ids: list[UUID]) -> list[UUID]:
    have = {invite.client_id for invite in open_invites(client_ids)} if client_ids else set()
    return [client_id for client_id in client_ids if client_id not in have]


def _make_links(client_ids: list[UUID], *, by_mail: bool) -> None:
    if not client_ids:
        return
    close_links(client_ids)
    now, coach_id = clock.now(), current_scope().user_id
    same = {"practice_id": current_practice(), "created_by": coach_id, "by_mail": by_mail, "created_at": now}
    rows = [{**same, "client_id": client_id, "expires_at": now + LASTS} for client_id in client_ids]
    db.session.execute(insert(ClientInvite).values(rows))
    for client_id in client_ids:
        audit.note("client_invited", client_id)
