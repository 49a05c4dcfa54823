"""What a client finds when they want to book: what the practice offers, and what they booked last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachhub.booking.service.offers import packages
from coachhub.booking.service.profiles import PracticePageRow, practice_page
from coachhub.booking.service.reading import BookingRow, bookings_of_client
from coachhub.booking.service.slots import next_free
from coachhub.booking.service.visiting import Bookable, OfferingOnPage, bookable, on_offer
from coachhub.platform.errors import NotFound


@dataclass(frozen=True, slots=True)
class Again:
    """What was booked last and can be booked again. `coach_id`: with the same coach, where there is a choice."""

    offer: OfferingOnPage
    coach_id: UUID | None
    last: BookingRow


@dataclass(frozen=True, slots=True)
class OwnOffers:
    """Of the practice: what was booked last, and all else that is offered. Both are empty while its page is closed."""

    practice: PracticePageRow
    again: Again | None
    others: tuple[OfferingOnPage, ...]


def offers_for(client_id: UUID, now: datetime) -> OwnOffers:
    """What a client may book now. What there is once for each person they do not see again."""
    practice, mine = practice_page(), bookings_of_client(client_id)
    if not practice.is_open:
        return OwnOffers(practice, None, ())
    again, had_intro = _again(mine, now), any(booking.is_intro for booking in mine)
    shown = [offer for offer in on_offer(now) if not (offer.offering.is_intro and had_intro)]
    others = tuple(offer for offer in shown if again is None or offer.offering.id != again.offer.offering.id)
    return OwnOffers(practice, again, others)


def _again(mine: Sequence[BookingRow], now: datetime) -> Again | None:
    """The offering booked last, by its link also where the page does not list it."""
    for last in mine:
        found = _bookable(last)
        if found is not None:
            coach_id = last.coach_id if found.offering.coach_choice else None
            its = tuple(each for each in packages(open_only=True) if each.offering_id == found.offering.id)
            offer = OfferingOnPage(found.offering, its, next_free(found.offering.id, now, coach_id))
            return Again(offer, coach_id, last)
    return None


def _bookable(last: BookingRow) -> Bookable | None:
    if last.offering_id is None or last.is_intro:
        return None
    try:
        found = bookable(last.offering_id)
    except NotFound:
        return None
    return found if found.offering.is_open else None
