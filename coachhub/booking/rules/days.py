"""Under which day a time is shown: by the clock of whoever reads."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from coachhub.booking.rules.clocks import DAY, spans

_1970 = date(1970, 1, 1).toordinal()


def by_day(starts: Sequence[int], zone: ZoneInfo) -> dict[date, list[int]]:
    """Sorted instants (epoch seconds) by the day that the clocks of `zone` show; days without one are left out."""
    days: dict[date, list[int]] = {}
    if not starts:
        return days
    at = 0
    for _, until, offset in spans(zone, starts[0], starts[-1] + 1):
        end = bisect_left(starts, until, at)
        while at < end:
            day = (starts[at] + offset) // DAY
            before, at = at, bisect_left(starts, (day + 1) * DAY - offset, at, end)
            days.setdefault(date.fromordinal(_1970 + day), []).extend(starts[before:at])
    return days
