"""What an offering's rule of moving and cancelling comes to, as parts of the sentences that people read.

The same parts make the words on the coach's form, on the visitor's page and in mails.
"""

from dataclasses import dataclass
from enum import StrEnum

HOUR, DAY = 60, 1440


class SpanUnit(StrEnum):
    """The unit in which a span is said."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as people say it: 24 hours, 3 days, 90 minutes."""

    count: int
    unit: SpanUnit


class Back(StrEnum):
    """What goes back of a price when somebody cancels late."""

    ALL = "all"
    PART = "part"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Terms:
    """The rule in parts. A span of None means until it begins. `is_free`: there is no money to give back."""

    is_free: bool
    free_until: Span | None
    late: Back
    late_percent: int
    move_until: Span | None


def span_of(minutes: int) -> Span:
    """The biggest unit that says it in a whole number; days from two on, since 24 hours is what people say."""
    if minutes >= 2 * DAY and minutes % DAY == 0:
        return Span(minutes // DAY, SpanUnit.DAYS)
    if minutes >= HOUR and minutes % HOUR == 0:
        return Span(minutes // HOUR, SpanUnit.HOURS)
    return Span(minutes, SpanUnit.MINUTES)


def terms_of(price: int, free_until_minutes: int, late_percent: int, move_until_minutes: int) -> Terms:
    """The rule in parts. Where late costs nothing, or there is no price, cancelling is free until it begins."""
    late = Back.ALL if late_percent == 100 else Back.PART if late_percent else Back.NOTHING
    always_free = price == 0 or late is Back.ALL or free_until_minutes == 0
    return Terms(
        is_free=price == 0,
        free_until=None if always_free else span_of(free_until_minutes),
        late=late,
        late_percent=late_percent,
        move_until=span_of(move_until_minutes) if move_until_minutes else None,
    )
