"""Ben's packages: bought of Ana, or given by her."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from coachhub.booking.models import Package, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.payments.models import CreditEntry
from coachhub.payments.service.buying import Buyer, buy_package
from coachhub.payments.service.credits import HoldingRow, book_with_credit, credits_of, holdings_of
from coachhub.payments.service.giving_credits import Gift, grant_credits
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import NEXT_MONDAY, as_nobody, held
from tests.factories import LONG_AGO, Person
from tests.payments.till import Till


@dataclass
class Shelf:
    """Packages of Ana's hour, and what Ben does with them."""

    till: Till
    person: Person

    @property
    def ben(self) -> UUID:
        assert self.person.client_id is not None
        return self.person.client_id

    def package(self, slug: str = "five", **more: Any) -> UUID:
        """Five hours for 400 pounds, good for half a year, unless said otherwise."""
        package_id = uuid4()
        said = {"title": "Five hours", "status": "open", "sessions": 5, "price": 40_000, "currency": "GBP"}
        said |= {"valid_days": 180, "created_at": LONG_AGO, "changed_at": LONG_AGO, "slug": slug}
        with as_nobody(self.till.cast):
            key = {"practice_id": self.till.practice_id, "id": package_id, "offering_id": self.till.offering_id}
            db.session.add(Package(**key, **said | more))
        return package_id

    def given(self, sessions: int = 3, expires_at: datetime | None = None) -> UUID:
        """Ana gives Ben some hours."""
        gift = Gift(self.till.offering_id, sessions, "a thank-you", expires_at)
        ana = self.till.cast.ana
        with self.till.cast.app.app_context(), as_practice(ana.practice_id, ana.user_id):
            return grant_credits(self.ben, gift, ana.user_id)

    def hold(self, starts_at: datetime = NEXT_MONDAY) -> UUID:
        """Ben holds a time."""
        said = {"email": self.person.email, "client_id": self.ben}
        return held(self.till.cast, "Ben", self.till.offering_id, starts_at, **said)

    def use(self, booking_id: UUID, holding_id: UUID | None = None) -> None:
        """He pays with a session."""
        with as_nobody(self.till.cast):
            book_with_credit(booking_id, holding_id)

    def booked(self, starts_at: datetime = NEXT_MONDAY) -> UUID:
        """A booking that a session paid for."""
        booking_id = self.hold(starts_at)
        self.use(booking_id)
        return booking_id

    def cancel(self, booking_id: UUID, by: Side = Side.CLIENT) -> None:
        with as_nobody(self.till.cast):
            cancel_booking(booking_id, by)

    def left(self) -> int:
        """How many sessions he can use now."""
        with as_nobody(self.till.cast):
            return sum(row.left for row in credits_of(self.ben, clock.now()))

    def holdings(self) -> tuple[HoldingRow, ...]:
        with as_nobody(self.till.cast):
            return holdings_of(self.ben)

    def entries(self) -> list[tuple[str, int, int]]:
        """What came and went, in order: why, how many, and which time of its booking."""
        own = {row.id for row in self.holdings()}
        mine = [row for row in self.till.rows(CreditEntry) if row.holding_id in own]
        rows = sorted(mine, key=lambda row: (row.created_at, row.id))
        return [(row.kind, row.count, row.number) for row in rows]

    def buys(self, package_id: UUID) -> UUID:
        """He pays for a package; returns the purchase."""
        buyer = Buyer("Ben Berger", self.person.email, "en_GB", "Europe/London", self.ben)
        with as_nobody(self.till.cast):
            purchase_id = buy_package(package_id, buyer)
        self.till.open_page(purchase_id)
        self.till.gateway.pay(self.till.gateway.the_checkout())
        self.till.sync(purchase_id)
        return purchase_id
