"""Links that mails carry: confirm an address, choose a new password. Opening one changes nothing; its button does."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.forms import AddressForm, ConfirmForm, NewPasswordForm, strength_words
from coachhub.accounts.models import ProofKind
from coachhub.accounts.service.proofs import Account, ask_for_own_proof, ask_for_proof, open_link
from coachhub.accounts.service.users import (
    has_unproven_password,
    knows_password,
    own_names,
    reset_password,
    verify_address,
)
from coachhub.accounts.views.pages import (
    few_from_one_address,
    few_mails,
    first_page,
    pages,
    sign_browser_in,
    who_is_known,
)
from coachhub.platform.guards import for_anyone_signed_in, public
from coachhub.platform.identity import identity, signed_in_as


@pages.get("/forgotten")
@public
def forgotten() -> str:
    return render_template("accounts/forgotten.html", form=AddressForm(), sent_to=None)


@pages.post("/forgotten")
@few_mails
@public
def send_reset() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten.html", form=form, sent_to=None), 422
    ask_for_proof(ProofKind.RESET, form.email.data)
    return render_template("accounts/forgotten.html", form=form, sent_to=form.email.data)


@pages.get("/reset/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    account = open_link(ProofKind.RESET, token)
    if account is None:
        return render_template("accounts/link_over.html", kind="reset"), 410
    return render_template("accounts/reset.html", form=NewPasswordForm(()), email=own_names(account)[0])


@pages.post("/reset/<token>")
@few_from_one_address
@public
def choose_password(token: str) -> ResponseReturnValue:
    account = open_link(ProofKind.RESET, token)
    if account is None:
        return render_template("accounts/link_over.html", kind="reset"), 410
    names = own_names(account)
    form = NewPasswordForm(names)
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form, email=names[0]), 422
    if reset_password(token, form.password.data) is None:
        return render_template("accounts/link_over.html", kind="reset"), 410
    answer = sign_browser_in(account, url_for("accounts.home"), by_password=True)
    flash(strength_words(form.password.data))
    return answer


@pages.get("/verify/<token>")
@public
def verify(token: str) -> ResponseReturnValue:
    account = open_link(ProofKind.VERIFY, token)
    if account is None:
        return render_template("accounts/link_over.html", kind="verify"), 410
    return _verify_page(account, ConfirmForm())


@pages.post("/verify/<token>")
@few_from_one_address
@public
def confirm_address(token: str) -> ResponseReturnValue:
    person, form = identity(), ConfirmForm()
    account = open_link(ProofKind.VERIFY, token)
    if account is None:
        return render_template("accounts/link_over.html", kind="verify"), 410
    if _asks_password(account) and not knows_password(account.user_id, form.password.data or ""):
        form.password.errors = [_("This is not the password that was chosen with this address.")]
        return _verify_page(account, form), 422
    if verify_address(token, kept_login=person.login_id if person else None) is None:
        return render_template("accounts/link_over.html", kind="verify"), 410
    flash(_("Thank you, your e-mail address is confirmed."))
    return redirect(url_for("accounts.home" if person else "accounts.sign_in"), 303)


def _verify_page(account: Account, form: ConfirmForm) -> str:
    email, practice_name = own_names(account)
    return render_template(
        "accounts/verify.html",
        form=form,
        email=email,
        practice_name=practice_name,
        asks_password=_asks_password(account),
    )


def _asks_password(account: Account) -> bool:
    """Whether this browser has yet to show that it knows the account's password.

    Else somebody could sign up with another's address and wait: a single click would make their password good.
    """
    person = identity()
    knowing = (who_is_known(), person.user_id if person else None)
    return account.user_id not in knowing and has_unproven_password(account.user_id)


@pages.post("/send-verification")
@few_from_one_address
@for_anyone_signed_in
def send_verification() -> ResponseReturnValue:
    person = signed_in_as()
    if not person.email_verified:
        ask_for_own_proof(ProofKind.VERIFY)
        flash(_("We have written to %(email)s. Open the link in that mail.", email=person.email))
    return redirect(first_page(person.role), 303)
