"""A coupon's code at the pay step of a booking."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from coachhub.booking.service.visitor_links import follow_booking_link
from coachhub.booking.views.visit import few_bookings, secret
from coachhub.payments.forms.code import CodeForm
from coachhub.payments.service.discounting import NoSuchCode, drop_coupon, use_coupon
from coachhub.payments.service.outcomes import payment_of_booking
from coachhub.payments.views.pages import pages
from coachhub.payments.views.paying import show_payment
from coachhub.platform.guards import public
from coachhub.platform.private_pages import by_link


@pages.post("/b/<token>/coupon")
@few_bookings
@public
@by_link
@secret
def use_code(token: str) -> ResponseReturnValue:
    """Take it off the price; where nothing is left to pay, it is booked."""
    booking_id, form = follow_booking_link(token), CodeForm()
    try:
        is_given = form.validate() and use_coupon(booking_id, form.code.data)
    except NoSuchCode as refused:
        form.refuse(refused.text)
    if form.errors:
        return show_payment("payments/pay.html", payment_of_booking(booking_id), token, form), 422
    return redirect(url_for("payments.paid" if is_given else "payments.pay", token=token), 303)


@pages.post("/b/<token>/coupon/off")
@public
@by_link
@secret
def drop_code(token: str) -> ResponseReturnValue:
    """Pay the list price after all."""
    drop_coupon(follow_booking_link(token))
    return redirect(url_for("payments.pay", token=token), 303)
