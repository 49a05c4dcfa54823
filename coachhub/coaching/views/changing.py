"""Planning a coaching session, changing and cancelling it, and saying how it ended."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.service.overlaps import Overlap
from coachhub.clients.service.records import ClientRow, client_of
from coachhub.coaching.forms.session import SessionForm
from coachhub.coaching.service.planning import cancel_session, change_session, note_held, note_missed, plan_session
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_of
from coachhub.coaching.service.templates import begin_with
from coachhub.coaching.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.kept_words import keeps_words
from coachhub.platform.web import asked_next, id_asked


@pages.get("/clients/<uuid:client_id>/sessions/plan")
@for_staff
def plan_page(client_id: UUID) -> ResponseReturnValue:
    """When, how long, where, what about?"""
    return _plan_page(client_of(client_id), SessionForm().offer(signed_in_as().user_id))


def _plan_page(client: ClientRow, form: SessionForm) -> str:
    return render_template("coaching/plan.html", form=form, client=client, there=ZoneInfo(client.time_zone))


@pages.post("/clients/<uuid:client_id>/sessions/plan")
@keeps_words
@for_staff
def plan(client_id: UUID) -> ResponseReturnValue:
    """Plan it; the client gets a mail with the calendar file."""
    person, client = signed_in_as(), client_of(client_id)
    form = SessionForm().offer(person.user_id)
    if _begins_agenda(form):
        return _plan_page(client, form)
    if not form.validate() or form.is_past(person.zone, clock.now()):
        return _plan_page(client, form), 422
    try:
        planned_id = plan_session(client_id, form.entry(person.zone))
    except Overlap as taken:
        return _plan_page(client, form.refuse(taken.text)), 422
    flash(_("Planned. %(name)s gets a mail with the calendar file.", name=client.name))
    return _to(client_id, planned_id)


@pages.get("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/change")
@for_staff
def change_page(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Another time, place or agenda?"""
    person, found = signed_in_as(), _open(client_id, coaching_session_id)
    form = SessionForm().offer(found.coach_id).start_with(found, person.zone)
    return render_template("coaching/change.html", form=form, found=found)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/change")
@keeps_words
@for_staff
def change(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Move it, or change what is said of it."""
    person, found = signed_in_as(), coaching_session_of(client_id, coaching_session_id)
    form = SessionForm().offer(found.coach_id)
    if _begins_agenda(form):
        return render_template("coaching/change.html", form=form, found=found)
    if not form.validate() or form.is_past(person.zone, clock.now(), found.starts_at):
        return render_template("coaching/change.html", form=form, found=found), 422
    try:
        change_session(client_id, coaching_session_id, form.entry(person.zone, found.starts_at))
    except Overlap as taken:
        return render_template("coaching/change.html", form=form.refuse(taken.text), found=found), 422
    flash(_("Saved."))
    return _to(client_id, coaching_session_id)


@pages.get("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/cancel")
@for_staff
def cancel_page(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Is it off, or only later?"""
    return render_template("coaching/cancel.html", found=_open(client_id, coaching_session_id))


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/cancel")
@for_staff
def cancel(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """It is off."""
    cancel_session(client_id, coaching_session_id)
    flash(_("Cancelled."))
    return _to(client_id, coaching_session_id)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/held")
@for_staff
def held(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """It took place."""
    note_held(client_id, coaching_session_id)
    flash(_("Noted: it took place."))
    return redirect(asked_next(_address(client_id, coaching_session_id)), 303)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/missed")
@for_staff
def missed(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """The client did not come."""
    note_missed(client_id, coaching_session_id)
    flash(_("Noted: they did not come."))
    return redirect(asked_next(_address(client_id, coaching_session_id)), 303)


def _begins_agenda(form: SessionForm) -> bool:
    """Whether a template was asked for: it is put below what stands there, and nothing is saved."""
    if "begin" not in request.form:
        return False
    form.begin_agenda(begin_with(id_asked("template"), form.agenda.data or ""))
    return True


def _open(client_id: UUID, coaching_session_id: UUID) -> CoachingSessionRow:
    found = coaching_session_of(client_id, coaching_session_id)
    if not found.is_open:
        raise Refused(409, _("This session has ended or was cancelled: there is nothing to change any more."))
    return found


def _to(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    return redirect(_address(client_id, coaching_session_id), 303)


def _address(client_id: UUID, coaching_session_id: UUID) -> str:
    return url_for("coaching.coaching_session", client_id=client_id, coaching_session_id=coaching_session_id)
