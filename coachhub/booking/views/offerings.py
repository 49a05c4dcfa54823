"""The practice's offerings: every coach sees them, its owner keeps them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.service.members import coaches
from coachhub.booking.forms.offering import OfferingForm
from coachhub.booking.service import offering_book
from coachhub.booking.service.offers import OfferingRow, coaches_of, offering_of, offerings, questions_of
from coachhub.booking.service.profiles import practice_page
from coachhub.booking.views.pages import pages
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_owner, for_staff
from coachhub.platform.identity import signed_in_as


@pages.get("/offerings")
@for_staff
def offerings_page() -> str:
    """The list, with the address of each to copy."""
    rows = offerings()
    return render_template(
        "booking/office/offerings.html",
        rows=[row for row in rows if row.status != "closed"],
        closed=[row for row in rows if row.status == "closed"],
        practice=practice_page(),
    )


@pages.get("/offerings/new")
@for_owner
def new_offering() -> str:
    return _page(_form(None).given_by([signed_in_as().user_id]), None)


@pages.post("/offerings/new")
@for_owner
def add_offering() -> ResponseReturnValue:
    form = _form(None)
    if not form.validate():
        return _page(form, None), 422
    offering_id = offering_book.add_offering(form.entry())
    return _saved(offering_id, form)


@pages.get("/offerings/<uuid:offering_id>")
@for_owner
def offering(offering_id: UUID) -> str:
    found = offering_of(offering_id)
    return _page(_form(found).given_by([coach.coach_id for coach in coaches_of(offering_id)]), found)


@pages.post("/offerings/<uuid:offering_id>")
@for_owner
def change_offering(offering_id: UUID) -> ResponseReturnValue:
    found = offering_of(offering_id)
    form = _form(found)
    if not form.validate():
        return _page(form, found), 422
    try:
        offering_book.change_offering(offering_id, form.entry())
    except Refused as refused:
        form.coach_ids.errors = [refused.text]
        return _page(form, found), 422
    return _saved(offering_id, form)


@pages.post("/offerings/<uuid:offering_id>/open")
@for_owner
def open_offering(offering_id: UUID) -> ResponseReturnValue:
    offering_book.open_offering(offering_id)
    flash(_("It is open: visitors can book it now."))
    return redirect(url_for("booking.offerings_page"), 303)


@pages.post("/offerings/<uuid:offering_id>/close")
@for_owner
def close_offering(offering_id: UUID) -> ResponseReturnValue:
    offering_book.close_offering(offering_id)
    flash(_("It is closed: nobody can book it any more. What is booked stays."))
    return redirect(url_for("booking.offerings_page"), 303)


@pages.post("/offerings/<uuid:offering_id>/move")
@for_owner
def move_offering(offering_id: UUID) -> ResponseReturnValue:
    offering_book.move_offering(offering_id, up=request.form.get("to") == "up")
    return redirect(url_for("booking.offerings_page"), 303)


def _saved(offering_id: UUID, form: OfferingForm) -> ResponseReturnValue:
    """Back to the list; open at once where the button said so."""
    if "open" in request.form:
        if not form.entry().coach_ids:
            form.coach_ids.errors = [_("Choose at least one coach who gives it: nobody could be booked.")]
            return _page(form, offering_of(offering_id)), 422
        offering_book.open_offering(offering_id)
        flash(_("“%(title)s” is open: visitors can book it now.", title=form.title.data))
    else:
        flash(_("“%(title)s” is saved.", title=form.title.data))
    return redirect(url_for("booking.offerings_page"), 303)


def _form(found: OfferingRow | None) -> OfferingForm:
    return OfferingForm(signed_in_as().currency, coaches(), found)


def _page(form: OfferingForm, found: OfferingRow | None) -> str:
    return render_template(
        "booking/office/offering.html",
        form=form,
        found=found,
        currency=form.price.currency,
        questions=questions_of(found.id) if found else (),
        practice=practice_page(),
    )
