"""Tables of the payments domain. Amounts are integers in the currency's minor unit (ISO 4217)."""

from coachhub.payments.models.at_stripe import PretendObject, StripeAccount, StripeEvent
from coachhub.payments.models.credits import CreditEntry, CreditKind, Holding
from coachhub.payments.models.money import Dispute, EntryKind, LedgerEntry, Refund, RefundReason, RefundStatus
from coachhub.payments.models.plans import PlanStatus, PracticePlan
from coachhub.payments.models.purchases import Coupon, CouponGift, Purchase, PurchaseStatus
from coachhub.payments.models.receipts import Receipt, Seller

__all__ = [
    "Coupon",
    "CouponGift",
    "CreditEntry",
    "CreditKind",
    "Dispute",
    "EntryKind",
    "Holding",
    "LedgerEntry",
    "PlanStatus",
    "PracticePlan",
    "PretendObject",
    "Purchase",
    "PurchaseStatus",
    "Receipt",
    "Refund",
    "RefundReason",
    "RefundStatus",
    "Seller",
    "StripeAccount",
    "StripeEvent",
]
