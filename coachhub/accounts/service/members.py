"""The coaches of a practice and what they may do in it."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from coachhub.accounts.models import Membership, User
from coachhub.accounts.service import audit
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import current_practice

_STAFF = (Role.OWNER.value, Role.COACH.value)


@dataclass(frozen=True)
class Coach:
    """An owner or coach of the practice."""

    user_id: UUID
    name: str
    email: str
    role: Role


class LastOwner(Refused):
    """A practice must keep an owner."""

    def __init__(self) -> None:
        super().__init__(409, _("A practice needs an owner. Make somebody else an owner first."))


def coaches() -> list[Coach]:
    """Owners and coaches of the bound practice, by name."""
    rows = db.session.execute(
        select(User.id, User.name, User.email, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.practice_id == current_practice(), Membership.role.in_(_STAFF))
        .order_by(User.name, User.id)
    )
    return [Coach(user_id, name, email, Role(role)) for user_id, name, email, role in rows]


def is_member(email: str) -> bool:
    """Whether the address belongs to anybody in the bound practice, coach or client."""
    found = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.practice_id == current_practice(), User.email == email.strip().lower())
    )
    return db.session.execute(found).scalar_one() > 0


def change_role(user_id: UUID, role: Role) -> None:
    """Make a coach an owner, or an owner a coach. Raises NotFound for anybody else, LastOwner for the only owner."""
    staff = (Membership.practice_id == current_practice()) & Membership.role.in_(_STAFF)
    rows = db.session.execute(select(Membership.user_id, Membership.role).where(staff).with_for_update()).all()
    roles = {member_id: Role(kept) for member_id, kept in rows}
    if user_id not in roles or not role.is_staff:
        raise NotFound
    owners = [member_id for member_id, kept in roles.items() if kept is Role.OWNER]
    if owners == [user_id] and role is not Role.OWNER:
        raise LastOwner
    db.session.execute(update(Membership).where(staff, Membership.user_id == user_id).values(role=role.value))
    audit.note("role_changed", user_id)
