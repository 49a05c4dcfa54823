"""Addresses that are not written to, and writing to one again, with care."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_next, asked_page
from coachhub.reminders.forms.write_again import WriteAgainForm
from coachhub.reminders.service.suppressions import all_suppressed, lift_suppression, suppressions_of
from coachhub.reminders.views.message_pages import pages

_A_PAGE = 50


@pages.get("/settings/outbox/addresses")
@for_staff
def addresses() -> ResponseReturnValue:
    """Every address that bounced or complained."""
    page = asked_page()
    found = all_suppressed(_A_PAGE + 1, (page - 1) * _A_PAGE)
    return render_template(
        "reminders/addresses.html", addresses=found[:_A_PAGE], page=page, has_more=len(found) > _A_PAGE
    )


@pages.get("/settings/outbox/addresses/again")
@for_staff
def address() -> ResponseReturnValue:
    """What writing to an address again means."""
    asked = request.args.get("address", "")
    found = suppressions_of([asked]).get(asked.lower())
    if found is None:
        return redirect(url_for("messages.addresses"))
    return render_template("reminders/address.html", address=asked, found=found, form=WriteAgainForm().about(found))


@pages.post("/settings/outbox/addresses/again")
@for_staff
def write_again() -> ResponseReturnValue:
    """Write to an address again; a second click changes nothing."""
    asked, form = request.form.get("address", ""), WriteAgainForm()
    found = suppressions_of([asked]).get(asked.lower())
    if found is None:
        flash(_("This address is written to already."), "info")
    elif not form.about(found).validate():
        return render_template("reminders/address.html", address=asked, found=found, form=form), 422
    else:
        lift_suppression(asked, signed_in_as().user_id, is_sure=form.is_confirmed)
        flash(_("From now on %(address)s gets mail again.", address=asked))
    return redirect(asked_next(url_for("messages.addresses")), 303)
