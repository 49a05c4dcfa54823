"""Signing in by password or by a mailed code, and out."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.forms import AddressForm, CodeForm, SignInForm
from coachhub.accounts.models import ProofKind
from coachhub.accounts.service.logins import end_login
from coachhub.accounts.service.proofs import ask_for_proof
from coachhub.accounts.service.users import check_password, sign_in_by_code
from coachhub.accounts.views.pages import (
    few_mails,
    few_wrong_tries,
    pages,
    remember_knowing,
    sign_browser_in,
    who_is_known,
)
from coachhub.platform.cookies import forget_sign_in
from coachhub.platform.guards import for_anyone_signed_in, public
from coachhub.platform.identity import identity, signed_in_as
from coachhub.platform.web import asked_next

_CODE_FOR = "code_for"


@pages.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if identity():
        return redirect(_target())
    return render_template("accounts/sign_in.html", form=SignInForm(), next=_wanted())


@pages.post("/sign-in")
@few_wrong_tries
@public
def sign_in_by_password() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        account = check_password(form.email.data, form.password.data)
        if account is not None:
            return sign_browser_in(account, _target(), by_password=True)
        form.password.errors = [
            _("This address and password do not belong together. Try again, or have a code mailed.")
        ]
    return render_template("accounts/sign_in.html", form=form, next=_wanted()), 422


@pages.post("/sign-in/send-code")
@few_mails
@public
def send_code() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate_on_submit():
        again = SignInForm()
        again.email.errors = form.email.errors
        return render_template("accounts/sign_in.html", form=again, next=_wanted()), 422
    ask_for_proof(ProofKind.SIGN_IN, form.email.data)
    session[_CODE_FOR] = form.email.data
    return redirect(url_for("accounts.sign_in_code", next=_wanted()), 303)


@pages.get("/sign-in/code")
@public
def sign_in_code() -> ResponseReturnValue:
    email = session.get(_CODE_FOR)
    if not email:
        return redirect(url_for("accounts.sign_in", next=_wanted()))
    return render_template("accounts/sign_in_code.html", form=CodeForm(email=email), next=_wanted())


@pages.post("/sign-in/code")
@few_wrong_tries
@public
def check_code() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        found = sign_in_by_code(form.email.data or "", form.code.data, knew=who_is_known())
        if found is not None:
            account, lost_password = found
            answer = sign_browser_in(account, _target(), by_password=False)
            if lost_password:
                flash(
                    _("Your address is confirmed now. For your safety, choose a new password in your account."), "info"
                )
            return answer
        form.code.errors = [
            _("This code is wrong or too old. After five tries, or ten minutes, have a new one mailed.")
        ]
    return render_template("accounts/sign_in_code.html", form=form, next=_wanted()), 422


@pages.post("/sign-out")
@for_anyone_signed_in
def sign_out() -> ResponseReturnValue:
    known = who_is_known()
    end_login(signed_in_as().login_id)
    answer = forget_sign_in(redirect(url_for("accounts.home"), 303))
    remember_knowing(known)
    flash(_("You are signed out."))
    return answer


def _wanted() -> str | None:
    """The page that was asked for before signing in, where it is one of ours."""
    return asked_next("") or None


def _target() -> str:
    return _wanted() or url_for("accounts.home")
