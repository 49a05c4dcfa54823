"""What a visitor sees of a practice: its page, and one offering with those who give it. The visitor is nobody."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import text

from coachhub.accounts.service.logos import LogoMark
from coachhub.booking.models import OfferingStatus, PlaceKind
from coachhub.booking.rules.slots import Diary, Terms
from coachhub.booking.service.offers import GivenBy, OfferingRow, PackageRow, offerings, packages
from coachhub.booking.service.profiles import PracticePageRow, practice_page
from coachhub.booking.service.slots import SOON, Slot, later_free, next_free, soon_free
from coachhub.booking.service.taken import Ahead, Offer, around, counted_around, read_diary, read_offer
from coachhub.platform.db import db, telling
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import bind, bind_and_read, bind_to_found, current_practice
from coachhub.platform.told import id_told

Span = tuple[datetime, datetime]
"""From one instant until another."""


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
    logo: LogoMark | None


def enter_practice(slug: str, user_id: UUID | None, users_practice: UUID | None) -> None:
    """Bind the transaction to the practice at this address; to the person, too, where that is their practice.

    Raises NotFound.
    """
    practice_id = bind_to_found("practice_by_slug(:slug)", slug=slug)
    if practice_id is None:
        raise NotFound
    if practice_id == users_practice:
        bind(practice_id, user_id)


def visit_practice(slug: str, user_id: UUID | None, users_practice: UUID | None, now: datetime) -> PublicPage:
    """As `enter_practice`, and its page, in one statement. Raises NotFound also where the practice has closed it."""
    second = ceil(now.timestamp())  # which is all that free times depend on
    now = datetime.fromtimestamp(second, UTC)
    last = now + SOON
    answer = bind_and_read(_PAGE, practice=slug, **around(now, last), **counted_around(now, last))
    if answer is None:
        raise NotFound
    page = _page_told(answer, second)
    if page.practice.practice_id == users_practice:
        bind(users_practice, user_id)
    return _looked_further(page, now)


@lru_cache(maxsize=8)
def _page_told(answer: str, second: int) -> PublicPage:
    """The answer of `practice_visited`: visitors of one second who are told the same see the same. It asks nothing.

    An offering's next time is missing where it is not `SOON`.
    """
    (practice_id, *of_practice), logo, coaches, sold, listed, diaries, counted = json.loads(answer)
    practice = PracticePageRow(UUID(practice_id), *of_practice)
    if not practice.is_open:
        raise NotFound
    now = datetime.fromtimestamp(second, UTC)
    coach, offering = cache(UUID), cache(id_told)  # of all bookings the same few
    begun = [(coach(coach_id), float(start), offering(offering_id)) for coach_id, start, offering_id in counted]
    packages = [_package(package) for package in sold]
    told = ([coach_id, zone or practice.time_zone, *others] for coach_id, zone, *others in diaries)
    read = {diary.coach_id: diary for diary in map(read_diary, told)}
    offerings = (
        _on_page(offering, packages, soon_free(offering.id, now, ahead=Ahead(offer, now, now + SOON, begun)))
        for told, coach_ids in listed
        for offering in (_offering(told),)
        for offer in (_offer(offering, coach_ids, read),)
    )
    mark = LogoMark(logo[0], logo[1], datetime.fromisoformat(logo[2])) if logo else None
    return PublicPage(practice, tuple(CoachOnPage(*coach) for coach in coaches), tuple(offerings), mark)


def _looked_further(page: PublicPage, now: datetime) -> PublicPage:
    """With the next time also of an offering that has none soon: what decides that was not read along."""
    if all(each.next_free for each in page.offerings):
        return page
    found = (
        each if each.next_free else replace(each, next_free=later_free(each.offering.id, now))
        for each in page.offerings
    )
    return replace(page, offerings=tuple(found))


def on_offer(now: datetime) -> tuple[OfferingOnPage, ...]:
    """What the page of the bound practice lists. Raises NotFound where the practice has closed it."""
    if not practice_page().is_open:
        raise NotFound
    sold = packages(open_only=True)
    found = offerings(open_only=True)
    return tuple(_on_page(offering, sold, next_free(offering.id, now)) for offering in found)


def enter_offering(
    slug: str, offering: str, user_id: UUID | None, users_practice: UUID | None, looks: Span | None = None
) -> tuple[Bookable, Ahead | None]:
    """As `enter_practice`, and the open offering at this address of it, hidden or not. Raises NotFound.

    While the practice page is closed there is nothing to book either. Where the visitor `looks` at the times from one
    instant until another, what is taken of them is read along, in the same statement.
    """
    span = around(*looks) if looks else dict.fromkeys(("first", "last", "first_day", "last_day"))
    answer = bind_and_read(_BY_SLUGS, practice=slug, offering=offering, **span)
    if answer is None:
        raise NotFound
    found, offer = _read(answer[0]), answer[1]
    if not found.practice.is_open or not found.offering.is_open:
        raise NotFound
    if found.practice.practice_id == users_practice:
        bind(users_practice, user_id)
    return found, Ahead(read_offer(offer), *looks) if looks else None


def bookable(offering_id: UUID) -> Bookable:
    """An offering of the bound practice in whatever state: for those who have booked it already. Raises NotFound."""
    asked = {"practice": current_practice(), "offering": offering_id}
    return _read(db.session.execute(_BY_ID, asked).scalar_one())


def _on_page(offering: OfferingRow, sold: Iterable[PackageRow], free: Slot | None) -> OfferingOnPage:
    return OfferingOnPage(offering, tuple(package for package in sold if package.offering_id == offering.id), free)


def _offer(offering: OfferingRow, coach_ids: Sequence[str] | None, diaries: Mapping[UUID, Diary]) -> Offer | None:
    """None where nobody gives it."""
    if not coach_ids:
        return None
    return Offer(offering.is_open, _terms(offering), tuple(diaries[UUID(coach_id)] for coach_id in coach_ids))


def _terms(offering: OfferingRow) -> Terms:
    return Terms(
        minutes=offering.minutes,
        buffer_before=offering.buffer_before,
        buffer_after=offering.buffer_after,
        notice_minutes=offering.notice_minutes,
        horizon_days=offering.horizon_days,
        step_minutes=offering.step_minutes,
        daily_limit=offering.daily_limit,
    )


_OFFERING_FIELDS = tuple(OfferingRow.__dataclass_fields__)
# Functions of the database, because a session plans what they read once: see migrations 0045 and 0069.
_PAGE = telling(
    "select practice_id, cast(answer as text) as answer "
    "from practice_visited(:practice, :first, :last, :first_day, :last_day, :counted_from, :counted_until, :counted)",
    *("practice_id", "answer"),
)
_BY_SLUGS = text(
    "select practice_id, answer from visited_offering(:practice, :offering, :first, :last, :first_day, :last_day)"
)
_BY_ID = text("select offering_to_book(:practice, :offering)")


def _read(answer: Any) -> Bookable:
    """The answer of those functions: the columns of a practice, of an offering, and of its coaches."""
    if answer is None:
        raise NotFound
    (practice_id, *of_practice), of_offering, coaches = answer
    given_by = tuple(GivenBy(UUID(coach_id), name, title) for coach_id, name, title in coaches)
    return Bookable(PracticePageRow(UUID(practice_id), *of_practice), _offering(of_offering), given_by)


def _offering(told: Sequence[Any]) -> OfferingRow:
    values = dict(zip(_OFFERING_FIELDS, told, strict=True))
    kinds = {"status": OfferingStatus(values["status"]), "place_kind": PlaceKind(values["place_kind"])}
    return OfferingRow(**values | kinds | {"id": UUID(values["id"])})


def _package(told: Sequence[Any]) -> PackageRow:
    package_id, offering_id, slug, title, description, status, *others = told
    return PackageRow(UUID(package_id), UUID(offering_id), slug, title, description, OfferingStatus(status), *others)
