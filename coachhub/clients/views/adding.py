"""Adding clients: one person, or a list that is shown first."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.clients.forms import OnePersonForm, PeopleForm
from coachhub.clients.rules.people import as_lines
from coachhub.clients.service.adding import ClientEntry, Preview, add_client, add_clients, preview, reason_against
from coachhub.clients.service.inviting import invite, mails_left, open_invites
from coachhub.clients.service.limits import TooManyClients, what_is_full, within_limit
from coachhub.clients.views.pages import pages, tell_invited, to_clients
from coachhub.clients.wording import skip_words
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_page

LINKS_A_PAGE = 50


@pages.get("/clients/add")
@for_staff
def add() -> ResponseReturnValue:
    """The form for one person, or for a list. Where there is no place left it says so before anything is typed."""
    is_list = request.args.get("by") == "list"
    form = (PeopleForm() if is_list else OnePersonForm()).offer(signed_in_as())
    return render_template("clients/add_list.html" if is_list else "clients/add.html", form=form, full=what_is_full())


@pages.post("/clients/add")
@for_staff
def add_one() -> ResponseReturnValue:
    """Add one person, and send the invitation or show its link."""
    form = OnePersonForm().offer(signed_in_as())
    if not form.validate():
        return render_template("clients/add.html", form=form), 422
    entry = ClientEntry(form.name.data, form.email.data, UUID(form.coach_id.data), form.time_zone.data)
    reason = reason_against(entry.email)
    if reason is not None:
        form.email.errors = [f"{entry.email}: {skip_words(reason)}"]
        return render_template("clients/add.html", form=form), 422
    try:
        with within_limit():
            return _invite([add_client(entry)])
    except TooManyClients as full:
        return render_template("clients/add.html", form=form, full=full), full.status


@pages.post("/clients/preview")
@for_staff
def preview_list() -> ResponseReturnValue:
    """Show what adding a list would do; nothing is done yet."""
    form = PeopleForm().offer(signed_in_as())
    if not form.validate():
        return render_template("clients/add_list.html", form=form), 422
    found = preview(form.written)
    form.people.data = _as_typed(form)
    return _shown(form, found, what_is_full(len(found.newcomers)))


@pages.post("/clients/add-all")
@for_staff
def add_all() -> ResponseReturnValue:
    """Add the people of a preview; the list is read and checked once more."""
    form = PeopleForm().offer(signed_in_as())
    if not form.validate():
        return render_template("clients/add_list.html", form=form), 422
    found = preview(form.written)
    if not found.newcomers:
        flash(_("Nobody was added: everybody on this list is here already."), "info")
        return redirect(to_clients("invited"), 303)
    try:
        with within_limit():
            return _add_all(form, found)
    except TooManyClients as full:
        return _shown(form, found, full), full.status


@pages.get("/clients/links")
@for_staff
def links() -> ResponseReturnValue:
    """The links of everybody who has not started, to copy and send oneself."""
    page = asked_page()
    found = open_invites(limit=LINKS_A_PAGE + 1, offset=(page - 1) * LINKS_A_PAGE)
    return render_template(
        "clients/links.html", invites=found[:LINKS_A_PAGE], page=page, has_more=len(found) > LINKS_A_PAGE
    )


def _add_all(form: PeopleForm, found: Preview) -> ResponseReturnValue:
    added = add_clients(found.newcomers, UUID(form.coach_id.data), form.time_zone.data)
    answer = _invite(added)
    if request.form.get("do") != "mail":  # with mails the number of mails says it
        flash(ngettext("%(num)s client added.", "%(num)s clients added.", len(added)))
    return answer


def _shown(form: PeopleForm, found: Preview, full: TooManyClients | None) -> str:
    """The preview of a list; `full`: why so many cannot be added."""
    newcomers = [(newcomer.name, newcomer.email) for newcomer in found.newcomers]
    return render_template(
        "clients/preview.html",
        form=form,
        newcomers=newcomers,
        lines=as_lines(newcomers),
        skipped=[(skipped.line, skipped.text, skip_words(skipped.reason)) for skipped in found.skipped],
        left=mails_left(),
        full=full,
    )


def _invite(client_ids: list[UUID]) -> ResponseReturnValue:
    by_mail = request.form.get("do") == "mail"
    invited = invite(client_ids, by_mail=by_mail)
    if by_mail:
        tell_invited(invited)
    needs_links = not by_mail or invited.held_back
    return redirect(url_for("clients.links") if needs_links else to_clients("invited"), 303)


def _as_typed(form: PeopleForm) -> str:
    """The list as lines that can be changed; of a file, what was read of it."""
    if not form.file.data:
        return str(form.people.data)
    return "\n".join(
        as_lines([(person.name, person.address)]) if person.address else person.text for person in form.written
    )
