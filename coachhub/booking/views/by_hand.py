"""Booking by the coach, for a client."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.forms.calendar import BookForm
from coachhub.booking.rules.month_page import day_written
from coachhub.booking.service.by_hand import book_by_hand
from coachhub.booking.service.working import what_is_unusual
from coachhub.booking.views.pages import pages
from coachhub.booking.wording.calendar import unusual_words
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.local_time import local_day


@pages.get("/calendar/book")
@for_staff
def book_page() -> ResponseReturnValue:
    """Who, what and when?"""
    form = _form()
    form.day.data = day_written(request.args.get("day", "")) or local_day(clock.now(), signed_in_as().zone)
    return _page(form)


@pages.post("/calendar/book")
@for_staff
def book_for_client() -> ResponseReturnValue:
    """Put it into the calendar; the client is told. What is unusual is said first, and done when it is meant."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    begin, end = form.span(signed_in_as().zone)
    unusual = what_is_unusual(form.coach, begin, end)
    if unusual and not form.anyway.data:
        return _page(form, unusual_words(unusual)), 422
    try:
        booking_id = _book(form)
    except Refused as refused:
        form.say(refused.text)
        return _page(form), 422
    flash(_("Booked. Your client gets a mail with the calendar file."))
    return redirect(url_for("booking.coach_booking", booking_id=booking_id), 303)


def _book(form: BookForm) -> UUID:
    begin = form.instant(signed_in_as().zone)
    offering = form.offering
    return book_by_hand(
        UUID(form.client_id.data),
        form.coach,
        begin,
        form.length,
        form.written_place,
        offering.id if offering else None,
    )


def _form() -> BookForm:
    form = BookForm().offer(request.args.get("client", ""))
    form.offer_coaches(signed_in_as().user_id)
    return form


def _page(form: BookForm, unusual: tuple[str, ...] = ()) -> str:
    return render_template("booking/calendar/book.html", form=form, unusual=unusual)
