"""Payments in words: what coaches read of them, and what visitors read below their bookings."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from coachhub.payments.models import EntryKind, PurchaseStatus, RefundReason, RefundStatus
from coachhub.payments.service.coupon_book import code_of
from coachhub.payments.service.discounting import gift_of
from coachhub.payments.service.listing import DisputeLine, PaymentLine, Pile, RefundLine, payment_lines_of_booking
from coachhub.payments.wording.credits import credit_of_booking
from coachhub.platform.language import date_words, money_words


def state_words(line: PaymentLine) -> tuple[str, str]:
    """How a payment stands, in a word; and the key of its chip."""
    if line.is_disputed:
        return _("Questioned"), "at_risk"
    if line.status is PurchaseStatus.PAID and line.given_back:
        return (_("Given back"), "ended") if line.is_given_back else (_("Partly given back"), "moved")
    words = {
        PurchaseStatus.OPEN: (_("Not paid yet"), "invited"),
        PurchaseStatus.WAITING: (_("At the bank"), "unknown"),
        PurchaseStatus.PAID: (_("Paid"), "done"),
        PurchaseStatus.FAILED: (_("Failed"), "failed"),
        PurchaseStatus.EXPIRED: (_("Not paid"), "ended"),
    }
    return words[line.status]


def pile_words(pile: Pile | None) -> str:
    """The name of a filter."""
    words: dict[Pile | None, str] = {
        None: _("All"),
        Pile.PAID: _("Paid"),
        Pile.WAITING: _("At the bank"),
        Pile.GIVEN_BACK: _("Given back"),
        Pile.DISPUTED: _("Questioned"),
        Pile.TROUBLE: _("Needs a look"),
        Pile.NOT_PAID: _("Not paid"),
    }
    return words[pile]


def entry_words(kind: str) -> str:
    """Why money moved."""
    words: dict[str, str] = {
        EntryKind.PAYMENT: _("Paid"),
        EntryKind.REFUND: _("Given back"),
        EntryKind.REFUND_FAILED: _("A refund came back"),
        EntryKind.DISPUTE: _("Taken by the buyer’s bank"),
        EntryKind.DISPUTE_WON: _("Returned by the buyer’s bank"),
    }
    return words[kind]


def reason_words(reason: str) -> str:
    """Why money goes back."""
    words: dict[str, str] = {
        RefundReason.CANCELLED: _("Cancelled, by the rule"),
        RefundReason.SLOT_GONE: _("Paid when the time was somebody else’s already"),
        RefundReason.PAID_TWICE: _("Paid twice"),
        RefundReason.ASKED_FOR: _("Given back by the practice"),
        RefundReason.OUTSIDE: _("Given back in Stripe"),
    }
    return words[reason]


def refund_words(refund: RefundLine) -> tuple[str, str]:
    """How a refund stands, in a word; and the key of its chip."""
    words = {
        RefundStatus.ASKED: (_("On its way to Stripe"), "scheduled"),
        RefundStatus.PENDING: (_("On its way"), "scheduled"),
        RefundStatus.SUCCEEDED: (_("Given back"), "done"),
        RefundStatus.FAILED: (_("Failed"), "failed"),
        RefundStatus.CANCELLED: (_("Called off"), "cancelled"),
    }
    return words[refund.status]


def dispute_words(dispute: DisputeLine) -> str:
    """What is to be known of a payment that a bank questions."""
    if dispute.status == "won":
        return str(_("The bank decided for you, and the money is back."))
    if dispute.status == "lost":
        return str(_("The bank decided for the buyer."))
    if dispute.status in ("needs_response", "warning_needs_response") and dispute.answer_by is not None:
        return str(_("The buyer’s bank asks why. Answer in Stripe until %(day)s.", day=date_words(dispute.answer_by)))
    return str(_("The buyer’s bank asks why, and has not decided yet."))


def money_of_booking(booking_id: UUID) -> list[tuple[str, str]]:
    """What was paid for a booking, and what goes back, as pairs of term and text."""
    facts = credit_of_booking(booking_id) + _gift_of(booking_id)
    for line in payment_lines_of_booking(booking_id):
        facts.append((str(_("Paid")), _on(line.amount, line.currency, line.paid_at)))
        if line.given_back:
            facts.append((str(_("Given back")), money_words(line.given_back, line.currency)))
    return facts


def _gift_of(booking_id: UUID) -> list[tuple[str, str]]:
    coupon_id = gift_of(booking_id)
    return [(str(_("Paid with")), str(_("the code %(code)s, all of it", code=code_of(coupon_id))))] if coupon_id else []


def _on(amount: int, currency: str, at: datetime | None) -> str:
    money = money_words(amount, currency)
    return str(_("%(money)s, on %(day)s", money=money, day=date_words(at))) if at else money
