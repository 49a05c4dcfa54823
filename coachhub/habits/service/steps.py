"""The client's own steps of the month that are not the network's: the plan, and whom to see."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.habits.models import Assignment, Choice, Plan
from coachhub.habits.rules import Month, plan_instant
from coachhub.habits.service.cycles import refresh_cycles
from coachhub.network.service.drafts import has_written, prepare_invitation
from coachhub.network.service.friends import friend_of
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice
from coachhub.platform.wakes import look_at


@dataclass(frozen=True, slots=True)
class PlanRow:
    """When it is `at`, I will `doing`, at `place`."""

    at: datetime
    doing: str
    place: str


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A friend chosen for a month."""

    friend_id: UUID
    chosen_at: datetime
    dropped_at: datetime | None


def commit_plan(owner: Owner, day: date, at: time, doing: str, place: str = "") -> None:
    """Make the running month's plan, or change it: local day and time of the owner's zone. Its time is told of then.

    Raises Refused for a day outside the running month, and without a habit in it.
    """
    now = clock.now()
    month, instant = Month.local(now, owner.zone), plan_instant(day, at, owner.zone)
    if Month.local(instant, owner.zone) != month:
        raise Refused(409, _("Choose a day of this month: next month gets a plan of its own."))
    written = insert(Plan).values(
        **_key(owner, month), at=instant, doing=doing.strip(), place=place.strip(), created_at=now
    )
    changed = {name: getattr(written.excluded, name) for name in ("at", "doing", "place")} | {"changed_at": now}
    db.session.execute(
        written.on_conflict_do_update(index_elements=["practice_id", "assignment_id", "month"], set_=changed)
    )
    refresh_cycles(owner, frozenset({now}))
    look_at(instant)


def choose_friend(owner: Owner, friend_id: UUID) -> None:
    """Choose whom to see this month, instead of who was chosen before; the message to them is prepared.

    Choosing the same again changes nothing.

    Raises NotFound for a friend who is not the owner's, and Refused without a habit in this month.
    """
    friend_of(owner, friend_id)
    one_at_a_time(owner)
    now = clock.now()
    month = Month.local(now, owner.zone)
    found = choice_of(owner, month)
    is_chosen = found is not None and found.friend_id == friend_id
    if found is None or not (is_chosen and has_written(owner, friend_id, found.chosen_at)):
        prepare_invitation(owner, friend_id)
    if is_chosen:
        return
    drop_choice(owner)
    db.session.execute(insert(Choice).values(**_key(owner, month), friend_id=friend_id, chosen_at=now))
    refresh_cycles(owner, frozenset({now}))


def drop_choice(owner: Owner) -> None:
    """Let the choice of this month go; without one nothing happens. The step stays reached."""
    now = clock.now()
    first_day = Month.local(now, owner.zone).first_day()
    mine = (Choice.practice_id == current_practice()) & (Choice.client_id == owner.client_id)
    is_open = mine & (Choice.month == first_day) & Choice.dropped_at.is_(None)
    db.session.execute(update(Choice).where(is_open).values(dropped_at=now))


def let_go(owner: Owner, friend_id: UUID) -> None:
    """A friend cannot this time: where they are the choice of this month, somebody else may be chosen."""
    found = choice_of(owner, Month.local(clock.now(), owner.zone))
    if found is not None and found.friend_id == friend_id:
        drop_choice(owner)


def plan_of(owner: Owner, month: Month) -> PlanRow | None:
    """The plan of a month."""
    chosen = (
        select(Plan.at, Plan.doing, Plan.place)
        .where(Plan.practice_id == current_practice(), Plan.client_id == owner.client_id)
        .where(Plan.month == month.first_day())
        .order_by(Plan.created_at.desc())
    )
    row = db.session.execute(chosen.limit(1)).one_or_none()
    return PlanRow(*row) if row else None


def choice_of(owner: Owner, month: Month) -> ChoiceRow | None:
    """Who is chosen for a month and not let go."""
    return next((choice for choice in choices_of(owner, month) if choice.dropped_at is None), None)


def choices_of(owner: Owner, month: Month) -> list[ChoiceRow]:
    """Everybody who was chosen for a month, newest first."""
    chosen = (
        select(Choice.friend_id, Choice.chosen_at, Choice.dropped_at)
        .where(Choice.practice_id == current_practice(), Choice.client_id == owner.client_id)
        .where(Choice.month == month.first_day())
        .order_by(Choice.chosen_at.desc())
    )
    return [ChoiceRow(*row) for row in db.session.execute(chosen)]


def _key(owner: Owner, month: Month) -> dict[str, object]:
    return {
        "practice_id": current_practice(),
        "client_id": owner.client_id,
        "user_id": owner.user_id,
        "assignment_id": _assignment(owner, month),
        "month": month.first_day(),
    }


def _assignment(owner: Owner, month: Month) -> UUID:
    first_day = month.first_day()
    chosen = select(Assignment.id).where(
        Assignment.practice_id == current_practice(),
        Assignment.client_id == owner.client_id,
        Assignment.from_month <= first_day,
        Assignment.ended_from.is_(None) | (Assignment.ended_from > first_day),
    )
    found = db.session.scalar(chosen.limit(1))
    if found is None:
        raise Refused(409, _("There is no habit for you this month, so nothing needs to be planned."))
    return found
