"""The practice's offerings as its owner keeps them: add, change, open, close, put in order."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from coachhub.accounts.service import audit
from coachhub.booking.models import Offering, OfferingCoach, OfferingStatus, PlaceKind
from coachhub.booking.service.offers import coaches_of, offering_of, offerings
from coachhub.booking.service.setting_up import SECOND_CLICK, check_staff, free_slug, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class OfferingEntry:
    """What an owner says of an offering. `price` is in the minor unit of the practice's currency; spans in minutes."""

    title: str
    description: str
    minutes: int
    price: int
    place_kind: PlaceKind
    place: str
    is_hidden: bool
    is_intro: bool
    coach_choice: bool
    buffer_before: int
    buffer_after: int
    notice_minutes: int
    horizon_days: int
    step_minutes: int
    daily_limit: int | None
    free_until_minutes: int
    late_percent: int
    move_until_minutes: int
    coach_ids: frozenset[UUID]


def add_offering(entry: OfferingEntry) -> UUID:
    """A further offering, in draft, at the end of the list; returns its id.

    One of the same title within two minutes is a second click. Raises Refused for somebody who is no coach here.
    """
    currency = one_at_a_time()
    known = offerings()
    same = _just_added(entry.title)
    if same is not None:
        return same
    check_staff(entry.coach_ids)
    values = _columns(entry) | {
        "practice_id": current_practice(),
        "slug": free_slug(entry.title, "session", (row.slug for row in known)),
        "status": OfferingStatus.DRAFT,
        "currency": currency,
        "position": len(known),
        "created_at": clock.now(),
    }
    offering_id = db.session.execute(insert(Offering).values(**values).returning(Offering.id)).scalar_one()
    _keep_coaches(offering_id, entry.coach_ids)
    audit.note("offering_added", offering_id)
    return offering_id


def change_offering(offering_id: UUID, entry: OfferingEntry) -> None:
    """Change an offering. What is booked already keeps its price, its time and its rule.

    Its address follows the title while it is a draft; afterwards it stays, so that links keep working. The price is in
    the practice's currency of today. Raises NotFound, and Refused for somebody who is no coach here.
    """
    currency, found = one_at_a_time(), offering_of(offering_id)
    check_staff(entry.coach_ids)
    values = _columns(entry) | {"currency": currency}
    if found.status is OfferingStatus.DRAFT:
        others = (row.slug for row in offerings() if row.id != offering_id)
        values["slug"] = free_slug(entry.title, "session", others)
    if found.is_open and not entry.coach_ids:
        raise _NobodyGivesIt
    _change(offering_id, values)
    _keep_coaches(offering_id, entry.coach_ids)
    audit.note("offering_changed", offering_id)


def open_offering(offering_id: UUID) -> None:
    """Let it be booked. A second click changes nothing. Raises NotFound, and Refused while nobody gives it."""
    one_at_a_time()
    offering_of(offering_id)
    if not coaches_of(offering_id):
        raise _NobodyGivesIt
    _set_status(offering_id, OfferingStatus.OPEN)


def close_offering(offering_id: UUID) -> None:
    """Let it no longer be booked; what is booked stays. A second click changes nothing. Raises NotFound."""
    one_at_a_time()
    offering_of(offering_id)
    _set_status(offering_id, OfferingStatus.CLOSED)


def move_offering(offering_id: UUID, *, up: bool) -> None:
    """Put an offering one place up or down in the list that visitors read. Raises NotFound."""
    one_at_a_time()
    offering_of(offering_id)
    order = [row.id for row in offerings()]
    place = order.index(offering_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    _put_in_order(order)


class _NobodyGivesIt(Refused):
    """An open offering needs a coach."""

    def __init__(self) -> None:
        super().__init__(409, _("Choose at least one coach who gives it: nobody could be booked."))


def _just_added(title: str) -> UUID | None:
    fresh = Offering.created_at > clock.now() - SECOND_CLICK
    same = select(Offering.id).where(Offering.practice_id == current_practice(), Offering.title == title, fresh)
    return db.session.execute(same.where(Offering.status == OfferingStatus.DRAFT).limit(1)).scalar_one_or_none()


def _columns(entry: OfferingEntry) -> dict[str, object]:
    named = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "coach_ids"}
    return named | {"changed_at": clock.now()}


def _keep_coaches(offering_id: UUID, coach_ids: frozenset[UUID]) -> None:
    key = {"practice_id": current_practice(), "offering_id": offering_id}
    db.session.execute(
        delete(OfferingCoach).where(
            OfferingCoach.practice_id == current_practice(), OfferingCoach.offering_id == offering_id
        )
    )
    if coach_ids:
        db.session.execute(insert(OfferingCoach), [key | {"coach_id": coach_id} for coach_id in coach_ids])


def _set_status(offering_id: UUID, status: OfferingStatus) -> None:
    _change(offering_id, {"status": status, "changed_at": clock.now()})
    audit.note(f"offering_{status.value}", offering_id)


def _put_in_order(order: Sequence[UUID]) -> None:
    for position, offering_id in enumerate(order):
        _change(offering_id, {"position": position})


def _change(offering_id: UUID, values: dict[str, object]) -> None:
    mine = (Offering.practice_id == current_practice()) & (Offering.id == offering_id)
    db.session.execute(update(Offering).where(mine).values(**values))
