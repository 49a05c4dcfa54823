"""How the demo's clients pay: by the session, with a package, or by a bill; and what went wrong with some of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from coachhub.booking.models import PaidWith
from coachhub.demo.bookings import SESSION, Booked, Visit
from coachhub.demo.office import Offers
from coachhub.demo.till import Paid, Till, Wanted
from coachhub.demo.wares import COUPONS_USED, PACKAGES, PACKAGES_SOLD, PAYING
from coachhub.demo.who import new_id
from coachhub.payments.models import CreditEntry, CreditKind, Holding, PurchaseStatus
from coachhub.payments.rules.credits import WRITTEN_OFF_AFTER

_PACKAGES: dict[str, dict[str, Any]] = {str(package["slug"]): package for package in PACKAGES}
_PARTLY_BACK, _NOT_BACK, _DISPUTED = (3, 3), (7, 1), (1, 3)
"""By client and session: what was given back in part, what could not be given back, what a bank questioned."""
_ALL_BACK, _GIVEN = 23, 5
"""Who gave a package back, and who was given an hour."""
_AT_THE_BANK, _REFUSED = 19, 29
"""Whose bank has not decided yet on a package, and whose has refused."""


@dataclass
class _Package:
    """A package that a client has, and what is left of it."""

    row: dict[str, Any]
    left: int

    def is_good_at(self, at: datetime) -> bool:
        """Whether a session can be paid with it."""
        expires_at = self.row["expires_at"]
        return bool(self.left and self.row["created_at"] <= at and (expires_at is None or at < expires_at))


class Purses:
    """Writes how clients pay, by way of a till: `fill` comes first, `close` last."""

    def __init__(self, till: Till, offers: Offers) -> None:
        self.till, self.offers = till, offers
        self.session_id = offers.offerings[SESSION.slug]
        self.packages: dict[int, _Package] = {}

    def fill(self, clients: Iterable[tuple[int, Booked]]) -> None:
        """Open the till and sell packages to some of these clients, by their numbers; one gets an hour for nothing."""
        self.till.open()
        for number, who in clients:
            if number in PACKAGES_SOLD:
                self._sell(number, who, *PACKAGES_SOLD[number])
            elif number == _GIVEN:
                self._give(number, who)
            elif number in (_AT_THE_BANK, _REFUSED):
                waits = number == _AT_THE_BANK
                wanted = self._wanted(who, "five-sessions", self._ago(1 if waits else 45))
                self.till.begin(wanted, PurchaseStatus.WAITING if waits else PurchaseStatus.FAILED)

    def pay(self, number: int, session: int, booking_id: UUID, who: Booked, said: dict[str, Any]) -> PaidWith:
        """Pay for a booking, the client's so-manyth from the newest on; `said` is its session."""
        booked_at, off_at = said["created_at"], said["cancelled_at"]
        package = self.packages.get(number)
        if package is not None and package.is_good_at(booked_at):
            self._use(package, booking_id, booked_at, off_at)
            return PaidWith.CREDIT
        if number not in PAYING:
            return PaidWith.COACH
        code, off = COUPONS_USED.get((number, session), ("", 0))
        wanted = Wanted(who, SESSION.title, SESSION.price, booked_at, booking_id, None, self._coupon(code), off)
        sold = self.till.sell(wanted)
        if off_at is not None:
            self.till.give_back(sold, sold.amount, off_at)
        self._go_wrong((number, session), sold)
        return PaidWith.MONEY

    def pay_now(self, visit: Visit) -> None:
        """A visitor is on the page of payment, with a coupon; or was, and did not pay in time."""
        code, off = ("FRIEND-10", SESSION.price // 10) if visit.is_held else ("", 0)
        what = (SESSION.title, SESSION.price, visit.at, visit.booking_id)
        wanted = Wanted(visit.who, *what, coupon_id=self._coupon(code), discount=off)
        self.till.begin(wanted, PurchaseStatus.OPEN if visit.is_held else PurchaseStatus.EXPIRED)

    def close(self) -> None:
        """Write off what is over, and hand out receipts."""
        for package in self.packages.values():
            expires_at = package.row["expires_at"]
            over_at = expires_at + WRITTEN_OFF_AFTER if expires_at else self.till.now
            is_over = over_at < self.till.now
            if is_over and package.left:
                self._enter(package, CreditKind.EXPIRED, -package.left, over_at)
            self.till.sheets.add(Holding, **package.row, expired_at=over_at if is_over else None)
        self.till.hand_out_receipts()

    def _sell(self, number: int, who: Booked, slug: str, days: int) -> None:
        sold = self.till.sell(self._wanted(who, slug, self._ago(days)))
        values = _PACKAGES[slug]
        expires_at = sold.paid_at + timedelta(days=values["valid_days"])
        named = {"package_id": self.offers.packages[slug], "purchase_id": sold.purchase_id, "granted_by": None}
        stands = {"title": values["title"], "sessions": values["sessions"], "expires_at": expires_at}
        self._hold(number, who, CreditKind.BOUGHT, sold.paid_at, "", {**named, **stands})
        if number == _ALL_BACK:
            off_at = sold.paid_at + timedelta(days=6)
            self.till.give_back(sold, sold.amount, off_at, "Moves to Lisbon, and will find a coach there")
            self._enter(self.packages[number], CreditKind.REVOKED, -values["sessions"], off_at)

    def _give(self, number: int, who: Booked) -> None:
        named: dict[str, Any] = {"package_id": None, "purchase_id": None, "granted_by": self.till.owner_id}
        stands = {"title": SESSION.title, "sessions": 1, "expires_at": None}
        why = "For the hour that I had to move twice"
        self._hold(number, who, CreditKind.GRANTED, self._ago(12), why, named | stands)

    def _hold(
        self, number: int, who: Booked, kind: CreditKind, at: datetime, note: str, stands: dict[str, Any]
    ) -> None:
        its = {"id": new_id(self.till.chance), "client_id": who.client_id, "offering_id": self.session_id}
        row = {"practice_id": self.till.practice_id, **its, **stands, "created_at": at}
        self.packages[number] = _Package(row, 0)
        self._enter(self.packages[number], kind, stands["sessions"], at, note=note)

    def _use(self, package: _Package, booking_id: UUID, at: datetime, off_at: datetime | None) -> None:
        self._enter(package, CreditKind.USED, -1, at, booking_id)
        if off_at is not None:
            self._enter(package, CreditKind.RETURNED, 1, off_at, booking_id)

    def _enter(
        self,
        package: _Package,
        kind: CreditKind,
        count: int,
        at: datetime,
        booking_id: UUID | None = None,
        note: str = "",
    ) -> None:
        package.left += count
        self.till.sheets.add(
            CreditEntry,
            practice_id=self.till.practice_id,
            id=new_id(self.till.chance),
            holding_id=package.row["id"],
            kind=kind.value,
            count=count,
            booking_id=booking_id,
            created_at=at,
            note=note,
        )

    def _go_wrong(self, which: tuple[int, int], sold: Paid) -> None:
        if which == _PARTLY_BACK:
            self.till.give_back(sold, 4_000, self._ago(40), "The line broke down for twenty minutes")
        elif which == _NOT_BACK:
            trouble = "The balance of the account is too low for this refund."
            self.till.fail_to_give_back(sold, 6_000, self._ago(9), "Half of it, as agreed on the phone", trouble)
        elif which == _DISPUTED:
            self.till.dispute(sold, self._ago(60), self._ago(38))

    def _wanted(self, who: Booked, slug: str, at: datetime) -> Wanted:
        values = _PACKAGES[slug]
        return Wanted(who, values["title"], values["price"], at, package_id=self.offers.packages[slug])

    def _coupon(self, code: str) -> UUID | None:
        return self.offers.coupons[code] if code else None

    def _ago(self, days: int) -> datetime:
        return self.till.now - timedelta(days=days)
