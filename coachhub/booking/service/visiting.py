"""What a visitor sees of a practice: its page, and one offering with those who give it. The visitor is nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from coachhub.accounts.models import Membership, Practice, User
from coachhub.booking.models import CoachProfile, Offering, OfferingCoach, OfferingStatus, PlaceKind, PracticePage
from coachhub.booking.service.offers import GivenBy, OfferingRow, PackageRow, offerings, packages
from coachhub.booking.service.profiles import PracticePageRow, practice_page
from coachhub.booking.service.slots import Slot, next_free
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import bind, bind_to_found, current_practice


@dataclass(frozen=True, slots=True)
class Bookable:
    """An offering as whoever books it sees it: whose it is, and who gives it, by name."""

    practice: PracticePageRow
    offering: OfferingRow
    coaches: tuple[GivenBy, ...]

    def coach_named(self, coach_id: UUID | None) -> GivenBy | None:
        """The coach of that id, where they give this offering."""
        return next((coach for coach in self.coaches if coach.coach_id == coach_id), None)


@dataclass(frozen=True, slots=True)
class CoachOnPage:
    """A coach as the practice page introduces them. `about` is Markdown."""

    name: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class OfferingOnPage:
    """An offering on the practice page, with its packages and the next time that is free."""

    offering: OfferingRow
    packages: tuple[PackageRow, ...]
    next_free: Slot | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """All of the practice page."""

    practice: PracticePageRow
    coaches: tuple[CoachOnPage, ...]
    offerings: tuple[OfferingOnPage, ...]


def enter_practice(slug: str, user_id: UUID | None, users_practice: UUID | None) -> None:
    """Bind the transaction to the practice at this address; to the person, too, where that is their practice.

    Raises NotFound.
    """
    practice_id = bind_to_found("practice_by_slug(:slug)", slug=slug)
    if practice_id is None:
        raise NotFound
    if practice_id == users_practice:
        bind(practice_id, user_id)


def public_page(now: datetime) -> PublicPage:
    """The page of the bound practice. Raises NotFound where the practice has closed it."""
    practice = practice_page()
    if not practice.is_open:
        raise NotFound
    sold = packages(open_only=True)
    listed = offerings(open_only=True)
    return PublicPage(practice, _coaches(), tuple(_on_page(offering, sold, now) for offering in listed))


def bookable_at(slug: str) -> Bookable:
    """The open offering at this address of the bound practice, hidden or not. Raises NotFound.

    While the practice page is closed there is nothing to book either.
    """
    return _bookable(Offering.slug == bindparam("slug"), {"slug": slug})


def bookable(offering_id: UUID) -> Bookable:
    """As `bookable_at`, by id, in whatever state: for those who have booked it already. Raises NotFound."""
    row = db.session.execute(_select(Offering.id == offering_id)).one_or_none()
    if row is None:
        raise NotFound
    return _read(row)


def _bookable(is_wanted: ColumnElement[bool], named: dict[str, str]) -> Bookable:
    row = db.session.execute(_select(is_wanted), named).one_or_none()
    found = _read(row) if row is not None else None
    if found is None or not found.practice.is_open or not found.offering.is_open:
        raise NotFound
    return found


def _on_page(offering: OfferingRow, sold: Iterable[PackageRow], now: datetime) -> OfferingOnPage:
    own = tuple(package for package in sold if package.offering_id == offering.id)
    return OfferingOnPage(offering, own, next_free(offering.id, now))


def _coaches() -> tuple[CoachOnPage, ...]:
    """Those who give something that is on the page; where nothing is, nobody is introduced."""
    profile = (CoachProfile.practice_id == Membership.practice_id) & (CoachProfile.coach_id == Membership.user_id)
    gives = (
        select(OfferingCoach.coach_id)
        .join(
            Offering, (Offering.practice_id == OfferingCoach.practice_id) & (Offering.id == OfferingCoach.offering_id)
        )
        .where(OfferingCoach.practice_id == current_practice(), Offering.status == OfferingStatus.OPEN)
        .where(~Offering.is_hidden)
    )
    chosen = (
        select(User.name, func.coalesce(CoachProfile.title, ""), func.coalesce(CoachProfile.about, ""))
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .outerjoin(CoachProfile, profile)
        .where(Membership.practice_id == current_practice(), Membership.role != "client")
        .where(Membership.user_id.in_(gives))
        .order_by(User.name, User.id)
    )
    return tuple(CoachOnPage(*row) for row in db.session.execute(chosen))


_PRACTICE = (
    *(Practice.id, Practice.slug, Practice.name, Practice.time_zone, Practice.currency, Practice.locale),
    *(Practice.accent, func.coalesce(PracticePage.headline, ""), func.coalesce(PracticePage.about, "")),
    func.coalesce(PracticePage.is_open, True),
)
_OFFERING_FIELDS = tuple(OfferingRow.__dataclass_fields__)
_OFFERING = tuple(getattr(Offering, name) for name in _OFFERING_FIELDS)


def _select(is_wanted: ColumnElement[bool]) -> Any:
    return (
        select(*_PRACTICE, *_OFFERING, _given_by())
        .select_from(Offering)
        .join(Practice, Practice.id == Offering.practice_id)
        .outerjoin(PracticePage, PracticePage.practice_id == Offering.practice_id)
        .where(Offering.practice_id == current_practice(), is_wanted)
    )


def _given_by() -> Any:
    """Everybody who gives the offering, as one value: the page's single statement says it all."""
    profile = (CoachProfile.practice_id == OfferingCoach.practice_id) & (
        CoachProfile.coach_id == OfferingCoach.coach_id
    )
    staff = (Membership.practice_id == OfferingCoach.practice_id) & (Membership.user_id == OfferingCoach.coach_id)
    said = func.json_build_array(User.id, User.name, func.coalesce(CoachProfile.title, ""))
    return (
        select(func.coalesce(func.json_agg(aggregate_order_by(said, User.name, User.id)), func.json_build_array()))
        .select_from(OfferingCoach)
        .join(Membership, staff)
        .join(User, User.id == OfferingCoach.coach_id)
        .outerjoin(CoachProfile, profile)
        .where(OfferingCoach.practice_id == Offering.practice_id, OfferingCoach.offering_id == Offering.id)
        .where(Membership.role != "client")
        .scalar_subquery()
    )


def _read(row: Sequence[Any]) -> Bookable:
    practice = PracticePageRow(*row[: len(_PRACTICE)])
    values = dict(zip(_OFFERING_FIELDS, row[len(_PRACTICE) : -1], strict=True))
    values |= {"status": OfferingStatus(values["status"]), "place_kind": PlaceKind(values["place_kind"])}
    coaches = tuple(GivenBy(UUID(coach_id), name, title) for coach_id, name, title in row[-1])
    return Bookable(practice, OfferingRow(**values), coaches)
