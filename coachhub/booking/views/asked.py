"""What an address of the booker asks for, read once for all of its pages."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_babel import get_locale

from coachhub.booking.forms.details import DetailsForm
from coachhub.booking.rules.month_page import Reach, day_written, month_written
from coachhub.booking.service.holding import BookingAsked
from coachhub.booking.service.offers import GivenBy
from coachhub.booking.service.taken import Ahead
from coachhub.booking.service.visiting import Bookable, Span
from coachhub.booking.views.month import Way
from coachhub.booking.views.visit import Clock, asked_id, client_here, clock_of_reader, enter_booker
from coachhub.platform import clock
from coachhub.platform.local_time import first_of_month, start_of_day

_UTC, _A_DAY = ZoneInfo("UTC"), timedelta(days=1)
"""No clock is further ahead of UTC, or behind it, than a day."""


@dataclass(frozen=True)
class Visit:
    """A visitor at the booker of an offering; `coach` is whom they have chosen, where the offering lets them.

    Two visits are the same whenever they are, and whatever was read ahead of the times that they look at.
    """

    found: Bookable
    reader: Clock
    coach: GivenBy | None
    now: datetime = field(compare=False)
    ahead: Ahead | None = field(compare=False)

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


def visit_of(slug: str, offering: str, looks: Span | None = None) -> Visit:
    """Who visits which booker, and looks at which times. Raises NotFound."""
    found, ahead = enter_booker(slug, offering, looks)
    may_choose = found.offering.coach_choice and len(found.coaches) > 1
    coach = found.coach_named(asked_id("coach")) if may_choose else None
    return Visit(found, clock_of_reader(found.practice.time_zone), coach, clock.now(), ahead)


def booking_asked(visit: Visit, at: datetime, form: DetailsForm, coach_id: UUID | None) -> BookingAsked:
    """The booking that a valid form asks for. Who is signed in as a client books for their own record."""
    client = client_here()
    return BookingAsked(
        offering_id=visit.found.offering.id,
        starts_at=at,
        coach_id=coach_id,
        name=form.written_name,
        email=form.written_email,
        phone=form.written_phone(),
        time_zone=visit.reader.zone.key,
        locale=str(get_locale() or "en"),
        place=form.written_place(),
        answers=form.answers(),
        client_id=client.client_id if client else None,
    )


def asked_day() -> date | None:
    """The day in the address."""
    return day_written(request.args.get("day", ""))


def asked_month(reach: Reach) -> date:
    """The month in the address, or that of its day; in reach, whatever the address says."""
    return reach.within(_month_in_address() or reach.first)


def month_looked_at() -> Span:
    """The month in the address, or this one, whatever the visitor's zone is: with a day before it and after it."""
    this = first_of_month(clock.now().date())
    month = max(_month_in_address() or this, this)
    return start_of_day(month, _UTC) - _A_DAY, start_of_day(first_of_month(month, 1), _UTC) + _A_DAY


def _month_in_address() -> date | None:
    day = asked_day()
    return month_written(request.args.get("month", "")) or (first_of_month(day) if day else None)


def asked_instant(name: str = "at") -> datetime | None:
    """The time in the address or the form, in UTC; None where there is none, or nothing that we ever wrote."""
    return instant_written(request.values.get(name, ""))


def instant_written(text: str) -> datetime | None:
    """The instant that is written as `2026-12-03T12:30Z`, in UTC; None for nothing that we ever wrote."""
    try:
        at = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    is_of_our_time = at.tzinfo is not None and 2000 <= at.year < 9000
    return at.astimezone(UTC) if is_of_our_time else None
