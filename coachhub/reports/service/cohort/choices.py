"""Whom a figure can be narrowed to: the coaches and the habits of the practice, by one statement."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, literal, select, union_all

from coachhub.accounts.models import Membership, User
from coachhub.habits.models import Habit
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

_PRACTICE = bindparam("practice", type_=Uuid())
_COACHES = (
    select(literal(0).label("part"), literal(0).label("rank"), User.name.label("name"), User.id.label("id"))
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.practice_id == _PRACTICE, Membership.role != "client")
)
_HABITS = select(literal(1), case((Habit.is_default, 0), else_=1), Habit.name, Habit.id).where(
    Habit.practice_id == _PRACTICE
)
_BOTH = union_all(_COACHES, _HABITS).order_by("part", "rank", "name", "id")


@dataclass(frozen=True, slots=True)
class Choices:
    """Each with its id and its name: the coaches by name, the default habit first, retired ones among the others."""

    coaches: tuple[tuple[UUID, str], ...]
    habits: tuple[tuple[UUID, str], ...]


def choices() -> Choices:
    """What there is to choose from in the bound practice."""
    rows = db.session.execute(_BOTH, {"practice": current_practice()}).all()
    return Choices(
        coaches=tuple((row.id, row.name) for row in rows if not row.part),
        habits=tuple((row.id, row.name) for row in rows if row.part),
    )
