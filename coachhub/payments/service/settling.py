"""One way for everything that happens to a purchase: ask the gateway how it stands, then bring the rows in line.

Whoever calls, however often and in whatever order, the rows end the same. A refund, a confirmation or an expiry comes
about in the transaction in which the purchase changes, and only there.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from coachhub.booking.models import Booking, BookingStatus, PaidWith
from coachhub.booking.service.confirming import Outcome, confirm_booking
from coachhub.booking.service.ending import expire_hold, keep_hold
from coachhub.booking.service.reading import booking_of
from coachhub.payments.gateway import PaymentState
from coachhub.payments.models import PurchaseStatus, RefundReason
from coachhub.payments.rules.standing import Verdict, may_become, verdict_on
from coachhub.payments.rules.waiting import held_for_bank, look_at_bank
from coachhub.payments.service.events import note_handled
from coachhub.payments.service.granting import grant_bought
from coachhub.payments.service.looking import Found, how_it_stands
from coachhub.payments.service.purchases import (
    UNDECIDED,
    PurchaseRow,
    change_purchase,
    is_there_another,
    lock_purchase,
    purchase_of,
)
from coachhub.payments.service.receipts import issue_receipt
from coachhub.payments.service.refunding import give_back_all
from coachhub.payments.service.taking_in import take_in_money
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, current_practice
from coachhub.platform.wakes import mail_now

_STANDS = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)


def sync_purchase(practice_id: UUID, purchase_id: UUID, events: Sequence[str] = (), *, end: bool = False) -> None:
    """Bring a purchase in line with the gateway, and note in the same transaction that these events are handled.

    `end`: its time is over, so its page is ended first. Runs outside of any transaction. Raises NotFound, GatewayAway,
    GatewayRefused.
    """
    with as_practice(practice_id):
        purchase = purchase_of(purchase_id)
    found = how_it_stands(purchase, end=end)
    with as_practice(practice_id):
        bring_in_line(purchase_id, found)
        note_handled(events)


def bring_in_line(purchase_id: UUID, found: Found) -> None:
    """Write down what the gateway says, and do what follows from it. Raises NotFound."""
    purchase = _known_by(lock_purchase(purchase_id), found)
    if found.payment is not None:
        take_in_money(purchase, found.payment)
    verdict = _verdict(purchase, found)
    if may_become(purchase.status, verdict):
        _BECOMES[verdict](purchase, found.payment, clock.now())
    elif purchase.status is PurchaseStatus.WAITING:
        _go_on_waiting(purchase, clock.now())


def _known_by(purchase: PurchaseRow, found: Found) -> PurchaseRow:
    """The purchase, with the gateway's names for it."""
    names: dict[str, object] = {}
    if found.checkout is not None and purchase.checkout_id is None:
        names |= {"checkout_id": found.checkout.id, "checkout_url": found.checkout.url}
    if found.payment is not None and purchase.payment_id != found.payment.id:
        names["payment_id"] = found.payment.id
    if not names:
        return purchase
    change_purchase(purchase.id, **names)
    return lock_purchase(purchase.id)


def _verdict(purchase: PurchaseRow, found: Found) -> Verdict:
    """Without a page there is nothing to be paid: its time is over when ours is."""
    if found.checkout is None:
        is_over = purchase.expires_at <= clock.now() or purchase.closed_at is not None
        return Verdict.EXPIRED if is_over else Verdict.OPEN
    payment = found.payment.status if found.payment else None
    return verdict_on(found.checkout.status, is_paid=found.checkout.is_paid, payment=payment)


def _paid(purchase: PurchaseRow, payment: PaymentState | None, now: datetime) -> None:
    paid_at = (payment.paid_at if payment else None) or now
    change_purchase(purchase.id, status=PurchaseStatus.PAID.value, paid_at=paid_at, closed_at=now)
    if purchase.booking_id is None:
        client_id = grant_bought(purchase, paid_at)
        change_purchase(purchase.id, client_id=client_id)
        issue_receipt(purchase)
        return
    back = _reason_to_give_back(purchase, purchase.booking_id)
    if back is not None:
        give_back_all(purchase.id, back)
    change_purchase(purchase.id, client_id=booking_of(purchase.booking_id).client_id)
    issue_receipt(purchase)


def _reason_to_give_back(purchase: PurchaseRow, booking_id: UUID) -> RefundReason | None:
    """Confirm what was paid for; a reason where this money cannot have it. What a coach has given stays given."""
    outcome = confirm_booking(booking_id, PaidWith.MONEY)
    if outcome is Outcome.CONFIRMED:
        return None
    if outcome is Outcome.GONE:
        return RefundReason.SLOT_GONE
    booking = booking_of(booking_id)
    is_settled = booking.paid_with is not PaidWith.COACH  # with money before, a session, or a coupon for all of it
    return RefundReason.PAID_TWICE if is_settled or booking.status not in _STANDS else None


def _waits(purchase: PurchaseRow, payment: PaymentState | None, now: datetime) -> None:
    """The buyer has done their part. The time is kept while the bank decides, a week at most."""
    change_purchase(purchase.id, status=PurchaseStatus.WAITING.value, expires_at=look_at_bank(now))
    if purchase.booking_id is not None:
        keep_hold(purchase.booking_id, held_for_bank(booking_of(purchase.booking_id).starts_at, now))


def _go_on_waiting(purchase: PurchaseRow, now: datetime) -> None:
    """The bank takes its time: look again later; the slot goes free when it has been kept for long enough."""
    change_purchase(purchase.id, expires_at=look_at_bank(now))
    if purchase.booking_id is not None and _hold_is_over(purchase.booking_id, now):
        _let_go(purchase)


def _hold_is_over(booking_id: UUID, now: datetime) -> bool:
    here = (Booking.practice_id == current_practice(), Booking.id == booking_id, Booking.held_until <= now)
    return db.session.scalar(select(Booking.id).where(*here, Booking.status == BookingStatus.HELD)) is not None


def _fails(purchase: PurchaseRow, payment: PaymentState | None, now: datetime) -> None:
    change_purchase(purchase.id, status=PurchaseStatus.FAILED.value, closed_at=now)
    _let_go(purchase)
    mail_now(current_practice())


def _expires(purchase: PurchaseRow, payment: PaymentState | None, now: datetime) -> None:
    change_purchase(purchase.id, status=PurchaseStatus.EXPIRED.value, closed_at=now)
    _let_go(purchase)


def _let_go(purchase: PurchaseRow) -> None:
    """Let the time go free, unless another purchase of the same booking is under way."""
    if purchase.booking_id is not None and not is_there_another(purchase, *UNDECIDED):
        expire_hold(purchase.booking_id)


_BECOMES = {
    Verdict.PAID: _paid,
    Verdict.WAITING: _waits,
    Verdict.FAILED: _fails,
    Verdict.EXPIRED: _expires,
}
