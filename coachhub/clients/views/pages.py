"""The blueprint of the domain, and what its forms have in common."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from coachhub.clients.service.inviting import Invited
from coachhub.clients.service.records import check_clients
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.web import asked_next

pages = Blueprint("clients", __name__)


def ticked_clients() -> list[UUID]:
    """The clients that a form names as `client_ids`. Raises Refused for none, NotFound for anybody else's."""
    try:
        client_ids = [UUID(written) for written in request.form.getlist("client_ids")]
    except ValueError:
        raise NotFound from None
    if not client_ids:
        raise Refused(422, _("Tick at least one client first, then choose what to do."))
    check_clients(client_ids)
    return client_ids


def back_to(otherwise: str) -> Response:
    """Back to the page that the form came from, where it says so."""
    return redirect(asked_next(otherwise), 303)


def to_clients(status: str | None = None) -> str:
    """The address of the list of clients."""
    return url_for("reports.clients", status=status)


def tell_invited(invited: Invited) -> None:
    """Say how many invitations are on their way, and why some are not."""
    if invited.mailed:
        flash(ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", invited.mailed))
    if invited.held_back:
        flash(
            _(
                "%(n)s could not go by mail: until your own address is confirmed, five invitations may. "
                "Their links are ready to copy.",
                n=invited.held_back,
            ),
            "warning",
        )
    if not invited.mailed and not invited.held_back:
        flash(_("Nothing was sent: an invitation has just gone out, or they have started already."), "info")
