"""Giving clients a habit, pausing months, ending: forms that stand on the coach's client pages."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from coachhub.habits.forms import month_asked, months_ahead
from coachhub.habits.models import MOST_MEETUPS
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import (
    Assigned,
    assign_habit,
    assignment_of,
    change_target,
    end_assignment,
    pause_month,
    resume_month,
)
from coachhub.habits.service.habits import ensure_default_habit, habit_of
from coachhub.habits.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.language import month_words
from coachhub.platform.web import asked_next

_TARGETS = {str(number): number for number in range(1, MOST_MEETUPS + 1)}


@pages.post("/habits/assign")
@for_staff
def assign() -> Response:
    client_ids = [_id(text) for text in request.form.getlist("client_ids")]
    if not client_ids:
        flash(_("Choose at least one client first."), "warning")
        return _back()
    habit_id = _id(request.form["habit_id"]) if request.form.get("habit_id") else ensure_default_habit()
    month = _month("from_month", ahead_only=True)
    _tell(assign_habit(client_ids, habit_id, month), habit_of(habit_id).name, month)
    return _back()


@pages.post("/assignments/<uuid:assignment_id>/pause", endpoint="pause_month")
@for_staff
def pause(assignment_id: UUID) -> Response:
    client_id, month = assignment_of(assignment_id).client_id, _month("month")
    pause_month(assignment_id, month)
    flash(_("%(month)s is paused: it counts neither way.", month=month_words(month.first_day())))
    return _back(client_id)


@pages.post("/assignments/<uuid:assignment_id>/resume", endpoint="resume_month")
@for_staff
def resume(assignment_id: UUID) -> Response:
    client_id, month = assignment_of(assignment_id).client_id, _month("month")
    resume_month(assignment_id, month)
    flash(_("%(month)s counts again.", month=month_words(month.first_day())))
    return _back(client_id)


@pages.post("/assignments/<uuid:assignment_id>/target", endpoint="change_target")
@for_staff
def target(assignment_id: UUID) -> Response:
    client_id, month = assignment_of(assignment_id).client_id, _month("from_month", ahead_only=True)
    meetups = _TARGETS.get(request.form.get("target", ""))
    if meetups is None:
        raise Refused(422, _("Choose how many meetups a month from the list."))
    change_target(assignment_id, meetups, month)
    since = month_words(month.first_day())
    told = ("%(num)s meetup a month from %(month)s on.", "%(num)s meetups a month from %(month)s on.")
    flash(ngettext(*told, meetups, month=since))
    return _back(client_id)


@pages.post("/assignments/<uuid:assignment_id>/end")
@for_staff
def end(assignment_id: UUID) -> Response:
    client_id, month = assignment_of(assignment_id).client_id, _month("from_month", ahead_only=True)
    end_assignment(assignment_id, month)
    flash(_("The habit ends: %(month)s no longer counts. Months before stay.", month=month_words(month.first_day())))
    return _back(client_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _month(field: str, *, ahead_only: bool = False) -> Month:
    """The month that the form names; without one the running month, where the coach is."""
    running = Month.local(clock.now(), signed_in_as().zone)
    asked = month_asked(request.form.get(field, ""), running)
    if asked is None or (ahead_only and asked not in months_ahead(running)):
        raise Refused(422, _("Choose a month from the list: this one, or one of the next twelve."))
    return asked


def _back(client_id: UUID | None = None) -> Response:
    otherwise = url_for("reports.client", client_id=client_id) if client_id else url_for("reports.clients")
    return redirect(asked_next(otherwise), 303)


def _tell(assigned: Assigned, name: str, month: Month) -> None:
    """One sentence for each kind of result, so that nobody wonders about a client left out."""
    begun, changed, same, left_out = (
        len(ids) for ids in (assigned.started, assigned.replaced, assigned.unchanged, assigned.archived)
    )
    sentences = {
        ngettext(
            "%(num)s client begins “%(name)s” in %(month)s.",
            "%(num)s clients begin “%(name)s” in %(month)s.",
            begun,
            name=name,
            month=month_words(month.first_day()),
        ): begun,
        ngettext(
            "%(num)s client changes to “%(name)s”; the habit before ends there.",
            "%(num)s clients change to “%(name)s”; their habit before ends there.",
            changed,
            name=name,
        ): changed,
        ngettext(
            "%(num)s client has it already: nothing changes.", "%(num)s clients have it already: nothing changes.", same
        ): same,
        ngettext("%(num)s archived client is left out.", "%(num)s archived clients are left out.", left_out): left_out,
    }
    flash(" ".join(sentence for sentence, count in sentences.items() if count))
