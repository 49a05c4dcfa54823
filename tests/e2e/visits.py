"""What a visitor can open of Ana's practice: its page, the booker, a booking and a wait."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
from sqlalchemy import select

from coachhub.booking.models import PaidWith
from coachhub.booking.service.confirming import confirm_booking
from coachhub.booking.service.holding import hold_slot
from coachhub.booking.service.visitor_links import booking_token, wait_token
from coachhub.booking.service.waiting import WaitAsked, ask_to_be_told
from coachhub.payments.models import Purchase
from coachhub.platform import clock, tokens
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import asked_by
from tests.booking.visited import an_offer, open_shop
from tests.cast import Cast

_OF_BOOKING = ("booking.booking", "booking.move", "booking.cancel", "booking.booking_calendar")


@dataclass(frozen=True)
class Visits:
    """What the addresses need: the practice's and the offering's names, and the tokens of links."""

    names: dict[str, str]
    tokens: dict[str, str]


def visits_to(cast: Cast, admin: psycopg.Connection) -> Visits:
    """Ana's practice is open; Vera has booked a time next week, and waits for another."""
    shop = open_shop(cast, admin)
    offering_id = an_offer(cast.app, "intro", cast.ana)
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        booking_id = hold_slot(asked_by("Vera", offering_id, clock.now() + timedelta(days=7)))
        confirm_booking(booking_id, PaidWith.NOTHING)
        links = dict.fromkeys(_OF_BOOKING, booking_token(booking_id))
        links["booking.waiting"] = wait_token(_wait(offering_id))
    names = {"slug": shop.slug, "offering": "intro", "package": "five", "colour": "b5179e"}
    return Visits(names, links | _payments(cast))


def _payments(cast: Cast) -> dict[str, str]:
    """Wim holds a time that he has not paid for, and Ben has paid for the package of the story."""
    offering_id, practice_id = an_offer(cast.app, "paid", cast.ana, price=9000, title="One hour"), cast.ana.practice_id
    with cast.app.app_context(), as_practice(practice_id):
        booking_id = hold_slot(asked_by("Wim", offering_id, clock.now() + timedelta(days=8)))
        bought = select(Purchase.id).where(Purchase.practice_id == practice_id, Purchase.package_id.is_not(None))
        package = tokens.sign("purchase", practice_id, db.session.scalars(bought).one())
        held = dict.fromkeys(("payments.pay", "payments.paid"), booking_token(booking_id))
    return held | dict.fromkeys(("payments.package_pay", "payments.package_paid"), package)


def _wait(offering_id: UUID) -> UUID:
    day = clock.now().date() + timedelta(days=9)
    who = {"name": "Vera", "email": "vera@example.org", "time_zone": "Europe/London", "locale": "en_GB"}
    return ask_to_be_told(WaitAsked(offering_id, None, None, **who, first_day=day, last_day=day))
