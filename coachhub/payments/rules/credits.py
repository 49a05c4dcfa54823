"""Rules of credits: when a session goes back to its package, how long it is good, when it lives on in the next one."""

from datetime import datetime, timedelta

from coachhub.booking.rules.cancellation import Bound, refund_percent_for

_ALL = 100
_CLIENT = "client"
TIME_TO_BOOK_ANEW = timedelta(days=30)
WRITTEN_OFF_AFTER = timedelta(days=1)
"""So long after the end what is left is written off: that the next one was bought in time may be told late."""


def comes_back(booking: Bound, now: datetime, by: str) -> bool:
    """Whether a session goes back to its package when `by` calls the booking off now.

    A session is not divided: it goes back where all of a price would, so when the client is in time, when the rule
    gives back everything late, too, and when anybody else calls it off. Otherwise it counts as used.
    """
    return refund_percent_for(booking, now, by) == _ALL


def good_until(expires_at: datetime | None, now: datetime, by: str) -> datetime | None:
    """Until when a package is good once a session went back; None: for good.

    Whose session was called off by somebody else has thirty days at least to book anew.
    """
    if expires_at is None or by == _CLIENT:
        return expires_at
    return max(expires_at, now + TIME_TO_BOOK_ANEW)


def lives_on(rolls_over: bool, expires_at: datetime | None, bought_at: datetime) -> bool:
    """Whether what is left moves to the next package of its kind: where that is its rule, and it was bought in time."""
    return rolls_over and (expires_at is None or bought_at < expires_at)
