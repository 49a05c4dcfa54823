"""What a client wants to be reminded of; the footer of every reminder leads here."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as
from coachhub.reminders.forms.my_reminders import MyRemindersForm
from coachhub.reminders.service.switches import switched_off, want_only

pages = Blueprint("reminders", __name__)


@pages.get("/my/reminders")
@for_client
def my_reminders() -> ResponseReturnValue:
    form = MyRemindersForm().fill(switched_off(_own_record()))
    return render_template("reminders/my_reminders.html", form=form)


@pages.post("/my/reminders")
@for_client
def save_my_reminders() -> ResponseReturnValue:
    form = MyRemindersForm()
    if not form.validate_on_submit():
        return render_template("reminders/my_reminders.html", form=form), 422
    want_only(_own_record(), form.wanted())
    flash(_("Saved."))
    return redirect(url_for("reminders.my_reminders"), 303)


def _own_record() -> UUID:
    client_id = signed_in_as().client_id
    if client_id is None:
        raise NotFound
    return client_id
