"""When a coaching session is reminded of, and what its time and place say."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(hours=24)
AN_HOUR = timedelta(hours=1)
_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_NOT_ITS_END = ".,;:!?)]}"


def day_before(starts_at: datetime) -> datetime:
    """The instant 24 hours before (UTC): hours that pass, also where the clocks change in between."""
    return starts_at.astimezone(UTC) - A_DAY  # in a local zone it would count the hours that a clock shows


def hour_before(starts_at: datetime) -> datetime:
    """The instant one hour before (UTC)."""
    return starts_at.astimezone(UTC) - AN_HOUR


def clocks_differ(instant: datetime, here: ZoneInfo, there: ZoneInfo) -> bool:
    """Whether the clocks of two zones show different times at that instant; names of zones may differ for nothing."""
    return instant.astimezone(here).utcoffset() != instant.astimezone(there).utcoffset()


def link_in(place: str) -> str | None:
    """The first web address in a place; None where it has none."""
    found = _LINK.search(place)
    return found[0].rstrip(_NOT_ITS_END) if found else None
