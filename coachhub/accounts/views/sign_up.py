"""A coach opens a practice: three fields, and they are in."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachhub.accounts.forms import SignUpForm
from coachhub.accounts.service import practices
from coachhub.accounts.service.users import EmailTaken
from coachhub.accounts.views.pages import few_from_one_address, guessed_place, pages, sign_browser_in
from coachhub.platform.guards import public
from coachhub.platform.identity import identity


@pages.get("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    if identity():
        return redirect(url_for("accounts.switch"))
    return render_template("accounts/sign_up.html", form=SignUpForm(), is_taken=False)


@pages.post("/sign-up")
@few_from_one_address
@public
def open_practice() -> ResponseReturnValue:
    form, is_taken = SignUpForm(), False
    if form.validate_on_submit():
        place = guessed_place(form.time_zone.data)
        try:
            account = practices.sign_up(form.practice_name.data, form.email.data, form.password.data, place)
        except EmailTaken as taken:
            is_taken = True
            form.email.errors = [*form.email.errors, taken.text]
        else:
            return sign_browser_in(account, url_for("reports.today"), by_password=True)
    return render_template("accounts/sign_up.html", form=form, is_taken=is_taken), 422
