"""Nudging: for whom, in which words, how it looks, and off it goes."""

from collections.abc import Iterator
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_next
from coachhub.reminders.forms.nudge import nudge_form
from coachhub.reminders.forms.words import WordsForm
from coachhub.reminders.service.nudging import Nudged, Preview, nudge_words, preview_nudge, send_nudges
from coachhub.reports import wording
from coachhub.reports.forms.clients_query import query_in
from coachhub.reports.service.clients_page import ids_found
from coachhub.reports.service.listing import Listed, listed_clients
from coachhub.reports.service.nudges import Addressed, addressed
from coachhub.reports.views.pages import pages


@pages.get("/nudge")
@for_staff
def nudge() -> ResponseReturnValue:
    """The form, for the clients that `?client=` names or for a whole list: `?who=list` with its filters."""
    found = addressed(_asked_for())
    return _page(found, found.clients, _with_words(found))


@pages.post("/nudge")
@for_staff
def write_nudge() -> ResponseReturnValue:
    """The form for ticked clients; how it looks; and sending it, which a second click does not do twice."""
    named, do = {*_ids("client_ids"), *_ids("others")}, request.form.get("do")
    found = addressed(listed_clients(_ids("offered") or list(named)))
    ticked = found.ticked(named)
    if do not in ("preview", "send"):
        return _page(found, ticked, _with_words(found))
    form, chosen = nudge_form(), named - found.spared(request.form.getlist("without"))
    is_good = form.validate() and _is_for_somebody(form, chosen)
    if do == "preview" or not is_good:  # a preview with a fault in it is shown, nothing is refused
        return _page(found, ticked, form), 200 if do == "preview" else 422
    _tell(send_nudges(found.all_but_at_rest(chosen), signed_in_as().user_id, form.written()))
    return redirect(asked_next(url_for("reports.today")), 303)


def _asked_for() -> list[Listed]:
    if request.args.get("who") == "list":
        return listed_clients(ids_found(query_in(request.args)))
    try:
        return listed_clients([UUID(named) for named in request.args.getlist("client")])
    except ValueError:
        raise NotFound from None


def _ids(name: str) -> list[UUID]:
    """The ids that a field of the form holds, several in one field or in several of the same name."""
    try:
        return [UUID(written) for texts in request.form.getlist(name) for written in texts.split()]
    except ValueError:
        raise NotFound from None


def _with_words(found: Addressed) -> WordsForm:
    return nudge_form(nudge_words(wording.line_for(found.clients), signed_in_as().name))


def _is_for_somebody(form: WordsForm, named: set[UUID]) -> bool:
    if not named:
        form.form_errors.append(_("Tick at least one client."))
    return bool(named)


def _page(found: Addressed, ticked: tuple[Listed, ...] | list[Listed], form: WordsForm) -> str:
    without = request.form.getlist("without")
    spared = found.spared(without)
    chosen = [client for client in ticked if client.id not in spared]
    return render_template(
        "reports/nudge.html",
        found=found,
        ticked={client.id for client in ticked},
        count=len(chosen),
        without=without,
        form=form,
        preview=_preview(found, next(iter(chosen or found.clients), None), form),
        offered=" ".join(client.id.hex for client in _offered(found)),
        next=asked_next(url_for("reports.today")),
    )


def _offered(found: Addressed) -> Iterator[Listed]:
    yield from found.clients
    for left_out in found.left_out.values():
        yield from left_out[:20]


def _preview(found: Addressed, client: Listed | None, form: WordsForm) -> tuple[Listed, Preview] | None:
    """How it looks for the first client; nothing while there is an error in it."""
    if client is None or form.errors:
        return None
    step = client.progress.verdict.next_step if client.progress else None
    return client, preview_nudge(found.reach[client.id], client.name, step, form.written(), signed_in_as().name)


def _tell(nudged: Nudged) -> None:
    """A second click hears what the first one did."""
    sent = nudged.new + nudged.before
    if sent:
        flash(ngettext("%(num)s nudge is on its way.", "%(num)s nudges are on their way.", sent))
    else:
        flash(_("Nothing was sent: everybody chosen was nudged within the last day, or cannot be now."), "info")
