"""The demo's till: purchases, and what the pretended gateway keeps of each of them.

Every row stands as the application and the gateway would have left it, so that comparing both finds nothing to mend.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from coachhub.demo import people
from coachhub.demo.bookings import Booked
from coachhub.demo.sheets import Sheets
from coachhub.demo.wares import SELLER
from coachhub.demo.who import new_id
from coachhub.payments.models import (
    Dispute,
    EntryKind,
    LedgerEntry,
    PretendObject,
    Purchase,
    PurchaseStatus,
    Receipt,
    Refund,
    RefundReason,
    RefundStatus,
    StripeAccount,
)
from coachhub.payments.pretend_gateway import ACCOUNT, CHECKOUT, PAYMENT, REFUND, id_of
from coachhub.payments.rules.amounts import platform_fee
from coachhub.payments.rules.waiting import CHECKOUT_LASTS, look_at_bank
from coachhub.platform import tokens
from coachhub.platform.links import address_of
from coachhub.platform.ports import ports

_AGO = timedelta(days=300)
_A_MINUTE, _TO_PAY = timedelta(minutes=1), timedelta(minutes=2)
_ALL = 10_000
_CURRENCY = people.PRACTICE[3]
_BANK_SAYS = {
    PurchaseStatus.PAID: "succeeded",
    PurchaseStatus.WAITING: "processing",
    PurchaseStatus.FAILED: "requires_payment_method",
}
"""How the payment stands of a purchase that has one."""


@dataclass(frozen=True)
class Wanted:
    """What somebody buys, when they begin to, for how many pence; of a booking or of a package."""

    who: Booked
    title: str
    price: int
    at: datetime
    booking_id: UUID | None = None
    package_id: UUID | None = None
    coupon_id: UUID | None = None
    discount: int = 0


@dataclass(frozen=True)
class Paid:
    """A purchase with its money; `amount` in pence."""

    purchase_id: UUID
    payment_id: str
    amount: int
    paid_at: datetime


@dataclass(frozen=True)
class _Stands:
    """Where a refund stands: by which name the gateway knows it, or why it does not."""

    status: RefundStatus
    reference: str | None
    trouble: str = ""


@dataclass
class Till:
    """Writes into the sheets what was bought. Runs as the practice; `now` is the instant at which the story stops."""

    sheets: Sheets
    chance: random.Random
    now: datetime
    practice_id: UUID
    owner_id: UUID
    account_id: str = ""
    paid: list[Paid] = field(default_factory=list)
    disputes: dict[UUID, list[dict[str, Any]]] = field(default_factory=dict)

    def open(self) -> None:
        """Connect the practice: its account takes cards."""
        since = self.now - _AGO
        said = {"country": "GB", "card_payments": "active"}
        self.account_id = self._keep(ACCOUNT, f"account:{self.practice_id}", said, since)
        stands = {"account_id": self.account_id, **said, "created_at": since, "checked_at": self.now}
        self.sheets.add(StripeAccount, practice_id=self.practice_id, **stands)

    def sell(self, wanted: Wanted) -> Paid:
        """Somebody buys, and pays at once."""
        purchase_id, payment_id = self.begin(wanted, PurchaseStatus.PAID)
        sold = Paid(purchase_id, payment_id or "", wanted.price - wanted.discount, wanted.at + _TO_PAY)
        self._enter(sold, EntryKind.PAYMENT, sold.amount, sold.payment_id, sold.paid_at)
        self.paid.append(sold)
        return sold

    def begin(self, wanted: Wanted, status: PurchaseStatus) -> tuple[UUID, str | None]:
        """Somebody buys: the purchase, which stands like this, its page, and a payment where it came to one."""
        purchase_id, asked_at = new_id(self.chance), wanted.at + _A_MINUTE
        ends_at = asked_at + CHECKOUT_LASTS
        checkout = self._page(purchase_id, wanted, asked_at, ends_at)
        checkout_id = id_of(CHECKOUT, f"purchase-{purchase_id}")
        payment_id = self._payment(purchase_id, wanted, checkout_id, status)
        is_over = status is PurchaseStatus.EXPIRED
        checkout["status"] = "complete" if payment_id else "expired" if is_over else "open"
        checkout |= {"payment_id": payment_id, "is_paid": status is PurchaseStatus.PAID}
        self._keep(CHECKOUT, f"purchase-{purchase_id}", checkout, asked_at)
        closed_at = {PurchaseStatus.EXPIRED: ends_at, PurchaseStatus.FAILED: wanted.at + timedelta(days=3)}.get(status)
        self.sheets.add(
            Purchase,
            **self._bought(purchase_id, wanted),
            status=status.value,
            checkout_id=checkout_id,
            checkout_url=address_of(f"/pretend/checkout/{checkout_id}"),
            payment_id=payment_id,
            expires_at=look_at_bank(self.now) if status is PurchaseStatus.WAITING else ends_at,
            paid_at=wanted.at + _TO_PAY if status is PurchaseStatus.PAID else None,
            closed_at=closed_at,
            asked_at=asked_at,
        )
        return purchase_id, payment_id

    def give_back(self, sold: Paid, amount: int, at: datetime, note: str = "") -> None:
        """Give money back, as the owner asks with a note; without one it comes of a booking that was called off."""
        refund_id = new_id(self.chance)
        body = {"payment_id": sold.payment_id, "amount": amount, "currency": _CURRENCY, "refund_id": str(refund_id)}
        reference = self._keep(REFUND, f"refund-{refund_id}", body, at + _A_MINUTE)
        self._refund(refund_id, sold, amount, at, note, _Stands(RefundStatus.SUCCEEDED, reference))
        self._enter(sold, EntryKind.REFUND, -amount, reference, at + _A_MINUTE)

    def fail_to_give_back(self, sold: Paid, amount: int, at: datetime, note: str, trouble: str) -> None:
        """The owner has asked for money to be given back, and the gateway has refused: nothing moved."""
        stands = _Stands(RefundStatus.FAILED, None, trouble)
        self._refund(new_id(self.chance), sold, amount, at, note, stands)

    def dispute(self, sold: Paid, opened_at: datetime, won_at: datetime) -> None:
        """The buyer's bank takes the money back and asks why; then it decides for the practice."""
        reference = f"dp_{sold.payment_id.partition('_')[2]}"
        said = {"id": reference, "amount": sold.amount, "status": "won", "reason": "unrecognized"}
        answer_by, moved = opened_at + timedelta(days=14), {"withdrawn": sold.amount, "reinstated": sold.amount}
        told = {"opened_at": opened_at.isoformat(), "answer_by": answer_by.isoformat()}
        self.disputes[sold.purchase_id].append({**said, **moved, **told})
        self.sheets.add(
            Dispute,
            practice_id=self.practice_id,
            id=new_id(self.chance),
            purchase_id=sold.purchase_id,
            reference=reference,
            amount=sold.amount,
            currency=_CURRENCY,
            status="won",
            reason="unrecognized",
            opened_at=opened_at,
            answer_by=answer_by,
            changed_at=won_at,
        )
        self._enter(sold, EntryKind.DISPUTE, -sold.amount, reference, opened_at)
        self._enter(sold, EntryKind.DISPUTE_WON, sold.amount, reference, won_at)

    def hand_out_receipts(self) -> None:
        """Number what was paid, in the order in which it was."""
        points = int(str(SELLER["tax_basis_points"]))
        named = {name: SELLER[name] for name in ("tax_number", "tax_name", "tax_basis_points")}
        named |= {"seller_name": SELLER["name"], "seller_address": SELLER["address"], "currency": _CURRENCY}
        for number, sold in enumerate(sorted(self.paid, key=lambda each: each.paid_at), start=1):
            tax = (sold.amount * points * 2 + _ALL + points) // (2 * (_ALL + points))
            amounts = {"net": sold.amount - tax, "tax": tax, "gross": sold.amount}
            of = {"practice_id": self.practice_id, "number": number, "purchase_id": sold.purchase_id}
            self.sheets.add(Receipt, **of, issued_at=sold.paid_at, **named, **amounts)

    def _bought(self, purchase_id: UUID, wanted: Wanted) -> dict[str, Any]:
        """The columns that do not change any more."""
        amount = wanted.price - wanted.discount
        return {
            **{"practice_id": self.practice_id, "id": purchase_id, "created_at": wanted.at},
            **{"booking_id": wanted.booking_id, "package_id": wanted.package_id, "title": wanted.title},
            **{"client_id": wanted.who.client_id, "name": wanted.who.name, "email": wanted.who.email},
            **{"locale": people.PRACTICE[4], "time_zone": wanted.who.time_zone, "account_id": self.account_id},
            **{"list_amount": wanted.price, "discount": wanted.discount, "amount": amount, "currency": _CURRENCY},
            **{"fee": platform_fee(amount, ports().settings.platform_fee_basis_points), "coupon_id": wanted.coupon_id},
        }

    def _page(self, purchase_id: UUID, wanted: Wanted, at: datetime, ends_at: datetime) -> dict[str, Any]:
        """What the page of payment says."""
        of_booking = ("b", "booking", wanted.booking_id)
        folder, what, its_id = of_booking if wanted.booking_id else ("buy", "purchase", purchase_id)
        address = address_of(f"/{folder}/{tokens.sign(what, self.practice_id, its_id or purchase_id)}")
        return {
            **{"purchase_id": str(purchase_id), "account_id": self.account_id, "title": wanted.title},
            **{"amount": wanted.price - wanted.discount, "currency": _CURRENCY, "email": wanted.who.email},
            **{"expires_at": ends_at.isoformat()},
            **{"success_url": f"{address}/paid", "cancel_url": f"{address}/pay"},
        }

    def _payment(self, purchase_id: UUID, wanted: Wanted, checkout_id: str, status: PurchaseStatus) -> str | None:
        if status not in _BANK_SAYS:
            return None
        said = {"amount": wanted.price - wanted.discount, "currency": _CURRENCY, "status": _BANK_SAYS[status]}
        self.disputes[purchase_id] = []
        body = {"purchase_id": str(purchase_id), **said, "disputes": self.disputes[purchase_id]}
        return self._keep(PAYMENT, checkout_id, body, wanted.at + _TO_PAY)

    def _refund(self, refund_id: UUID, sold: Paid, amount: int, at: datetime, note: str, stands: _Stands) -> None:
        self.sheets.add(
            Refund,
            practice_id=self.practice_id,
            id=refund_id,
            purchase_id=sold.purchase_id,
            amount=amount,
            currency=_CURRENCY,
            reason=(RefundReason.ASKED_FOR if note else RefundReason.CANCELLED).value,
            note=note,
            status=stands.status.value,
            asked_by=self.owner_id if note else None,
            asked_at=at,
            reference=stands.reference,
            settled_at=at + _A_MINUTE,
            trouble=stands.trouble,
        )

    def _enter(self, sold: Paid, kind: EntryKind, amount: int, reference: str, at: datetime) -> None:
        self.sheets.add(
            LedgerEntry,
            practice_id=self.practice_id,
            id=new_id(self.chance),
            purchase_id=sold.purchase_id,
            kind=kind.value,
            amount=amount,
            currency=_CURRENCY,
            reference=reference,
            happened_at=at,
            created_at=at,
        )

    def _keep(self, kind: str, key: str, body: Mapping[str, Any], at: datetime) -> str:
        """An object of the gateway's; returns its id."""
        object_id = id_of(kind, key)
        self.sheets.add(PretendObject, practice_id=self.practice_id, id=object_id, kind=kind, body=body, created_at=at)
        return object_id
