"""Reports of the clients that somebody has ticked in a list."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_next
from coachhub.reports.forms.papers import MonthsForm
from coachhub.reports.service.shelf.batches import NothingToMake, ask_for_chosen, names_of
from coachhub.reports.views.pages import pages

MAKE = "make"


@pages.post("/documents/chosen")
@for_staff
def chosen_reports() -> ResponseReturnValue:
    """About which months? Then have one made for each; a list sends its ticks here."""
    client_ids, running = _ticked(), Month.local(clock.now(), signed_in_as().zone)
    is_asked = request.form.get("do") == MAKE
    form = MonthsForm(formdata=request.form if is_asked else None).offer(running, is_sent=is_asked)
    if not is_asked or not form.is_good(running):
        return _page(client_ids, form), 422 if is_asked else 200
    try:
        batch_id = ask_for_chosen(client_ids, form.subject(), sends=form.sends.data)
    except NothingToMake as refusal:
        form.form_errors.append(refusal.text)
        return _page(client_ids, form), refusal.status
    return redirect(url_for("reports.batch", batch_id=batch_id), 303)


def _page(client_ids: list[UUID], form: MonthsForm) -> str:
    back = asked_next(url_for("reports.clients"))
    return render_template(
        "reports/shelf/chosen.html", form=form, names=names_of(client_ids), ids=client_ids, next=back
    )


def _ticked() -> list[UUID]:
    try:
        ids = [UUID(written) for written in request.form.getlist("client_ids")]
    except ValueError:
        raise NotFound from None
    if not ids:
        raise Refused(422, _("Tick at least one client."))
    return ids
