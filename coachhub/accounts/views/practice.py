"""The settings of the practice, for its owner."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.forms import PracticeForm
from coachhub.accounts.service.practices import change_practice, practice_settings
from coachhub.accounts.views.pages import pages
from coachhub.platform.guards import for_owner, for_staff
from coachhub.platform.identity import Role, signed_in_as


@pages.get("/settings")
@for_staff
def settings() -> ResponseReturnValue:
    if signed_in_as().role is not Role.OWNER:
        return redirect(url_for("accounts.account"))
    return render_template("accounts/practice.html", form=PracticeForm(None, obj=practice_settings()))


@pages.post("/settings")
@for_owner
def save_settings() -> ResponseReturnValue:
    form = PracticeForm()
    if not form.validate_on_submit():
        return render_template("accounts/practice.html", form=form), 422
    change_practice(form.wanted())
    flash(_("Your changes are saved."))
    return redirect(url_for("accounts.settings"), 303)
