"""The rule of an offering: until when a booking is moved or cancelled, and how much of its price goes back.

Minutes are minutes that pass: a clock change in between makes the limit no earlier and no later.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_OPEN = "confirmed"
_CLIENT = "client"
_ALL = 100


class Bound(Protocol):
    """What the rule looks at in a booking. `starts_at` is aware; the minutes count back from it."""

    @property
    def status(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def free_until_minutes(self) -> int: ...
    @property
    def late_percent(self) -> int: ...
    @property
    def move_until_minutes(self) -> int: ...


def may_move(booking: Bound, now: datetime) -> bool:
    """A client moves a confirmed booking until `move_until_minutes` before it begins, that instant included."""
    return booking.status == _OPEN and now < _begins(booking) and now <= movable_until(booking)


def may_cancel(booking: Bound, now: datetime) -> bool:
    """A client calls off a confirmed booking until it begins; late, it may cost them."""
    return booking.status == _OPEN and now < _begins(booking)


def refund_percent_for(booking: Bound, now: datetime, by: str) -> int:
    """How many percent of what was paid go back when `by` calls it off now.

    A client has all of it back until `free_until_minutes` before the beginning (that instant included), afterwards
    `late_percent`, and nothing once it has begun. When anybody else calls it off, all goes back.
    """
    if by != _CLIENT or now <= free_until(booking):
        return _ALL
    return booking.late_percent if now < _begins(booking) else 0


def free_until(booking: Bound) -> datetime:
    """The last instant (UTC) at which a client cancels and has everything back."""
    return _begins(booking) - timedelta(minutes=booking.free_until_minutes)


def movable_until(booking: Bound) -> datetime:
    """The last instant (UTC) at which a client moves it."""
    return _begins(booking) - timedelta(minutes=booking.move_until_minutes)


def _begins(booking: Bound) -> datetime:
    return booking.starts_at.astimezone(UTC)  # in a local zone it would count the hours that a clock shows
