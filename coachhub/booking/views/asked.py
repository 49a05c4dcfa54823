"""What an address of the booker asks for, read once for all of its pages."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import request, url_for

from coachhub.booking.rules.month_page import Reach, day_written, month_written
from coachhub.booking.service.offers import GivenBy
from coachhub.booking.service.visiting import Bookable
from coachhub.booking.views.month import Way
from coachhub.booking.views.visit import Clock, asked_id, clock_of_reader, enter_booker
from coachhub.platform import clock
from coachhub.platform.local_time import first_of_month


@dataclass(frozen=True)
class Visit:
    """A visitor at the booker of an offering; `coach` is whom they have chosen, where the offering lets them.

    Two visits are the same whenever they are: no page tells `now` itself.
    """

    found: Bookable
    reader: Clock
    coach: GivenBy | None
    now: datetime = field(compare=False)

    @property
    def way(self) -> Way:
        """Where the booker is, for this zone and coach."""
        path = url_for("booking.book", slug=self.found.practice.slug, offering=self.found.offering.slug)
        return Way(path, self.kept)

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What every link carries on."""
        zone = (("zone", self.reader.asked),) if self.reader.asked else ()
        return zone + ((("coach", str(self.coach.coach_id)),) if self.coach else ())


def visit_of(slug: str, offering: str) -> Visit:
    """Who visits which booker. Raises NotFound."""
    found = enter_booker(slug, offering)
    may_choose = found.offering.coach_choice and len(found.coaches) > 1
    coach = found.coach_named(asked_id("coach")) if may_choose else None
    return Visit(found, clock_of_reader(found.practice.time_zone), coach, clock.now())


def asked_day() -> date | None:
    """The day in the address."""
    return day_written(request.args.get("day", ""))


def asked_month(reach: Reach) -> date:
    """The month in the address, or that of its day; in reach, whatever the address says."""
    day = asked_day()
    month = month_written(request.args.get("month", "")) or (first_of_month(day) if day else reach.first)
    return reach.within(month)


def asked_instant(name: str = "at") -> datetime | None:
    """The time in the address or the form, in UTC; None where there is none, or nothing that we ever wrote."""
    try:
        at = datetime.fromisoformat(request.values.get(name, "")[:40])
    except ValueError:
        return None
    is_of_our_time = at.tzinfo is not None and 2000 <= at.year < 9000
    return at.astimezone(UTC) if is_of_our_time else None
