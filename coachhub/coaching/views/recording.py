"""Writing down a session that took place, and taking that back."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.service.records import ClientRow, client_of
from coachhub.coaching.forms.hours import RecordForm
from coachhub.coaching.service.recording import HadAnother, record_session, unrecord_session
from coachhub.coaching.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.kept_words import keeps_words


@pages.get("/clients/<uuid:client_id>/sessions/record")
@for_staff
def record_page(client_id: UUID) -> ResponseReturnValue:
    """When was it, and how long?"""
    return _record_page(client_of(client_id), RecordForm().offer(signed_in_as().user_id))


@pages.post("/clients/<uuid:client_id>/sessions/record")
@keeps_words
@for_staff
def record(client_id: UUID) -> ResponseReturnValue:
    """Write it down; then its page is there for the notes."""
    person, client = signed_in_as(), client_of(client_id)
    form = RecordForm().offer(person.user_id)
    if not form.validate() or form.is_ahead(person.zone, clock.now()):
        return _record_page(client, form), 422
    try:
        recorded_id = record_session(client_id, form.entry(person.zone), form.is_paid)
    except HadAnother as other:
        return _record_page(client, form.refuse(other.text)), 422
    flash(_("Written down. Nobody was told."))
    return redirect(_address(client_id, recorded_id), 303)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/unrecord")
@for_staff
def unrecord(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """It did not take place after all."""
    unrecord_session(client_id, coaching_session_id)
    flash(_("Noted: it did not take place."))
    return redirect(_address(client_id, coaching_session_id), 303)


def _record_page(client: ClientRow, form: RecordForm) -> str:
    return render_template("coaching/record.html", form=form, client=client, there=ZoneInfo(client.time_zone))


def _address(client_id: UUID, coaching_session_id: UUID) -> str:
    return url_for("coaching.coaching_session", client_id=client_id, coaching_session_id=coaching_session_id)
