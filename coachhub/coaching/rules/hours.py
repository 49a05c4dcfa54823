"""What a coaching session counts as in the log that a coach keeps for a credential."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Counts(StrEnum):
    """Paid and pro bono hours are what a credential asks for. Unsaid: nobody knows yet. Left out: no coaching."""

    PAID = "paid"
    PRO_BONO = "pro_bono"
    UNSAID = "unsaid"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class HourOfCoaching:
    """A session that took place: the day by the coach's clock, and its length in minutes."""

    day: date
    minutes: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Sums:
    """The hours with one client, or with all: the days of the first and the last session, and minutes by kind."""

    first: date
    last: date
    sessions: int
    paid: int
    pro_bono: int
    unsaid_sessions: int


def counts_as(said: bool | None, is_settled: bool | None, is_intro: bool) -> Counts:
    """What a session counts as: what its coach says; else an intro call is left out, and the booking decides.

    `is_settled`: whether its booking was paid for, with money or a credit; None where the booking does not tell, as for
    one that the coach made. That stays unsaid.
    """
    if said is not None:
        return Counts.PAID if said else Counts.PRO_BONO
    if is_intro:
        return Counts.LEFT_OUT
    if is_settled is None:
        return Counts.UNSAID
    return Counts.PAID if is_settled else Counts.PRO_BONO


def sums_of(held: Iterable[HourOfCoaching]) -> Sums | None:
    """The sums of sessions; None where none counts. What is unsaid is pro bono: paid hours are never too many."""
    counted = [each for each in held if each.counts is not Counts.LEFT_OUT]
    if not counted:
        return None
    days = [each.day for each in counted]
    paid = sum(each.minutes for each in counted if each.counts is Counts.PAID)
    unsaid = sum(1 for each in counted if each.counts is Counts.UNSAID)
    return Sums(min(days), max(days), len(counted), paid, sum(each.minutes for each in counted) - paid, unsaid)


def as_hours(minutes: int) -> Decimal:
    """Hours of sixty minutes, to a hundredth; half a session is half an hour."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
