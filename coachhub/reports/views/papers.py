"""A client's reports, for the coach: asking, looking, sending, and what to do with one that failed."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.service.records import ClientRow, client_of
from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.named_files import named_file
from coachhub.platform.web import asked_page
from coachhub.reminders.service.report_letters import untold_among
from coachhub.reports.forms.papers import MonthsForm, WishForm
from coachhub.reports.service.shelf.asking import (
    ask_anew,
    ask_for_progress_report,
    ask_for_session_report,
    throw_away,
    try_again,
)
from coachhub.reports.service.shelf.reading import file_of, report_of, reports_of, versions_of
from coachhub.reports.service.shelf.sharing import send_report, take_back
from coachhub.reports.service.shelf.wishes import wish_for, wish_of
from coachhub.reports.views.pages import pages
from coachhub.reports.wording.papers import file_name_of, told_words

PDF = "application/pdf"


@pages.get("/clients/<uuid:client_id>/reports")
@for_staff
def client_reports(client_id: UUID) -> ResponseReturnValue:
    """All reports of a client, and the form for another."""
    client = client_of(client_id)
    return _shelf_page(client, MonthsForm().offer(_running(client)), WishForm().offer(wish_of(client_id)))


def _shelf_page(client: ClientRow, form: MonthsForm, wish: WishForm) -> str:
    page = asked_page()
    shelf = reports_of(client.id, page)
    return render_template("reports/shelf/of_client.html", client=client, shelf=shelf, page=page, form=form, wish=wish)


def _running(client: ClientRow) -> Month:
    return Month.local(clock.now(), ZoneInfo(client.time_zone))


@pages.post("/clients/<uuid:client_id>/reports")
@for_staff
def ask_report(client_id: UUID) -> ResponseReturnValue:
    """Have one made about some months."""
    client = client_of(client_id)
    form = MonthsForm().offer(_running(client))
    if not form.is_good(_running(client)):
        return _shelf_page(client, form, WishForm(formdata=None).offer(wish_of(client_id))), 422
    return _to(client_id, ask_for_progress_report(client_id, form.subject(), sends=form.sends.data))


@pages.post("/clients/<uuid:client_id>/reports/monthly")
@for_staff
def monthly_report(client_id: UUID) -> ResponseReturnValue:
    """Have one made of each month by itself, or none any more."""
    client, form = client_of(client_id), WishForm().offer(None)
    if not form.validate():
        raise Refused(422, _("Choose one of the reports, or none."))
    wish_for(client, form.wish())
    flash(_("Saved."))
    return redirect(url_for("reports.client_reports", client_id=client_id), 303)


@pages.post("/clients/<uuid:client_id>/sessions/<uuid:coaching_session_id>/report")
@for_staff
def session_report(client_id: UUID, coaching_session_id: UUID) -> ResponseReturnValue:
    """Have one made on a session."""
    return _to(client_id, ask_for_session_report(client_id, coaching_session_id))


@pages.get("/clients/<uuid:client_id>/reports/<uuid:report_id>")
@for_staff
def report(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """One version: how it stands, how it looks, and the other versions."""
    found = report_of(client_id, report_id)
    untold = untold_among([client_id]).get(client_id)
    page = render_template("reports/shelf/report.html", found=found, untold=untold, versions=versions_of(found))
    return with_frame(page)


def with_frame(page: str) -> Response:
    """A page that shows a document of ours in a frame."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{current_app.config['CONTENT_POLICY']}; frame-src 'self'"
    return response


@pages.get("/clients/<uuid:client_id>/reports/<uuid:report_id>/report.pdf")
@for_staff
def report_pdf(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """The document: shown, or kept as a file where `?keep=` says so."""
    found = report_of(client_id, report_id)
    return named_file(file_of(report_id), file_name_of(found), PDF, is_shown="keep" not in request.args)


@pages.post("/clients/<uuid:client_id>/reports/<uuid:report_id>/again")
@for_staff
def report_again(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """Have the next version made."""
    return _to(client_id, ask_anew(client_id, report_id))


@pages.post("/clients/<uuid:client_id>/reports/<uuid:report_id>/retry")
@for_staff
def report_retry(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """Have one made that has failed."""
    try_again(client_id, report_id)
    return _to(client_id, report_id)


@pages.post("/clients/<uuid:client_id>/reports/<uuid:report_id>/send")
@for_staff
def report_send(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """Share it with the client, and write to them."""
    sent = send_report(client_id, report_id)
    flash(told_words(sent.client_name, untold_among([client_id]).get(client_id)))
    return _to(client_id, report_id)


@pages.post("/clients/<uuid:client_id>/reports/<uuid:report_id>/take-back")
@for_staff
def report_take_back(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """Share it no more."""
    take_back(client_id, report_id)
    flash(_("Taken back. It is not in the portal any more."))
    return _to(client_id, report_id)


@pages.get("/clients/<uuid:client_id>/reports/<uuid:report_id>/delete")
@for_staff
def report_delete_page(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """What would be lost."""
    return render_template("reports/shelf/delete.html", found=report_of(client_id, report_id))


@pages.post("/clients/<uuid:client_id>/reports/<uuid:report_id>/delete")
@for_staff
def report_delete(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    """Delete one version for good."""
    throw_away(report_of(client_id, report_id))
    flash(_("Deleted."))
    return redirect(url_for("reports.client_reports", client_id=client_id), 303)


def _to(client_id: UUID, report_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("reports.report", client_id=client_id, report_id=report_id), 303)
