"""Mails about money: whoever paid, with an account or without; and the coach whose time it was for."""

from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import aliased

from coachhub.accounts.models import Practice, User
from coachhub.booking.models import Booking, Offering
from coachhub.booking.service.visitor_links import booking_address
from coachhub.payments.models import Purchase
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import Letter, Recipient
from coachhub.reminders.kinds.zones import zone_named

seller = aliased(User, name="seller")
"""The coach with whom something was bought; nobody where a package was."""

BUYERS = (
    Purchase.title,
    Purchase.name,
    Purchase.email,
    Purchase.locale,
    Purchase.time_zone,
    Purchase.amount,
    Purchase.currency,
    Purchase.booking_id,
    Booking.starts_at,
    Booking.status.label("booking_status"),
    seller.id.label("coach_id"),
    seller.name.label("coach_name"),
    seller.email.label("coach_email"),
    Practice.name.label("practice_name"),
    Practice.slug.label("practice_slug"),
    Offering.slug.label("offering_slug"),
)


def join_buyers(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join what was bought, the coach, and the practice, to a query that has the purchase."""
    offering = and_(Offering.practice_id == Booking.practice_id, Offering.id == Booking.offering_id)
    return (
        query.outerjoin(Booking, and_(Booking.practice_id == Purchase.practice_id, Booking.id == Purchase.booking_id))
        .outerjoin(Offering, offering)
        .outerjoin(seller, seller.id == Booking.coach_id)
        .join(Practice, Practice.id == Purchase.practice_id)
    )


def letter_to_buyer(row: Any, leads_to: str, facts: object) -> Letter:
    """A letter to whoever paid, at the address they gave, from the coach where there is one."""
    return Letter(
        to=Recipient(row.email, row.name, row.locale, zone_named(row.time_zone)),
        coach_name=row.coach_name,
        reply_to=row.coach_email,
        practice_name=row.practice_name,
        leads_to=leads_to,
        facts=facts,
    )


def page_of_purchase(row: Any) -> str:
    """Where it stands how things are: the page of the booking, or the practice's."""
    return booking_address(row.booking_id) if row.booking_id else page_to_book(row)


def page_to_book(row: Any) -> str:
    """Where another time is chosen: of the same offering, or of whatever the practice has."""
    return address_of("/".join(part for part in (f"/p/{row.practice_slug}", row.offering_slug) if part))
