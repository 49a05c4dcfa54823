"""Ana's till: somebody books, pays, or does not; and the workers look after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from coachhub.booking.service.reading import BookingRow
from coachhub.payments.gateway import Told
from coachhub.payments.models import LedgerEntry, Purchase, Refund, StripeAccount, StripeEvent
from coachhub.payments.service.buying import buy_booking
from coachhub.payments.service.expiring import settle
from coachhub.payments.service.paying import open_payment
from coachhub.payments.service.purchases import PurchaseRow, purchase_of
from coachhub.payments.service.settling import sync_purchase
from coachhub.platform.db import db
from tests.booking.booked import NEXT_MONDAY, an_offering, as_nobody, held, read
from tests.cast import Cast
from tests.factories import LONG_AGO, Person
from tests.payments.fake_gateway import ACCOUNT, FakeGateway

_names = count(1)


@dataclass
class Till:
    """Where the money goes: Ana's account at the fake gateway, and her offering."""

    cast: Cast
    gateway: FakeGateway
    worker_app: Flask
    offering_id: UUID
    account_id: str = ACCOUNT
    is_counted: bool = True

    @classmethod
    def open(cls, cast: Cast, gateway: FakeGateway, worker_app: Flask) -> "Till":
        gateway.add_account(ACCOUNT)
        with as_nobody(cast):
            account = {"account_id": ACCOUNT, "card_payments": "active", "country": "GB", "created_at": LONG_AGO}
            db.session.add(StripeAccount(practice_id=cast.ana.practice_id, **account))
        return cls(cast, gateway, worker_app, an_offering(cast.app, cast.ana))

    @property
    def practice_id(self) -> UUID:
        return self.cast.ana.practice_id

    def hold(self, who: str = "Vera", starts_at: datetime = NEXT_MONDAY) -> UUID:
        """Somebody chooses a time."""
        return held(self.cast, who, self.offering_id, starts_at)

    def buy(self, booking_id: UUID) -> UUID:
        """They come to the page that asks for payment."""
        with as_nobody(self.cast):
            return buy_booking(booking_id)

    def open_page(self, purchase_id: UUID) -> str:
        """They go on to the gateway's page."""
        with self.cast.app.app_context():
            return open_payment(self.practice_id, purchase_id)

    def at_checkout(self, who: str = "Vera", starts_at: datetime = NEXT_MONDAY) -> tuple[UUID, UUID, str]:
        """A booking, its purchase, and the checkout that is open for it."""
        booking_id = self.hold(who, starts_at)
        purchase_id = self.buy(booking_id)
        self.open_page(purchase_id)
        return booking_id, purchase_id, self.gateway.the_checkout()

    def paid(self, who: str = "Vera", starts_at: datetime = NEXT_MONDAY) -> tuple[UUID, UUID]:
        """A booking that was paid, and its purchase."""
        booking_id, purchase_id, checkout_id = self.at_checkout(who, starts_at)
        self.gateway.pay(checkout_id)
        self.sync(purchase_id)
        return booking_id, purchase_id

    def paid_by_client(self, client: Person, starts_at: datetime) -> tuple[UUID, UUID]:
        """A booking that a client of Ana's has paid, signed in."""
        booking_id = held(self.cast, "Ben", self.offering_id, starts_at, email=client.email, client_id=client.client_id)
        purchase_id = self.buy(booking_id)
        self.open_page(purchase_id)
        self.gateway.pay(self.gateway.the_checkout())
        self.sync(purchase_id)
        return booking_id, purchase_id

    def sync(self, purchase_id: UUID) -> None:
        with self.worker_app.app_context():
            sync_purchase(self.practice_id, purchase_id)

    def settle(self) -> None:
        with self.worker_app.app_context():
            settle(self.practice_id)

    def tell(self, *told: Told) -> None:
        """The gateway's events reach the inbox: all that it has told, or these."""
        with as_nobody(self.cast):
            for event in told or self.gateway.events:
                db.session.merge(
                    StripeEvent(
                        practice_id=self.practice_id,
                        event_id=event.event_id,
                        account_id=event.account_id,
                        kind=event.kind,
                        object_id=event.object_id,
                        happened_at=event.happened_at,
                        received_at=event.happened_at + timedelta(seconds=next(_names) % 60),
                    )
                )

    def purchase(self, purchase_id: UUID) -> PurchaseRow:
        with as_nobody(self.cast):
            return purchase_of(purchase_id)

    def purchases(self) -> list[Purchase]:
        return self.rows(Purchase)

    def refunds(self) -> list[Refund]:
        return self.rows(Refund)

    def ledger(self) -> list[tuple[str, int]]:
        """Each entry: its kind and its amount."""
        return sorted((entry.kind, entry.amount) for entry in self.rows(LedgerEntry))

    def events(self) -> list[StripeEvent]:
        return self.rows(StripeEvent)

    def booking(self, booking_id: UUID) -> BookingRow:
        return read(self.cast, booking_id)

    def rows(self, table: type) -> list:  # type: ignore[type-arg]
        """All rows of a table."""
        with as_nobody(self.cast):
            found = select(table).where(table.practice_id == self.practice_id)  # type: ignore[attr-defined]
            return list(db.session.scalars(found))
