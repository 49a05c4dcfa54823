"""Buying a package: who buys, the way to the page of payment, what came of it."""

from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from coachhub.booking.service.offers import OfferingRow, PackageRow, offering_of, package_with_slug
from coachhub.booking.service.profiles import PracticePageRow, practice_page
from coachhub.booking.views.visit import client_here, clock_of_reader, enter, few_bookings, secret
from coachhub.payments.forms.code import PackageForm
from coachhub.payments.service.addresses import read_link
from coachhub.payments.service.buying import Buyer
from coachhub.payments.service.discounting import NoSuchCode, buy_package_with
from coachhub.payments.service.outcomes import PackagePayment, Stand, ask_soon, payment_of_package
from coachhub.payments.service.paying import open_payment
from coachhub.payments.views.pages import pages
from coachhub.payments.views.paying import Way
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import outside, public
from coachhub.platform.identity import identity
from coachhub.platform.private_pages import by_link
from coachhub.platform.tenancy import as_visitor, bind


@dataclass(frozen=True)
class _Shelf:
    """A package that a visitor looks at."""

    practice: PracticePageRow
    package: PackageRow
    offering: OfferingRow
    form: PackageForm


@pages.get("/p/<slug>/packages/<package>")
@public
def package(slug: str, package: str) -> ResponseReturnValue:
    """What is in it, what it costs, and who buys."""
    return _form_page(_shelf(slug, package))


@pages.post("/p/<slug>/packages/<package>")
@few_bookings
@outside
@public
def buy(slug: str, package: str) -> ResponseReturnValue:
    """Buy it: on to the page of payment."""
    with as_visitor():
        shelf = _shelf(slug, package)
        if not shelf.form.validate():
            return _form_page(shelf), 422
        try:
            purchase_id = buy_package_with(
                shelf.package.id, _buyer(shelf), shelf.form.code.data or "", shelf.form.once.key
            )
        except NoSuchCode as refused:
            shelf.form.code.errors = [refused.text]
            return _form_page(shelf), 422
    if purchase_id is None:
        return redirect(url_for("payments.package_given", slug=slug, package=package), 303)
    return redirect(open_payment(shelf.practice.practice_id, purchase_id), 303)


@pages.get("/p/<slug>/packages/<package>/yours")
@public
def package_given(slug: str, package: str) -> ResponseReturnValue:
    """A code paid for all of it."""
    shelf = _shelf(slug, package)
    return render_template("payments/package_given.html", practice=shelf.practice, package=shelf.package)


@pages.get("/buy/<token>/pay")
@public
@by_link
@secret
def package_pay(token: str) -> ResponseReturnValue:
    """Back from the page of payment, without having paid: what it costs, and the way there."""
    found = payment_of_package(_followed(token))
    if found.stand not in (Stand.TO_PAY, Stand.ASKING):
        return redirect(url_for("payments.package_paid", token=token), 303)
    return _shown("payments/package_pay.html", found, token)


@pages.post("/buy/<token>/pay")
@outside
@public
@by_link
@secret
def package_pay_it(token: str) -> ResponseReturnValue:
    """On to the page of payment; a second click leads to the same one."""
    practice_id, purchase_id = _ids(token)
    return redirect(open_payment(practice_id, purchase_id), 303)


@pages.get("/buy/<token>/paid")
@public
@by_link
@secret
def package_paid(token: str) -> ResponseReturnValue:
    """What came of it, by our own rows."""
    found = payment_of_package(_followed(token))
    if "again" not in request.args:
        ask_soon(found.purchase)
    return _shown("payments/package_paid.html", found, token)


def _shelf(slug: str, package: str) -> _Shelf:
    enter(slug)
    practice, found = practice_page(), package_with_slug(package)
    if not practice.is_open or not found.is_open or not found.price:
        raise NotFound
    form, person, client = PackageForm(), identity(), client_here()
    if client is not None:
        form.known_as(client.name, client.email)
    elif person is not None and request.method == "GET" and not person.role.is_staff:
        form.name.data, form.email.data = person.name, person.email
    return _Shelf(practice, found, offering_of(found.offering_id), form)


def _form_page(shelf: _Shelf) -> str:
    return render_template(
        "payments/package.html",
        practice=shelf.practice,
        package=shelf.package,
        offering=shelf.offering,
        form=shelf.form,
        client=client_here(),
    )


def _buyer(shelf: _Shelf) -> Buyer:
    client = client_here()
    return Buyer(
        name=shelf.form.written_name,
        email=shelf.form.written_email,
        locale=str(get_locale() or "en"),
        time_zone=clock_of_reader(shelf.practice.time_zone).zone.key,
        client_id=client.client_id if client else None,
    )


def _ids(token: str) -> tuple[UUID, UUID]:
    ids = read_link(token, of_booking=False)
    if ids is None:
        raise NotFound
    return ids


def _followed(token: str) -> UUID:
    practice_id, purchase_id = _ids(token)
    bind(practice_id, None)
    return purchase_id


def _shown(template: str, found: PackagePayment, token: str) -> str:
    practice = practice_page()
    way = Way(
        pay=url_for("payments.package_pay", token=token),
        here=url_for("payments.package_paid", token=token, again=1),
        begin=url_for("booking.practice_page", slug=practice.slug),
        home=url_for("booking.practice_page", slug=practice.slug),
    )
    return render_template(template, practice=practice, way=way, token=token, found=found, purchase=found.purchase)
