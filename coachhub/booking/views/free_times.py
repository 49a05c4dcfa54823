"""A month of an offering's free times, for whoever books and for whoever moves what they have booked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.booking.rules.month_page import reach_of
from coachhub.booking.service.offers import OfferingRow
from coachhub.booking.service.slots import free_days, next_free
from coachhub.booking.service.taken import Ahead
from coachhub.booking.views.asked import asked_day, asked_month
from coachhub.booking.views.month import DrawnMonth, Way, month_of, slot_address
from coachhub.platform.local_time import first_of_month, local_day, start_of_day


@dataclass(frozen=True)
class FreeTimes:
    """What the page of a month shows. `following`: the next free time (UTC) where the month has none, and its link."""

    drawn: DrawnMonth
    month: str
    following: datetime | None
    following_address: str


@dataclass(frozen=True)
class Search:
    """Whose free times: of which offering, of which coach (None: any), by which clock; `ignoring` what is moved.

    `ahead`: what was read already of the times that are looked at. `reach_days`: so far ahead, where that is more than
    the offering's horizon.
    """

    offering: OfferingRow
    coach_id: UUID | None
    zone: ZoneInfo
    way: Way
    now: datetime
    ignoring: UUID | None = None
    ahead: Ahead | None = None
    reach_days: int = 0

    @property
    def horizon_days(self) -> int:
        """How far ahead there may be a time."""
        return max(self.offering.horizon_days, self.reach_days)


def free_times(search: Search) -> FreeTimes:
    """The month that the address asks for. Where it has no time, the next one after now is looked for."""
    offering, zone, now = search.offering, search.zone, search.now
    reach = reach_of(local_day(now, zone), search.horizon_days)
    month = asked_month(reach)
    begins, ends = start_of_day(month, zone), start_of_day(first_of_month(month, 1), zone)
    span = (begins, ends, now, zone)
    days = free_days(offering.id, *span, search.coach_id, search.ignoring, search.ahead, search.horizon_days)
    following = None if days else next_free(offering.id, now, search.coach_id)
    return FreeTimes(
        drawn=month_of(month, reach, days, asked_day(), zone, search.way),
        month=f"{month:%Y-%m}",
        following=following.starts_at if following else None,
        following_address=slot_address(search.way, following.starts_at) if following else "",
    )
