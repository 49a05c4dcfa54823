"""What a visitor sees of a practice: its page, and one offering with those who give it. The visitor is nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import text

from coachhub.accounts.service.logos import LogoMark
from coachhub.booking.rules.slots import Diary, Terms
from coachhub.booking.service.offers import GivenBy, OfferingRow, PackageRow, offerings, packages
from coachhub.booking.service.profiles import PracticePageRow, practice_page
from coachhub.booking.service.settled import (
    NOTHING_KNOWN,
    CoachOnPage,
    SettledPage,
    begun_told,
    memory_of,
    offering_told,
    settled_told,
)
from coachhub.booking.service.slots import SOON, Slot, later_free, next_free, soon_free
from coachhub.booking.service.taken import Ahead, Offer, around, read_offer
from coachhub.platform.db import db, telling
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import bind, bind_and_read, bind_and_read_all, bind_to_found, current_practice

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
    page = _page_told(*_told(slug, now), second)
    if page.practice.practice_id == users_practice:
        bind(users_practice, user_id)
    return _looked_further(page, now)


def _told(slug: str, now: datetime) -> tuple[SettledPage, str | None, str | None]:
    """What is settled of a practice's page, what is taken of its coaches' time, and what is booked.

    What is settled is told only where this process has not read it as it is now. Raises NotFound.
    """
    memory, looked = memory_of(slug), around(now, now + SOON)
    days = looked["first_day"], looked["last_day"]
    known = memory.settled if memory.settled is not None and memory.settled.days == days else None
    asked = {"practice": slug, **(known.asked if known else NOTHING_KNOWN), **looked}
    stamp, settled, taken, begun = bind_and_read_all(_PAGE, asked)
    if stamp is None:
        raise NotFound
    if settled is not None or known is None:
        known = memory.settled = settled_told(stamp, days, settled)
    return known, taken, begun


@lru_cache(maxsize=8)
def _page_told(settled: SettledPage, taken: str | None, begun: str | None, second: int) -> PublicPage:
    """Of what `page_visited` has told: visitors of one second who are told the same see the same. It asks nothing.

    An offering's next time is missing where it is not `SOON`.
    """
    if not settled.practice.is_open:
        raise NotFound
    now = datetime.fromtimestamp(second, UTC)
    diaries, counted = settled.diaries_with(taken), begun_told(begun)
    offerings = (
        _on_page(each, settled.packages, soon_free(each.id, now, ahead=Ahead(offer, now, now + SOON, counted)))
        for each, coach_ids in settled.offerings
        for offer in (_offer(each, coach_ids, diaries),)
    )
    return PublicPage(settled.practice, settled.coaches, tuple(offerings), settled.logo)


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


def _offer(offering: OfferingRow, coach_ids: Sequence[UUID], diaries: Mapping[UUID, Diary]) -> Offer | None:
    """None where nobody gives it."""
    if not coach_ids:
        return None
    return Offer(offering.is_open, _terms(offering), tuple(diaries[coach_id] for coach_id in coach_ids))


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


# Functions of the database, because a session plans what they read once: see migrations 0045 and 0078.
_PAGE = telling(
    "select practice_id, stamp, settled, taken, begun from page_visited(:practice, :known, :coaches, :counted, "
    ":first, :last, :first_day, :last_day)",
    *("practice_id", "stamp", "settled", "taken", "begun"),
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
    return Bookable(PracticePageRow(UUID(practice_id), *of_practice), offering_told(of_offering), given_by)
