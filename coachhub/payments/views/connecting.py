"""Settings, Payments: connecting the practice with Stripe. Each view asks Stripe between transactions, never in one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.payments.forms.connecting import ConnectForm
from coachhub.payments.gateway import GatewayAway, GatewayRefused, gateway
from coachhub.payments.gateways import is_open_for_money
from coachhub.payments.service.connecting import (
    Owner,
    account_of_practice,
    connect,
    onboarding_address,
    sync_account,
)
from coachhub.payments.views.pages import pages
from coachhub.payments.wording.accounts import wants_words
from coachhub.platform.guards import for_owner, outside
from coachhub.platform.identity import signed_in_as
from coachhub.platform.tenancy import as_practice


@pages.get("/settings/payments")
@for_owner
def account() -> ResponseReturnValue:
    return _page(ConnectForm(signed_in_as().locale))


@pages.post("/settings/payments")
@outside
@for_owner
def connect_account() -> ResponseReturnValue:
    """Open the account, or go on filling it in: the answer leads to Stripe's own pages."""
    who = signed_in_as()
    with as_practice(who.practice_id, who.user_id):
        known = account_of_practice()
        form = ConnectForm(who.locale, known.country if known else "")
        if (known is None or known.is_lost) and not form.validate_on_submit():
            return _page(form), 422
    country = form.country.data if known is None or known.is_lost else known.country
    owner = Owner(who.practice_id, who.user_id, who.practice_name, who.email)
    try:
        return redirect(connect(owner, country), 303)
    except (GatewayAway, GatewayRefused):
        return _back_with(_("Stripe did not answer as it should. Nothing is lost: please try again in a moment."))


@pages.post("/settings/payments/look")
@outside
@for_owner
def look_at_account() -> ResponseReturnValue:
    """Ask Stripe how the account stands."""
    return _looked()


@pages.get("/settings/payments/back")
@outside
@for_owner
def back_from_stripe() -> ResponseReturnValue:
    """Somebody comes back from Stripe's pages, which says nothing of how far they got: so it is asked."""
    return _looked()


@pages.get("/settings/payments/again")
@outside
@for_owner
def fill_in_again() -> ResponseReturnValue:
    """A link to Stripe's pages was used or too old: the same person gets a fresh one."""
    try:
        return redirect(onboarding_address(signed_in_as().practice_id), 303)
    except (GatewayAway, GatewayRefused):
        return _back_with(_("Stripe did not answer as it should. Nothing is lost: please try again in a moment."))


def _looked() -> ResponseReturnValue:
    try:
        sync_account(signed_in_as().practice_id)
    except (GatewayAway, GatewayRefused):
        return _back_with(_("Stripe did not answer just now, so this is how it stood last. Please look again later."))
    return redirect(url_for("payments.account"), 303)


def _back_with(trouble: str) -> ResponseReturnValue:
    flash(trouble, "warning")
    return redirect(url_for("payments.account"), 303)


def _page(form: ConnectForm) -> str:
    known = account_of_practice()
    return render_template(
        "payments/account.html",
        form=form,
        account=known,
        wants=wants_words(known.wants) if known else [],
        is_open=is_open_for_money(),
        is_pretend=is_open_for_money() and gateway().is_pretend,
    )
