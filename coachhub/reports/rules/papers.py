"""Questions about reports as documents: which months they may be about, and when one is made by itself."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Month

MOST_MONTHS = 60
"""How many months one report is about at most: five years."""
MOST_RUNS = 3
"""How many workers may die over one report, before it is left alone: it may be what kills them."""
MOST_OWED = 12
"""How many months are made up for where no worker was there to make them."""
_MADE_AFTER = timedelta(hours=30)


class Fault(StrEnum):
    """Why no report can be about these months."""

    BACKWARDS = "backwards"
    AHEAD = "ahead"
    TOO_MANY = "too_many"


class Why(StrEnum):
    """Why a report was not made."""

    GONE = "gone"
    NOT_SET = "not_set"
    WORKER_DIED = "worker_died"


def fault_of(first: Month, last: Month, running: Month) -> Fault | None:
    """Why no report can be about these months, both included; the running one may be among them."""
    if last < first:
        return Fault.BACKWARDS
    if last > running:
        return Fault.AHEAD
    return Fault.TOO_MANY if first.plus(MOST_MONTHS) <= last else None


def newest_due(now: datetime, zone: ZoneInfo) -> Month:
    """The newest month whose report is made by itself: from six in the morning of the 2nd of the next one.

    What was met on the last day of a month is written down on the day after.
    """
    return Month.local(now - _MADE_AFTER, zone).previous()


def months_owed(since: Month, made: Month | None, newest: Month) -> tuple[Month, ...]:
    """The months whose reports are due and not asked for yet, oldest first; at most the last twelve."""
    first = max(since, made.next()) if made else since
    first = max(first, newest.plus(1 - MOST_OWED))
    months = []
    while first <= newest:
        months.append(first)
        first = first.next()
    return tuple(months)
