"""A client's own reports: those that the coach has sent, or that were made by themselves."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as
from coachhub.platform.named_files import named_file
from coachhub.platform.web import asked_page
from coachhub.reports.service.shelf.reading import file_of, report_of, reports_of
from coachhub.reports.service.shelf.sharing import note_opened
from coachhub.reports.views.pages import pages
from coachhub.reports.views.papers import PDF, with_frame
from coachhub.reports.wording.papers import file_name_of


@pages.get("/sessions/reports")
@for_client
def my_reports() -> ResponseReturnValue:
    """All of them, newest first."""
    page = asked_page()
    return render_template("reports/shelf/my_reports.html", shelf=reports_of(_own_record(), page), page=page)


@pages.get("/sessions/reports/<uuid:report_id>")
@for_client
def my_report(report_id: UUID) -> ResponseReturnValue:
    """One of them; the mail leads here."""
    found = report_of(_own_record(), report_id)
    note_opened(report_id)
    return with_frame(render_template("reports/shelf/my_report.html", found=found))


@pages.get("/sessions/reports/<uuid:report_id>/report.pdf")
@for_client
def my_report_pdf(report_id: UUID) -> ResponseReturnValue:
    """The document: shown, or kept as a file where `?keep=` says so."""
    found = report_of(_own_record(), report_id)
    note_opened(report_id)
    name = file_name_of(found, for_client=True)
    return named_file(file_of(report_id), name, PDF, is_shown="keep" not in request.args)


def _own_record() -> UUID:
    client_id = signed_in_as().client_id
    if client_id is None:
        raise NotFound
    return client_id
