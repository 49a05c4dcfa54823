"""What a visitor sees of a practice: its page, and one offering with those who give it. The visitor is nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func, select, text

from coachhub.accounts.models import Membership, User
from coachhub.booking.models import CoachProfile, Offering, OfferingCoach, OfferingStatus, PlaceKind
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
    found = _one(_BY_SLUG, slug=slug)
    if not found.practice.is_open or not found.offering.is_open:
        raise NotFound
    return found


def bookable(offering_id: UUID) -> Bookable:
    """As `bookable_at`, by id, in whatever state: for those who have booked it already. Raises NotFound."""
    return _one(_BY_ID, offering_id=offering_id)


def _one(statement: TextClause, **named: object) -> Bookable:
    row = db.session.execute(statement, {"practice_id": current_practice(), **named}).one_or_none()
    if row is None:
        raise NotFound
    return _read(row)


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


_PRACTICE_FIELDS = len(PracticePageRow.__dataclass_fields__)
_OFFERING_FIELDS = tuple(OfferingRow.__dataclass_fields__)
# Written out, because the page that shows a month of free times may not take longer than that: building and comparing
# a statement of sixty columns costs more than running it.
_SELECT = f"""
    select p.id, p.slug, p.name, p.time_zone, p.currency, p.locale, p.accent,
        coalesce(page.headline, ''), coalesce(page.about, ''), coalesce(page.is_open, true),
        {", ".join(f"o.{name}" for name in _OFFERING_FIELDS)},
        (select coalesce(json_agg(json_build_array(u.id, u.name, coalesce(c.title, '')) order by u.name, u.id), '[]')
            from offering_coaches g
                join memberships m on m.practice_id = g.practice_id and m.user_id = g.coach_id
                join users u on u.id = g.coach_id
                left join coach_profiles c on c.practice_id = g.practice_id and c.coach_id = g.coach_id
            where g.practice_id = o.practice_id and g.offering_id = o.id and m.role <> 'client')
    from offerings o
        join practices p on p.id = o.practice_id
        left join practice_pages page on page.practice_id = o.practice_id
    where o.practice_id = :practice_id and """  # noqa: S608 (names of our own columns)
_BY_SLUG, _BY_ID = text(f"{_SELECT} o.slug = :slug"), text(f"{_SELECT} o.id = :offering_id")


def _read(row: Sequence[Any]) -> Bookable:
    practice = PracticePageRow(*row[:_PRACTICE_FIELDS])
    values = dict(zip(_OFFERING_FIELDS, row[_PRACTICE_FIELDS:-1], strict=True))
    values |= {"status": OfferingStatus(values["status"]), "place_kind": PlaceKind(values["place_kind"])}
    coaches = tuple(GivenBy(UUID(coach_id), name, title) for coach_id, name, title in row[-1])
    return Bookable(practice, OfferingRow(**values), coaches)
