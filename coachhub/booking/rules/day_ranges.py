"""When a coach works: ranges of a day, in minutes from local midnight; 1440 is the day's end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

END_OF_DAY = 1440


@dataclass(frozen=True, slots=True, order=True)
class DayRange:
    """A range of one day. It ends after it begins, and on the same day: past midnight belongs to the next."""

    from_minute: int
    until_minute: int

    @property
    def is_right(self) -> bool:
        """Whether it begins on this day and ends after that, at midnight at the latest."""
        return 0 <= self.from_minute < self.until_minute <= END_OF_DAY


def overlap_in(ranges: Iterable[DayRange]) -> tuple[DayRange, DayRange] | None:
    """The first two ranges of one day that share a minute; None where none do. Touching is no overlap."""
    return next(((one, other) for one, other in pairwise(sorted(ranges)) if other.from_minute < one.until_minute), None)


def joined(ranges: Iterable[DayRange]) -> tuple[DayRange, ...]:
    """The ranges of one day in order, with those that touch as one: a session may lie across 12:00."""
    kept: list[DayRange] = []
    for each in sorted(ranges):
        if kept and each.from_minute <= kept[-1].until_minute:
            kept[-1] = DayRange(kept[-1].from_minute, max(kept[-1].until_minute, each.until_minute))
        else:
            kept.append(each)
    return tuple(kept)


def do_share_a_day(first: tuple[date, date], second: tuple[date, date]) -> bool:
    """Whether two spans of days, each with its last day, have a day in common."""
    return first[0] <= second[1] and second[0] <= first[1]
