"""How long things wait: pages of Stripe's, the holds beside them, and what is tried again."""

from datetime import datetime, timedelta

CHECKOUT_LASTS = timedelta(minutes=31)
"""Stripe makes no page that ends within 30 minutes."""
HOLD_OUTLIVES = timedelta(minutes=5)
"""The hold ends after the page of payment has, and after we have asked: nobody pays for what is gone."""
BANK_MAY_TAKE = timedelta(days=7)
MOST_TRIES = 12
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=6)
_LOOKS_AT_BANK = timedelta(hours=1)
_LOOKS_AT_REFUND = timedelta(hours=6)


def wait_before_asking_again(tries: int, spread: float) -> timedelta:
    """Half a minute after the first failure, doubling up to six hours; `spread` (0 to 1) adds up to a quarter."""
    doublings = min(max(tries - 1, 0), 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT) * (1 + spread / 4)


def wait_for_answer(age: timedelta) -> timedelta:
    """Before a purchase is asked for again that nobody answered for: an eighth of its age, a minute to an hour."""
    return min(max(age / 8, timedelta(minutes=1)), timedelta(hours=1))


def held_for_bank(starts_at: datetime, waits_since: datetime) -> datetime:
    """Until when a time is kept while a bank decides: a week, and never past its beginning."""
    return min(starts_at, waits_since + BANK_MAY_TAKE)


def look_at_bank(now: datetime) -> datetime:
    """When a payment under way is asked for, if nothing is told before."""
    return now + _LOOKS_AT_BANK


def look_at_refund(now: datetime) -> datetime:
    """When a refund under way is asked for, if nothing is told before."""
    return now + _LOOKS_AT_REFUND
