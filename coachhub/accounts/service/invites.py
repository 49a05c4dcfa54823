"""Asking further coaches into the practice: the link in the mail, or copied by the owner, works once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from coachhub.accounts.models import Practice, ProofKind, TeamInvite, User
from coachhub.accounts.service import audit
from coachhub.accounts.service.changes import JOINED
from coachhub.accounts.service.members import is_member
from coachhub.accounts.service.practices import Place
from coachhub.accounts.service.proofs import Account, ask_for_own_proof
from coachhub.accounts.service.users import add_membership, add_user, prove_address
from coachhub.platform import clock, tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.identity import Identity, Role
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice
from coachhub.platform.wakes import look_now, mail_now

LASTS = timedelta(days=14)
MOST_WHILE_UNVERIFIED = 5
_COPIED, _MAILED = "team-invite", "team-invite-mail"


@dataclass(frozen=True)
class PendingInvite:
    """An invitation that nobody has accepted yet. `link` is for copying; it does not prove the coach's address."""

    invite_id: UUID
    name: str
    email: str
    created_at: datetime
    expires_at: datetime
    link: str


@dataclass(frozen=True)
class Invitation:
    """What the invited person sees. `by_mail`: the link came by mail, so whoever has it owns the address."""

    invite_id: UUID
    practice_id: UUID
    practice_name: str
    time_zone: str
    locale: str
    inviter: str
    email: str
    name: str
    role: Role
    by_mail: bool


class AlreadyHere(Refused):
    """The invited address belongs to somebody in the practice."""

    def __init__(self) -> None:
        super().__init__(409, _("This address already belongs to somebody in your practice."))


class TooManyInvites(Refused):
    """Until the inviter's own address is confirmed, few people may be written to."""

    def __init__(self) -> None:
        super().__init__(409, _("Confirm your own e-mail address first: until then you can invite five people."))


def link_to(invite_id: UUID, *, mailed: bool = False) -> str:
    """The full address of an invitation into this practice's team; the mailed one proves the address as well."""
    return address_of(f"/team/{tokens.sign(_MAILED if mailed else _COPIED, current_practice(), invite_id)}")


def invite_coach(inviter: Identity, name: str, email: str) -> None:
    """Write to a further coach; an earlier open invitation to the address ends. Raises AlreadyHere, TooManyInvites."""
    if is_member(email):
        raise AlreadyHere
    others = [pending for pending in pending_invites() if pending.email != email.lower()]
    if not inviter.email_verified and len(others) >= MOST_WHILE_UNVERIFIED:
        raise TooManyInvites
    now, practice_id = clock.now(), current_practice()
    _revoke(TeamInvite.email == email.lower())
    invite = {
        "practice_id": practice_id,
        "email": email.lower(),
        "name": name.strip(),
        "role": Role.COACH.value,
        "invited_by": inviter.user_id,
        "created_at": now,
        "expires_at": now + LASTS,
    }
    invite_id = db.session.execute(insert(TeamInvite).values(**invite).returning(TeamInvite.id)).scalar_one()
    audit.note("coach_invited", invite_id)
    mail_now(practice_id)


def pending_invites() -> list[PendingInvite]:
    """The open invitations of the bound practice, newest first."""
    columns = (TeamInvite.id, TeamInvite.name, TeamInvite.email, TeamInvite.created_at, TeamInvite.expires_at)
    rows = db.session.execute(select(*columns).where(*_open()).order_by(TeamInvite.created_at.desc(), TeamInvite.id))
    return [PendingInvite(*row, link_to(row.id)) for row in rows]


def revoke_invite(invite_id: UUID) -> None:
    """Make an invitation's link worthless. Raises NotFound where it is not open or another practice's."""
    if not _revoke(TeamInvite.id == invite_id):
        raise NotFound
    audit.note("invite_revoked", invite_id)


def invitation_of(token: str) -> Invitation | None:
    """The open invitation that a link names, with the transaction bound to its practice; None where it is over."""
    mailed = tokens.read(_MAILED, token)
    practice_id, invite_id = mailed or tokens.read(_COPIED, token) or (UUID(int=0), UUID(int=0))
    bind(practice_id, None)
    row = db.session.execute(
        select(Practice.name, Practice.time_zone, Practice.locale, User.name, TeamInvite.email, TeamInvite.name)
        .add_columns(TeamInvite.role)
        .select_from(TeamInvite)
        .join(Practice, Practice.id == TeamInvite.practice_id)
        .join(User, User.id == TeamInvite.invited_by)
        .where(TeamInvite.id == invite_id, *_open())
    ).one_or_none()
    if row is None:
        bind(None, None)
        return None
    practice_name, time_zone, locale, inviter, email, name, role = row
    return Invitation(
        invite_id, practice_id, practice_name, time_zone, locale, inviter, email, name, Role(role), mailed is not None
    )


def join_as(person: Identity, invitation: Invitation) -> Account:
    """Let the signed-in person in whose address was invited. Raises NotFound for anybody else or a spent link."""
    if person.email != invitation.email:
        raise NotFound
    bind(invitation.practice_id, person.user_id)
    _spend(invitation)
    if is_member(person.email):
        raise AlreadyHere
    if invitation.by_mail:
        prove_address(person.user_id, kept_login=person.login_id)
    return _join(invitation, person.user_id)


def join_as_new(invitation: Invitation, name: str, password: str, place: Place) -> Account:
    """Make the invited person's account and let them in. Raises EmailTaken, NotFound for a spent link."""
    bind(invitation.practice_id, None)
    _spend(invitation)
    user_id = add_user(invitation.email, name, place.locale, place.time_zone, password=password)
    account = _join(invitation, user_id)
    if invitation.by_mail:
        prove_address(user_id)
    else:
        ask_for_own_proof(ProofKind.VERIFY)
    return account


def _join(invitation: Invitation, user_id: UUID) -> Account:
    add_membership(user_id, invitation.role)
    JOINED.tell(user_id)
    look_now()
    audit.note("coach_joined", user_id)
    return Account(user_id, invitation.practice_id)


def _spend(invitation: Invitation) -> None:
    spent = db.session.execute(
        update(TeamInvite)
        .where(TeamInvite.id == invitation.invite_id, *_open())
        .values(accepted_at=clock.now())
        .returning(TeamInvite.id)
    )
    if spent.first() is None:
        raise NotFound


def _revoke(which: ColumnElement[bool]) -> bool:
    revoked = db.session.execute(
        update(TeamInvite).where(which, *_open()).values(revoked_at=clock.now()).returning(TeamInvite.id)
    )
    return revoked.first() is not None


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        TeamInvite.practice_id == current_practice(),
        TeamInvite.accepted_at.is_(None),
        TeamInvite.revoked_at.is_(None),
        TeamInvite.expires_at > clock.now(),
    )
