"""The account of whoever is signed in: name, zone, password, and where else they are signed in."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.forms import ChangePasswordForm, ProfileForm, strength_words
from coachhub.accounts.service.logins import end_other_logins, end_own_login, own_logins
from coachhub.accounts.service.users import change_password, change_profile, has_password, knows_password
from coachhub.accounts.views.pages import few_wrong_tries_of_one_browser, pages, remember_knowing
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_anyone_signed_in
from coachhub.platform.identity import signed_in_as


@pages.get("/account")
@for_anyone_signed_in
def account() -> str:
    return _page()


@pages.post("/account")
@for_anyone_signed_in
def save_profile() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(profile=form), 422
    change_profile(signed_in_as().user_id, form.name.data, form.time_zone.data, form.locale.data)
    flash(_("Your changes are saved."))
    return redirect(url_for("accounts.account"), 303)


@pages.post("/account/password")
@few_wrong_tries_of_one_browser
@for_anyone_signed_in
def save_password() -> ResponseReturnValue:
    person = signed_in_as()
    form = ChangePasswordForm((person.email, person.practice_name))
    is_filled = form.validate_on_submit()
    if has_password(person.user_id) and not knows_password(person.user_id, form.current.data or ""):
        form.current.errors = [*form.current.errors, _("This is not the password you have now.")]
    elif is_filled:
        change_password(person.user_id, form.password.data, kept_login=person.login_id)
        remember_knowing(person.user_id)
        flash(strength_words(form.password.data))
        return redirect(url_for("accounts.account"), 303)
    return _page(password=form), 422


@pages.post("/account/logins/end")
@for_anyone_signed_in
def end_logins() -> ResponseReturnValue:
    """Sign one other browser out, or all others where none is named."""
    person = signed_in_as()
    named = request.form.get("login_id", type=UUID)
    if named is None:
        end_other_logins(person.user_id, person.login_id)
    elif named == person.login_id or not end_own_login(named):
        raise NotFound
    flash(_("Signed out there."))
    return redirect(url_for("accounts.account"), 303)


def _page(profile: ProfileForm | None = None, password: ChangePasswordForm | None = None) -> str:
    person = signed_in_as()
    return render_template(
        "accounts/account.html",
        profile=profile or ProfileForm(None, obj=person),
        password=password or ChangePasswordForm(()),
        has_password=has_password(person.user_id),
        logins=own_logins(person.user_id),
    )
