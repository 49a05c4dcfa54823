"""What a client wants to be reminded of, and when not."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as
from coachhub.reminders.captions import hours_words
from coachhub.reminders.forms.my_reminders import RemindersForm
from coachhub.reminders.forms.quiet_hours import QuietHoursForm
from coachhub.reminders.service.quiet_hours import keep_own_quiet, own_quiet, practice_quiet
from coachhub.reminders.service.switches import Reader, kinds_on_offer, switched_off, want_only
from coachhub.reminders.views.pages import pages


@pages.get("/my/reminders")
@for_client
def my_reminders() -> ResponseReturnValue:
    return _page()


@pages.post("/my/reminders")
@for_client
def save_my_reminders() -> ResponseReturnValue:
    form = RemindersForm.of(kinds_on_offer(staff=False))
    if not form.validate_on_submit():
        return _page(form), 422
    want_only(Reader(_own_record()), form.wanted(), form.kinds)
    flash(_("Saved."))
    return redirect(url_for("reminders.my_reminders"), 303)


@pages.post("/my/reminders/quiet")
@for_client
def save_my_quiet_hours() -> ResponseReturnValue:
    """Own hours, or those of the practice by the other button."""
    as_practice, form = request.form.get("do") == "practice", QuietHoursForm()
    if not as_practice and not form.validate():
        return _page(quiet=form), 422
    keep_own_quiet(_own_record(), None if as_practice else form.quiet())
    flash(_("Saved."))
    return redirect(url_for("reminders.my_reminders"), 303)


def _page(form: RemindersForm | None = None, quiet: QuietHoursForm | None = None) -> str:
    record, of_practice = _own_record(), practice_quiet()
    own = own_quiet(record)
    if form is None:
        form = RemindersForm.of(kinds_on_offer(staff=False), formdata=None).fill(switched_off(Reader(record)))
    return render_template(
        "reminders/my_reminders.html",
        form=form,
        quiet=quiet or QuietHoursForm(formdata=None).fill(own or of_practice),
        has_own=own is not None,
        of_practice=hours_words(of_practice.start, of_practice.end),
    )


def _own_record() -> UUID:
    client_id = signed_in_as().client_id
    if client_id is None:
        raise NotFound
    return client_id
