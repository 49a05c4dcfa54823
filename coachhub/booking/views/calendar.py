"""A coach's calendar: a week, or a day. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from babel import Locale
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from coachhub.accounts.service.members import Coach, coaches
from coachhub.booking.rules.calendar_days import days_of_week
from coachhub.booking.rules.month_page import day_written
from coachhub.booking.views.calendar_page import calendar_page
from coachhub.booking.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import Role, signed_in_as
from coachhub.platform.local_time import local_day

ALL = "all"
_YEARS = range(1990, 2100)


@dataclass(frozen=True)
class CalendarAsked:
    """Which part of whose calendar an address asks for. `coach_id` None: all coaches'."""

    day: date
    today: date
    is_week: bool
    coach_id: UUID | None
    team: tuple[Coach, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are shown."""
        first = Locale.parse(str(get_locale() or "en")).first_week_day
        return days_of_week(self.day, first) if self.is_week else (self.day,)

    def to(self, day: date | None = None, view: str | None = None, coach: object = "") -> str:
        """The address of another part: the same, but for what is named."""
        shown = coach or self.coach_id or ALL
        return url_for(
            "booking.calendar",
            day=(day or self.day).isoformat(),
            view=view or ("week" if self.is_week else "day"),
            coach=None if shown == signed_in_as().user_id else shown,
        )

    @property
    def step(self) -> timedelta:
        """From here to the next page, and back to the one before."""
        return timedelta(days=7 if self.is_week else 1)


@pages.get("/calendar")
@for_staff
def calendar() -> ResponseReturnValue:
    """The week or the day, of the coach who looks; the owner may look at the others', too."""
    asked = calendar_asked()
    page = calendar_page(asked.days, asked.coach_id)
    return render_template("booking/calendar/calendar.html", asked=asked, page=page, ALL=ALL)


def calendar_asked() -> CalendarAsked:
    """What the address says; whatever it cannot mean is today, and one's own."""
    person = signed_in_as()
    team = tuple(coaches()) if person.role is Role.OWNER else ()
    today = local_day(clock.now(), person.zone)
    day = day_written(request.args.get("day", ""))
    return CalendarAsked(
        day=day if day is not None and day.year in _YEARS else today,
        today=today,
        is_week=request.args.get("view") != "day",
        coach_id=_whose(request.args.get("coach", ""), team, person.user_id),
        team=team,
    )


def _whose(written: str, team: tuple[Coach, ...], own_id: UUID) -> UUID | None:
    if written == ALL and len(team) > 1:
        return None
    return next((coach.user_id for coach in team if str(coach.user_id) == written), own_id)
