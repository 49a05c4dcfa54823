"""The practice's coupons, for its owner."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.service.offers import offerings, packages
from coachhub.payments.forms.coupon import CouponForm
from coachhub.payments.service import coupon_book
from coachhub.payments.service.coupon_book import CodeTaken, CouponRow
from coachhub.payments.views.pages import pages
from coachhub.payments.wording.coupons import coupon_status, coupon_words, uses_words
from coachhub.platform import clock
from coachhub.platform.guards import for_owner
from coachhub.platform.identity import signed_in_as
from coachhub.platform.local_time import local_day


@pages.get("/coupons")
@for_owner
def coupons() -> str:
    today = local_day(clock.now(), ZoneInfo(signed_in_as().practice_time_zone))
    titles = {row.id: row.title for row in offerings()} | {row.id: row.title for row in packages()}
    lines = [
        (row, coupon_words(row, _of_what(row, titles)), coupon_status(row, today)) for row in coupon_book.coupons()
    ]
    return render_template("payments/coupons.html", lines=lines, uses_words=uses_words)


@pages.get("/coupons/new")
@for_owner
def new_coupon() -> str:
    return _page(_form(None), None)


@pages.post("/coupons/new")
@for_owner
def add_coupon() -> ResponseReturnValue:
    form = _form(None)
    if not form.validate():
        return _page(form, None), 422
    try:
        coupon_book.add_coupon(form.entry())
    except CodeTaken as taken:
        form.code.errors = [taken.text]
        return _page(form, None), 422
    flash(_("%(code)s is on: people can use it from now on.", code=form.code.data))
    return redirect(url_for("payments.coupons"), 303)


@pages.get("/coupons/<uuid:coupon_id>")
@for_owner
def coupon(coupon_id: UUID) -> str:
    found = coupon_book.coupon_of(coupon_id)
    return _page(_form(found), found)


@pages.post("/coupons/<uuid:coupon_id>")
@for_owner
def change_coupon(coupon_id: UUID) -> ResponseReturnValue:
    found = coupon_book.coupon_of(coupon_id)
    form = _form(found)
    if not form.validate():
        return _page(form, found), 422
    try:
        coupon_book.change_coupon(coupon_id, form.entry())
    except CodeTaken as taken:
        form.code.errors = [taken.text]
        return _page(form, found), 422
    flash(_("%(code)s is saved.", code=form.code.data))
    return redirect(url_for("payments.coupons"), 303)


@pages.post("/coupons/<uuid:coupon_id>/off")
@for_owner
def switch_coupon_off(coupon_id: UUID) -> ResponseReturnValue:
    coupon_book.switch_coupon(coupon_id, off=True)
    flash(_("It is off: nobody can use it any more. What was bought with it stays."))
    return redirect(url_for("payments.coupons"), 303)


@pages.post("/coupons/<uuid:coupon_id>/on")
@for_owner
def switch_coupon_on(coupon_id: UUID) -> ResponseReturnValue:
    coupon_book.switch_coupon(coupon_id, off=False)
    flash(_("It is on again."))
    return redirect(url_for("payments.coupons"), 303)


def _of_what(row: CouponRow, titles: dict[UUID, str]) -> str:
    """The title of the one offering or package; empty where it is for everything."""
    only = row.offering_id or row.package_id
    return titles[only] if only else ""


def _form(found: CouponRow | None) -> CouponForm:
    return CouponForm(signed_in_as().currency, offerings(), packages(), found)


def _page(form: CouponForm, found: CouponRow | None) -> str:
    words = uses_words(found) if found else None
    return render_template("payments/coupon.html", form=form, found=found, uses_words=words)
