"""Paying for a booking, under the link of its mails: what it costs, the way to the page of payment, what came of it."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachhub.booking.service.profiles import practice_page
from coachhub.booking.service.visitor_links import follow_booking_link
from coachhub.booking.views.visit import secret
from coachhub.payments.forms.code import CodeForm
from coachhub.payments.service.addresses import read_link
from coachhub.payments.service.buying import buy_booking
from coachhub.payments.service.outcomes import BookingPayment, Stand, ask_soon, payment_of_booking
from coachhub.payments.service.paying import open_payment
from coachhub.payments.views.credits import is_theirs
from coachhub.payments.views.pages import pages
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import outside, public
from coachhub.platform.private_pages import by_link
from coachhub.platform.tenancy import as_practice


@dataclass(frozen=True)
class Way:
    """Where the pages of one payment are: `begin` is where to choose anew, `here` polls without asking again."""

    pay: str
    here: str
    begin: str
    home: str


@pages.get("/b/<token>/pay")
@public
@by_link
@secret
def pay(token: str) -> ResponseReturnValue:
    """What it costs, until when it is held, and one button."""
    found = payment_of_booking(follow_booking_link(token))
    if found.stand not in (Stand.TO_PAY, Stand.ASKING):
        return redirect(url_for("payments.paid", token=token), 303)
    return show_payment("payments/pay.html", found, token)


@pages.post("/b/<token>/pay")
@outside
@public
@by_link
@secret
def pay_it(token: str) -> ResponseReturnValue:
    """On to the page of payment; a second click leads to the same one."""
    ids = read_link(token, of_booking=True)
    if ids is None:
        raise NotFound
    practice_id, booking_id = ids
    with as_practice(practice_id):
        purchase_id = buy_booking(booking_id)
    return redirect(open_payment(practice_id, purchase_id), 303)


@pages.get("/b/<token>/paid")
@public
@by_link
@secret
def paid(token: str) -> ResponseReturnValue:
    """What came of it. Whatever led here, only our own rows say that it is paid."""
    found = payment_of_booking(follow_booking_link(token))
    if found.stand is Stand.TO_PAY:
        return redirect(url_for("payments.pay", token=token), 303)
    if found.purchase is not None and "again" not in request.args:
        ask_soon(found.purchase)
    return show_payment("payments/paid.html", found, token)


def show_payment(template: str, found: BookingPayment, token: str, form: CodeForm | None = None) -> str:
    """A page of one booking's payment."""
    practice = practice_page()
    way = Way(
        pay=url_for("payments.pay", token=token),
        here=url_for("payments.paid", token=token, again=1),
        begin=url_for("booking.practice_page", slug=practice.slug),
        home=url_for("booking.booking", token=token),
    )
    booking = found.booking
    own = is_theirs(booking.client_id, booking.email)
    said = {"found": found, "booking": booking, "zone": booking.zone, "is_theirs": own, "form": form or CodeForm()}
    return render_template(template, practice=practice, way=way, token=token, **said)
