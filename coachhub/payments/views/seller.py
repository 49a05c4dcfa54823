"""Who issues receipts, for the owner."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.payments.forms.seller import SellerForm
from coachhub.payments.service.sellers import keep_seller, seller
from coachhub.payments.views.pages import pages
from coachhub.platform.guards import for_owner


@pages.get("/settings/receipts")
@for_owner
def seller_settings() -> str:
    found = seller()
    form = SellerForm(formdata=None, obj=found)
    form.start_with(found)
    return render_template("payments/seller.html", form=form)


@pages.post("/settings/receipts")
@for_owner
def save_seller() -> ResponseReturnValue:
    form = SellerForm()
    if not form.validate():
        return render_template("payments/seller.html", form=form), 422
    keep_seller(form.entry())
    flash(_("Your changes are saved. Receipts that are issued already stay as they are."))
    return redirect(url_for("payments.seller_settings"), 303)
