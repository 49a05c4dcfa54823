"""When a coach can be booked: their week, and days that are different. An owner may open a colleague's."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.service.members import coaches
from coachhub.booking.forms.other_days import OtherDaysForm
from coachhub.booking.forms.week import WeekForm
from coachhub.booking.service.availability import keep_week, weekly_hours
from coachhub.booking.service.offers import given_by
from coachhub.booking.service.other_days import (
    DaysClash,
    add_other_days,
    other_days,
    other_days_of,
    remove_other_days,
)
from coachhub.booking.service.profiles import CoachProfileRow, coach_profile
from coachhub.booking.views.pages import pages
from coachhub.booking.wording.hours import days_words
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import Role, signed_in_as
from coachhub.platform.local_time import local_day


@pages.get("/availability")
@for_staff
def availability() -> str:
    coach = _whose()
    form = WeekForm(formdata=None).start_with(coach, weekly_hours(coach.coach_id))
    return _page(coach, form, OtherDaysForm(formdata=None))


@pages.post("/availability")
@for_staff
def save_availability() -> ResponseReturnValue:
    """Keep the week; the button for Monday's hours only fills them in."""
    coach, form = _whose(), WeekForm()
    is_right = form.validate()
    if is_right and "spread" in request.form:
        form.spread_monday()
        return _page(coach, form, OtherDaysForm(formdata=None))
    if not is_right:
        return _page(coach, form, OtherDaysForm(formdata=None)), 422
    keep_week(coach.coach_id, form.entry())
    flash(_("The hours are saved. What is booked already stays."))
    return redirect(_here(coach), 303)


@pages.post("/availability/days")
@for_staff
def add_days() -> ResponseReturnValue:
    coach = _whose()
    form = OtherDaysForm().about(local_day(clock.now(), ZoneInfo(coach.time_zone)))
    week = WeekForm(formdata=None).start_with(coach, weekly_hours(coach.coach_id))
    if not form.validate():
        return _page(coach, week, form), 422
    try:
        add_other_days(coach.coach_id, form.entry())
    except DaysClash as clash:
        text = _("%(days)s is in your list already. Remove that entry first.", days=days_words(clash.kept))
        form.first_day.errors = [text]
        return _page(coach, week, form), 422
    flash(_("The days are in your list. What is booked already stays."))
    return redirect(_here(coach), 303)


@pages.post("/availability/days/<uuid:dated_id>/remove")
@for_staff
def remove_days(dated_id: UUID) -> ResponseReturnValue:
    coach_id, found = other_days_of(dated_id)
    coach = _allowed(coach_id)
    remove_other_days(dated_id)
    flash(_("%(days)s: the hours of the week stand again.", days=days_words(found)))
    return redirect(_here(coach), 303)


def _whose() -> CoachProfileRow:
    """The coach whose hours are asked for; one's own where none is named. Raises NotFound."""
    asked = request.args.get("coach")
    try:
        return _allowed(UUID(asked) if asked else signed_in_as().user_id)
    except ValueError:
        raise NotFound from None


def _allowed(coach_id: UUID) -> CoachProfileRow:
    person = signed_in_as()
    if coach_id != person.user_id and person.role is not Role.OWNER:
        raise NotFound
    return coach_profile(coach_id)


def _here(coach: CoachProfileRow) -> str:
    is_own = coach.coach_id == signed_in_as().user_id
    return url_for("booking.availability", coach=None if is_own else coach.coach_id)


def _page(coach: CoachProfileRow, week: WeekForm, days: OtherDaysForm) -> str:
    person = signed_in_as()
    return render_template(
        "booking/office/availability.html",
        coach=coach,
        is_own=coach.coach_id == person.user_id,
        here=_here(coach),
        week=week,
        days=days,
        kept=other_days(coach.coach_id),
        given=[row for row in given_by(coach.coach_id) if row.is_open],
        colleagues=coaches() if person.role is Role.OWNER else [],
    )
