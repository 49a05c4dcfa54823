"""The practice's packages: every coach sees them, its owner keeps them."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.forms.package import PackageForm
from coachhub.booking.service import package_book
from coachhub.booking.service.offers import PackageRow, offerings, package_of, packages
from coachhub.booking.service.profiles import practice_page
from coachhub.booking.views.pages import pages
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_owner, for_staff
from coachhub.platform.identity import signed_in_as


@pages.get("/packages")
@for_staff
def packages_page() -> str:
    rows = packages()
    return render_template(
        "booking/office/packages.html",
        rows=[row for row in rows if row.status != "closed"],
        closed=[row for row in rows if row.status == "closed"],
        titles={row.id: row.title for row in offerings()},
        practice=practice_page(),
    )


@pages.get("/packages/new")
@for_owner
def new_package() -> str:
    return _page(_form(None), None)


@pages.post("/packages/new")
@for_owner
def add_package() -> ResponseReturnValue:
    form = _form(None)
    if not form.validate():
        return _page(form, None), 422
    package_book.add_package(form.entry())
    flash(_("“%(title)s” is saved as a draft. Open it when it is ready.", title=form.title.data))
    return redirect(url_for("booking.packages_page"), 303)


@pages.get("/packages/<uuid:package_id>")
@for_owner
def package(package_id: UUID) -> str:
    found = package_of(package_id)
    return _page(_form(found), found)


@pages.post("/packages/<uuid:package_id>")
@for_owner
def change_package(package_id: UUID) -> ResponseReturnValue:
    found = package_of(package_id)
    form = _form(found)
    if not form.validate():
        return _page(form, found), 422
    try:
        package_book.change_package(package_id, form.entry())
    except Refused as refused:
        form.offering_id.errors = [refused.text]
        return _page(form, found), 422
    flash(_("“%(title)s” is saved.", title=form.title.data))
    return redirect(url_for("booking.packages_page"), 303)


@pages.post("/packages/<uuid:package_id>/open")
@for_owner
def open_package(package_id: UUID) -> ResponseReturnValue:
    package_book.open_package(package_id)
    flash(_("It is open: people can buy it now."))
    return redirect(url_for("booking.packages_page"), 303)


@pages.post("/packages/<uuid:package_id>/close")
@for_owner
def close_package(package_id: UUID) -> ResponseReturnValue:
    package_book.close_package(package_id)
    flash(_("It is closed: nobody can buy it any more. Sessions that are paid stay good."))
    return redirect(url_for("booking.packages_page"), 303)


def _form(found: PackageRow | None) -> PackageForm:
    return PackageForm(signed_in_as().currency, offerings(), found)


def _page(form: PackageForm, found: PackageRow | None) -> str:
    return render_template(
        "booking/office/package.html", form=form, found=found, currency=form.price.currency, practice=practice_page()
    )
