"""Which mails an owner or a coach wants for themselves."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.reminders.forms.my_reminders import RemindersForm
from coachhub.reminders.service.switches import Reader, kinds_on_offer, switched_off, want_only
from coachhub.reminders.views.pages import pages


@pages.get("/settings/reminders")
@for_staff
def coach_reminders() -> str:
    form = RemindersForm.of(kinds_on_offer(staff=True)).fill(switched_off(_reader()))
    return render_template("reminders/coach_reminders.html", form=form)


@pages.post("/settings/reminders")
@for_staff
def save_coach_reminders() -> ResponseReturnValue:
    form = RemindersForm.of(kinds_on_offer(staff=True))
    if not form.validate_on_submit():
        return render_template("reminders/coach_reminders.html", form=form), 422
    want_only(_reader(), form.wanted(), form.kinds)
    flash(_("Saved."))
    return redirect(url_for("reminders.coach_reminders"), 303)


def _reader() -> Reader:
    return Reader(signed_in_as().user_id, is_staff=True)
