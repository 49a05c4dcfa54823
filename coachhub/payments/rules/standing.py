"""How a purchase stands, by what Stripe says of its checkout and its payment."""

from enum import StrEnum

_NEVER = ("requires_payment_method", "canceled")
_GIVEN_BACK_RANKS = ("asked", "pending", "succeeded")
DISPUTE_IS_OVER = ("won", "lost", "warning_closed", "prevented")
"""What Stripe says of a dispute that is decided."""
DISPUTE_WAITS = ("needs_response", "warning_needs_response")
"""What it says of one in which the bank waits for the seller's answer."""


class Verdict(StrEnum):
    """What has become of it."""

    OPEN = "open"
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


def verdict_on(checkout: str, *, is_paid: bool, payment: str | None) -> Verdict:
    """What a checkout and its payment say together: money that came counts, whatever else is said."""
    if is_paid or payment == "succeeded":
        return Verdict.PAID
    if checkout == "expired":
        return Verdict.EXPIRED
    if checkout != "complete":
        return Verdict.OPEN
    return Verdict.FAILED if payment in _NEVER else Verdict.WAITING


def may_become(stands: str, verdict: Verdict) -> bool:
    """Whether a purchase changes by this verdict: answers may come late, so what is over opens for money alone."""
    if stands == Verdict.PAID or verdict == Verdict.OPEN or stands == verdict:
        return False
    return verdict == Verdict.PAID or stands in (Verdict.OPEN, Verdict.WAITING)


def refund_stands_at(before: str, told: str) -> str:
    """Where a refund stands once Stripe has told of it: only onwards, and what failed or was cancelled stays so."""
    now = "cancelled" if told == "canceled" else told if told in (*_GIVEN_BACK_RANKS, "failed") else "pending"
    return now if _rank(now) > _rank(before) else before


def _rank(status: str) -> int:
    return _GIVEN_BACK_RANKS.index(status) if status in _GIVEN_BACK_RANKS else len(_GIVEN_BACK_RANKS)
