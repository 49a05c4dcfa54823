"""Reports of many clients in one step: how far they are, and all of them as one zip."""

from datetime import datetime
from uuid import UUID

from flask import Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from coachhub.accounts.service.members import coaches
from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff, outside
from coachhub.platform.identity import signed_in_as
from coachhub.platform.named_files import disposition, safe_file_name
from coachhub.platform.tenancy import as_practice
from coachhub.platform.web import asked_page
from coachhub.reminders.service.report_letters import untold_among
from coachhub.reports.forms.papers import BatchForm
from coachhub.reports.models import ReportState
from coachhub.reports.service.cohort.group import Group
from coachhub.reports.service.shelf.asking import try_batch_again
from coachhub.reports.service.shelf.batches import NothingToMake, ask_for_batch, batch_of, latest_batches
from coachhub.reports.service.shelf.reading import latest_reports, reports_of_batch
from coachhub.reports.service.shelf.sharing import send_batch
from coachhub.reports.service.shelf.zips import in_zip, zip_of
from coachhub.reports.views.figures.asked import tabs_of
from coachhub.reports.views.pages import pages
from coachhub.reports.wording import papers

SHOWN = 50
MOST_IN_A_ZIP = 10_000


@pages.get("/documents")
@for_staff
def documents() -> ResponseReturnValue:
    """The form for all clients of a coach, and what was made lately."""
    return _documents_page(_form())


def _documents_page(form: BatchForm) -> str:
    page = asked_page()
    return render_template(
        "reports/shelf/documents.html",
        form=form,
        team=coaches(),
        batches=latest_batches() if page == 1 else (),
        shelf=latest_reports(page),
        page=page,
        tabs=tabs_of(Group()),
    )


def _form() -> BatchForm:
    form: BatchForm = BatchForm().offer(_running()).offer_coaches(coaches(), signed_in_as().user_id)
    return form


def _running() -> Month:
    return Month.local(clock.now(), signed_in_as().zone)


@pages.post("/documents")
@for_staff
def ask_batch() -> ResponseReturnValue:
    """Have one made for each client."""
    form = _form()
    if not form.is_good(_running()):
        return _documents_page(form), 422
    try:
        batch_id = ask_for_batch(form.coach, form.subject(), sends=form.sends.data)
    except NothingToMake as refusal:
        form.form_errors.append(refusal.text)
        return _documents_page(form), refusal.status
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


@pages.get("/documents/<uuid:batch_id>")
@for_staff
def batch(batch_id: UUID) -> ResponseReturnValue:
    """How far it is; it may be left and come back to."""
    found = batch_of(batch_id)
    failed = reports_of_batch(batch_id, ReportState.FAILED, SHOWN) if found.failed else ()
    ready = () if found.is_at_work else reports_of_batch(batch_id, ReportState.READY, SHOWN)
    return render_template("reports/shelf/batch.html", batch=found, failed=failed, ready=ready)


@pages.post("/documents/<uuid:batch_id>/retry")
@for_staff
def batch_retry(batch_id: UUID) -> ResponseReturnValue:
    """Have those made that have failed."""
    try_batch_again(batch_of(batch_id).id)
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


@pages.post("/documents/<uuid:batch_id>/send")
@for_staff
def batch_send(batch_id: UUID) -> ResponseReturnValue:
    """Send each that is ready to its client."""
    sent = send_batch(batch_of(batch_id).id)
    for words in papers.sent_words(len(sent), len(untold_among(sent))):
        flash(words)
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


@pages.get("/documents/<uuid:batch_id>/reports.zip")
@outside
@for_staff
def batch_zip(batch_id: UUID) -> ResponseReturnValue:
    """All that are ready, as one file, sent while it is put together."""
    person = signed_in_as()
    with as_practice(person.practice_id, person.user_id):
        title = papers.batch_title(batch_of(batch_id))
        ready = in_zip(reports_of_batch(batch_id, ReportState.READY, MOST_IN_A_ZIP))
        if not ready:
            raise NotFound
        names = papers.file_names_of(ready)
    entries = [(each.id, name, _local(each.ready_at)) for each, name in zip(ready, names, strict=True)]
    pieces = zip_of(person.practice_id, person.user_id, entries)
    headers = {"Content-Disposition": disposition("attachment", f"{safe_file_name(title)}.zip")}
    return Response(stream_with_context(pieces), content_type="application/zip", headers=headers)


def _local(at: datetime | None) -> datetime:
    return (at or clock.now()).astimezone(signed_in_as().zone)
