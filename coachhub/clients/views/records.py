"""Changing a client's record and standing, alone or several at once."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.clients.forms import EditForm
from coachhub.clients.service.inviting import invite
from coachhub.clients.service.records import ClientChange, client_of, edit_client
from coachhub.clients.service.standing import archive_clients, pause_client, restore_client, resume_client
from coachhub.clients.views.pages import back_to, pages, tell_invited, ticked_clients, to_clients
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as


@pages.get("/clients/<uuid:client_id>/edit")
@for_staff
def edit(client_id: UUID) -> ResponseReturnValue:
    """The form of a client's record."""
    client = client_of(client_id)
    return render_template("clients/edit.html", client=client, form=EditForm().offer(signed_in_as()).fill(client))


@pages.post("/clients/<uuid:client_id>/edit")
@for_staff
def save(client_id: UUID) -> ResponseReturnValue:
    """Change a client's record."""
    client = client_of(client_id)
    form = EditForm().offer(signed_in_as()).fill(client)
    if not form.validate():
        return render_template("clients/edit.html", client=client, form=form), 422
    email = form.email.data if "email" in form else client.email
    edit_client(client_id, ClientChange(form.name.data, email, UUID(form.coach_id.data), form.time_zone.data))
    flash(_("Saved."))
    return redirect(url_for("reports.client", client_id=client_id), 303)


@pages.post("/clients/invite")
@for_staff
def invite_again() -> ResponseReturnValue:
    """Invite the ticked clients, by mail or with a new link to copy."""
    client_ids = ticked_clients()
    by_mail = request.form.get("do") != "link"
    invited = invite(client_ids, by_mail=by_mail)
    if by_mail:
        tell_invited(invited)
    else:
        flash(_("Here is a new link. The one before does not work any more."))
    return back_to(to_clients("invited"))


@pages.post("/clients/archive")
@for_staff
def archive() -> ResponseReturnValue:
    """Put the ticked clients away."""
    count = archive_clients(ticked_clients())
    flash(
        ngettext(
            "%(num)s client archived. Nothing is lost: under “Archived” you bring them back.",
            "%(num)s clients archived. Nothing is lost: under “Archived” you bring them back.",
            count,
        )
    )
    return back_to(to_clients())


@pages.post("/clients/<uuid:client_id>/restore")
@for_staff
def restore(client_id: UUID) -> ResponseReturnValue:
    """Bring a client back from the archive."""
    restore_client(client_id)
    flash(_("Back from the archive, as before."))
    return back_to(url_for("reports.client", client_id=client_id))


@pages.post("/clients/<uuid:client_id>/pause")
@for_staff
def pause(client_id: UUID) -> ResponseReturnValue:
    """Stop writing to a client for a while."""
    pause_client(client_id)
    flash(_("Paused. No reminders go out until you resume."))
    return back_to(url_for("reports.client", client_id=client_id))


@pages.post("/clients/<uuid:client_id>/resume")
@for_staff
def resume(client_id: UUID) -> ResponseReturnValue:
    """Go on with a paused client."""
    resume_client(client_id)
    flash(_("Resumed."))
    return back_to(url_for("reports.client", client_id=client_id))
