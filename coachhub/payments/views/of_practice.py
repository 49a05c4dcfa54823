"""What people paid, for owner and coaches: the list, one payment, giving back, one client's; and a client's own."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.service.records import client_of
from coachhub.payments.forms.refunding import RefundForm
from coachhub.payments.gateways import is_open_for_money
from coachhub.payments.models import RefundReason
from coachhub.payments.service.connecting import account_of_practice
from coachhub.payments.service.credits import holding_bought
from coachhub.payments.service.giving_credits import take_back_unused
from coachhub.payments.service.listing import OnePayment, Pile, payment, payments, payments_of, sums_since, troubles
from coachhub.payments.service.refunding import ask_refund, is_asked
from coachhub.payments.views.pages import pages
from coachhub.payments.wording.accounts import trouble_words
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client, for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_page

_LATELY = timedelta(days=30)


@pages.get("/payments")
@for_staff
def list_payments() -> ResponseReturnValue:
    """All of the practice, by how they stand."""
    pile, page = _asked_pile(), asked_page()
    lines, has_more = payments(pile, page)
    account = account_of_practice() if is_open_for_money() else None
    is_unconnected = is_open_for_money() and (account is None or account.is_lost)
    return render_template(
        "payments/payments.html",
        lines=lines,
        has_more=has_more,
        page=page,
        pile=pile,
        piles=(None, *Pile),
        sums=sums_since(_lately()),
        troubles=troubles(),
        account_trouble=trouble_words(account),
        is_unconnected=is_unconnected,
    )


@pages.get("/payments/<uuid:purchase_id>")
@for_staff
def one_payment(purchase_id: UUID) -> ResponseReturnValue:
    """One of them, with all that moved."""
    return _one(purchase_id)


@pages.post("/payments/<uuid:purchase_id>/refunds")
@for_staff
def give_back(purchase_id: UUID) -> ResponseReturnValue:
    """Give part of it back, or all."""
    found = payment(purchase_id)
    form = _refund_form(found)
    if is_asked(purchase_id, form.once.key):
        return redirect(url_for("payments.one_payment", purchase_id=purchase_id), 303)
    if not form.validate():
        return _one(purchase_id, form), 422
    by, note = signed_in_as().user_id, form.note.data or ""
    ask_refund(purchase_id, form.amount.minor or 0, RefundReason.ASKED_FOR, by, note, form.once.key)
    if form.takes_sessions:
        take_back_unused(purchase_id)
    flash(_("It is on its way back. Stripe has it within a minute; banks take some days."))
    return redirect(url_for("payments.one_payment", purchase_id=purchase_id), 303)


@pages.get("/clients/<uuid:client_id>/payments")
@for_staff
def of_client(client_id: UUID) -> ResponseReturnValue:
    """What one client paid."""
    page = asked_page()
    lines, has_more = payments_of(client_id, page)
    return render_template(
        "payments/of_client.html", client=client_of(client_id), lines=lines, has_more=has_more, page=page
    )


@pages.get("/sessions/payments")
@for_client
def my_payments() -> ResponseReturnValue:
    """What a client paid, and what went back."""
    client_id, page = signed_in_as().client_id, asked_page()
    if client_id is None:
        raise NotFound
    lines, has_more = payments_of(client_id, page)
    return render_template("payments/my_payments.html", lines=lines, has_more=has_more, page=page)


def _one(purchase_id: UUID, form: RefundForm | None = None) -> str:
    found = payment(purchase_id)
    held = holding_bought(purchase_id)
    said = {"line": found.line, "form": form or _refund_form(found), "held": held}
    return render_template("payments/payment.html", found=found, **said)


def _refund_form(found: OnePayment) -> RefundForm:
    held = holding_bought(found.line.id)
    return RefundForm(found.line.currency, found.left, held.left if held else 0)


def _asked_pile() -> Pile | None:
    try:
        return Pile(request.args.get("state", ""))
    except ValueError:
        return None


def _lately() -> datetime:
    return clock.now() - _LATELY
