"""The practices of one person: change from one to another, or open one more."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.forms import PracticeNameForm
from coachhub.accounts.service import practices
from coachhub.accounts.views.pages import few_from_one_address, first_page, guessed_place, pages
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_anyone_signed_in
from coachhub.platform.identity import signed_in_as


@pages.get("/practices")
@for_anyone_signed_in
def switch() -> str:
    return _page(PracticeNameForm(formdata=None))


@pages.post("/practices")
@for_anyone_signed_in
def enter() -> ResponseReturnValue:
    person, practice_id = signed_in_as(), request.form.get("practice_id", type=UUID)
    if practice_id is None:
        raise NotFound
    role = practices.enter_practice(person.login_id, practice_id)
    return redirect(first_page(role), 303)


@pages.post("/practices/open")
@few_from_one_address
@for_anyone_signed_in
def open_another() -> ResponseReturnValue:
    person, form = signed_in_as(), PracticeNameForm()
    if not form.validate_on_submit():
        return _page(form), 422
    place = guessed_place(form.time_zone.data or person.time_zone)
    practices.open_practice(person.user_id, person.login_id, form.practice_name.data, place)
    flash(_("%(name)s is open.", name=form.practice_name.data))
    return redirect(url_for("reports.today"), 303)


def _page(form: PracticeNameForm) -> str:
    return render_template(
        "accounts/practices.html", form=form, practices=practices.my_practices(signed_in_as().user_id)
    )
