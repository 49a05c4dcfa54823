"""What a practice and a coach begin with, so that nobody meets an empty page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.models import Practice, User
from coachhub.booking.models import (
    CoachProfile,
    Offering,
    OfferingCoach,
    OfferingStatus,
    PlaceKind,
    PracticePage,
    WeeklyHours,
)
from coachhub.platform import clock
from coachhub.platform.db import Base, db
from coachhub.platform.tenancy import current_practice

WORKDAYS = range(5)
FROM_MINUTE, UNTIL_MINUTE = 9 * 60, 17 * 60


@dataclass(frozen=True)
class _First:
    """One of the offerings that a practice begins with."""

    slug: str
    title: str
    description: str
    status: OfferingStatus
    minutes: int
    is_intro: bool


def set_up_practice(practice_id: UUID, owner_id: UUID) -> None:
    """Give a practice its first offerings, given by its owner: a free intro, open, and an hour, in draft.

    The transaction is bound to the practice. Ids come from the practice's, so a second time changes nothing.
    """
    now, currency = clock.now(), _currency(practice_id)
    _put(PracticePage, [{"practice_id": practice_id, "changed_at": now}])
    dated = {"practice_id": practice_id, "price": 0, "currency": currency, "place_kind": PlaceKind.VIDEO.value}
    dated |= {"created_at": now, "changed_at": now}
    rows = [
        dated | vars(first) | {"id": uuid5(practice_id, first.slug), "position": position}
        for position, first in enumerate(_first_offerings())
    ]
    _put(Offering, rows)
    key = {"practice_id": practice_id, "coach_id": owner_id}
    _put(OfferingCoach, [key | {"offering_id": row["id"]} for row in rows])
    set_up_coach(owner_id)


def set_up_coach(coach_id: UUID) -> None:
    """Give a coach of the bound practice a profile in their own zone and a week: Monday to Friday, 9 to 17.

    Which offerings a further coach gives is for the practice to say. A second time changes nothing.
    """
    practice_id = current_practice()
    zone = db.session.execute(select(User.time_zone).where(User.id == coach_id)).scalar_one()
    key = {"practice_id": practice_id, "coach_id": coach_id}
    made = insert(CoachProfile).values(**key, time_zone=zone).on_conflict_do_nothing()
    if db.session.execute(made.returning(CoachProfile.coach_id)).first() is None:
        return
    hours = {"from_minute": FROM_MINUTE, "until_minute": UNTIL_MINUTE}
    _put(WeeklyHours, [key | hours | {"weekday": weekday} for weekday in WORKDAYS])


def _first_offerings() -> tuple[_First, _First]:
    intro = _First(
        slug="intro",
        title=_("Free intro call"),
        description=_("Half an hour to get to know each other and to see whether coaching can help."),
        status=OfferingStatus.OPEN,
        minutes=30,
        is_intro=True,
    )
    hour = _First(
        slug="session",
        title=_("Coaching session"),
        description=_("An hour for what matters to you now."),
        status=OfferingStatus.DRAFT,
        minutes=60,
        is_intro=False,
    )
    return intro, hour


def _currency(practice_id: UUID) -> str:
    return db.session.execute(select(Practice.currency).where(Practice.id == practice_id)).scalar_one()


def _put(table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows that are not there yet."""
    db.session.execute(insert(table).values(rows).on_conflict_do_nothing())
