"""What can be booked, as pages read it: offerings, packages, questions, and who gives an offering."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from coachhub.accounts.models import Membership, User
from coachhub.booking.models import CoachProfile, Offering, OfferingCoach, OfferingStatus, Package, PlaceKind, Question
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class OfferingRow:
    """Something bookable, as its table has it. `price` is in the minor unit of `currency`; spans are in minutes."""

    id: UUID
    slug: str
    title: str
    description: str
    status: OfferingStatus
    is_hidden: bool
    is_intro: bool
    minutes: int
    price: int
    currency: str
    place_kind: PlaceKind
    place: str
    buffer_before: int
    buffer_after: int
    notice_minutes: int
    horizon_days: int
    step_minutes: int
    daily_limit: int | None
    free_until_minutes: int
    late_percent: int
    move_until_minutes: int
    coach_choice: bool
    position: int

    @property
    def is_open(self) -> bool:
        """Whether it can be booked by whoever has its link."""
        return self.status is OfferingStatus.OPEN


@dataclass(frozen=True, slots=True)
class PackageRow:
    """Several sessions of an offering, paid at once. `price` is for all of them, in the minor unit of `currency`."""

    id: UUID
    offering_id: UUID
    slug: str
    title: str
    description: str
    status: OfferingStatus
    is_hidden: bool
    sessions: int
    price: int
    currency: str
    valid_days: int | None
    rolls_over: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be bought by whoever has its link."""
        return self.status is OfferingStatus.OPEN


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What whoever books is asked: `kind` is line, text or choice."""

    id: UUID
    position: int
    label: str
    kind: str
    choices: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True, slots=True)
class GivenBy:
    """A coach who gives an offering; `title` is what their profile calls them, such as "Career coach"."""

    coach_id: UUID
    name: str
    title: str


_OFFERING = tuple(getattr(Offering, name) for name in OfferingRow.__dataclass_fields__)
_PACKAGE = tuple(getattr(Package, name) for name in PackageRow.__dataclass_fields__)


def offering_of(offering_id: UUID) -> OfferingRow:
    """One offering of the bound practice, in whatever state. Raises NotFound."""
    return _one_offering(_offerings().where(Offering.id == offering_id))


def offerings(*, open_only: bool = False) -> tuple[OfferingRow, ...]:
    """The practice's offerings in the coach's order; with `open_only` those that its page lists: open, not hidden."""
    chosen = _offerings().order_by(Offering.position, Offering.created_at, Offering.id)
    if open_only:
        chosen = chosen.where(Offering.status == OfferingStatus.OPEN, ~Offering.is_hidden)
    return tuple(_offering(row) for row in db.session.execute(chosen))


def package_of(package_id: UUID) -> PackageRow:
    """One package of the bound practice, in whatever state. Raises NotFound."""
    return _one_package(_packages().where(Package.id == package_id))


def package_with_slug(slug: str) -> PackageRow:
    """The package at this address of the bound practice, in whatever state. Raises NotFound."""
    return _one_package(_packages().where(Package.slug == slug))


def packages(*, open_only: bool = False) -> tuple[PackageRow, ...]:
    """The practice's packages, fewest sessions first; with `open_only` those that its page lists."""
    chosen = _packages().order_by(Package.sessions, Package.created_at, Package.id)
    if open_only:
        chosen = chosen.where(Package.status == OfferingStatus.OPEN, ~Package.is_hidden)
    return tuple(_package(row) for row in db.session.execute(chosen))


def coaches_of(offering_id: UUID) -> tuple[GivenBy, ...]:
    """Who gives an offering, by name."""
    profile = (CoachProfile.practice_id == OfferingCoach.practice_id) & (
        CoachProfile.coach_id == OfferingCoach.coach_id
    )
    staff = (Membership.practice_id == OfferingCoach.practice_id) & (Membership.user_id == OfferingCoach.coach_id)
    chosen = (
        select(User.id, User.name, CoachProfile.title)
        .select_from(OfferingCoach)
        .join(Membership, staff)
        .join(User, User.id == OfferingCoach.coach_id)
        .outerjoin(CoachProfile, profile)
        .where(OfferingCoach.practice_id == current_practice(), OfferingCoach.offering_id == offering_id)
        .where(Membership.role != "client")
        .order_by(User.name, User.id)
    )
    return tuple(GivenBy(coach_id, name, title or "") for coach_id, name, title in db.session.execute(chosen))


def given_by(coach_id: UUID) -> tuple[OfferingRow, ...]:
    """The offerings that this coach gives, in whatever state, in the practice's order."""
    here = (OfferingCoach.practice_id == current_practice(), OfferingCoach.coach_id == coach_id)
    chosen = _offerings().where(Offering.id.in_(select(OfferingCoach.offering_id).where(*here)))
    ordered = chosen.order_by(Offering.position, Offering.created_at, Offering.id)
    return tuple(_offering(row) for row in db.session.execute(ordered))


def questions_of(offering_id: UUID) -> tuple[QuestionRow, ...]:
    """What is asked at booking, in order."""
    columns = (Question.id, Question.position, Question.label, Question.kind, Question.choices, Question.is_required)
    chosen = (
        select(*columns)
        .where(Question.practice_id == current_practice(), Question.offering_id == offering_id)
        .order_by(Question.position, Question.id)
    )
    return tuple(
        QuestionRow(question_id, position, label, kind, tuple(choices), is_required)
        for question_id, position, label, kind, choices, is_required in db.session.execute(chosen)
    )


def _offerings() -> Select[Any]:
    return select(*_OFFERING).where(Offering.practice_id == current_practice())


def _packages() -> Select[Any]:
    return select(*_PACKAGE).where(Package.practice_id == current_practice())


def _one_offering(chosen: Select[Any]) -> OfferingRow:
    row = db.session.execute(chosen).one_or_none()
    if row is None:
        raise NotFound
    return _offering(row)


def _one_package(chosen: Select[Any]) -> PackageRow:
    row = db.session.execute(chosen).one_or_none()
    if row is None:
        raise NotFound
    return _package(row)


def _offering(row: Any) -> OfferingRow:
    values = row._asdict()
    values |= {"status": OfferingStatus(values["status"]), "place_kind": PlaceKind(values["place_kind"])}
    return OfferingRow(**values)


def _package(row: Any) -> PackageRow:
    values = row._asdict()
    return PackageRow(**values | {"status": OfferingStatus(values["status"])})
