"""A booking, for the coach: what it is, moving it, calling it off, and what came of it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.forms.calendar import CallOffForm, MoveForm
from coachhub.booking.models import BookingStatus, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.ending import complete_booking, mark_no_show
from coachhub.booking.service.moving import move_booking
from coachhub.booking.service.reading import BookingRow, answers_of, booking_of, bookings_of_series
from coachhub.booking.service.working import what_is_unusual
from coachhub.booking.views.pages import pages
from coachhub.booking.wording.calendar import unusual_words
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as


@pages.get("/bookings/<uuid:booking_id>")
@for_staff
def coach_booking(booking_id: UUID) -> ResponseReturnValue:
    """Who, when, where, how it is settled, what was answered; and what can be done."""
    found = booking_of(booking_id)
    series = bookings_of_series(found.series_id) if found.series_id else ()
    return render_template(
        "booking/calendar/booking.html",
        found=found,
        answers=answers_of(booking_id),
        series=series,
        has_begun=found.starts_at <= clock.now(),
    )


@pages.get("/bookings/<uuid:booking_id>/move")
@for_staff
def coach_move_page(booking_id: UUID) -> ResponseReturnValue:
    """To when?"""
    found = _open(booking_id)
    return _move_page(found, _move_form(found).start_with(found, signed_in_as().zone))


@pages.post("/bookings/<uuid:booking_id>/move")
@for_staff
def coach_move(booking_id: UUID) -> ResponseReturnValue:
    """Move it; the client is told. What is unusual is said first, and done when it is meant."""
    found = booking_of(booking_id)
    form = _move_form(found)
    if not form.validate():
        return _move_page(found, form), 422
    begin = form.instant(signed_in_as().zone)
    unusual = what_is_unusual(form.coach, begin, begin + (found.ends_at - found.starts_at))
    if unusual and not form.anyway.data:
        return _move_page(found, form, unusual_words(unusual)), 422
    try:
        move_booking(booking_id, begin, Side.COACH, form.coach)
    except Refused as refused:
        form.say(refused.text)
        return _move_page(found, form), 422
    flash(_("Moved. Your client gets a mail with the new time."))
    return _to(booking_id)


@pages.get("/bookings/<uuid:booking_id>/cancel")
@for_staff
def coach_cancel_page(booking_id: UUID) -> ResponseReturnValue:
    """Is it off, or only later?"""
    return render_template("booking/calendar/call_off.html", found=_open(booking_id), form=CallOffForm())


@pages.post("/bookings/<uuid:booking_id>/cancel")
@for_staff
def coach_cancel(booking_id: UUID) -> ResponseReturnValue:
    """It is off."""
    form = CallOffForm()
    if not form.validate():
        return render_template("booking/calendar/call_off.html", found=booking_of(booking_id), form=form), 422
    cancel_booking(booking_id, Side.COACH, form.written_reason)
    flash(_("Called off. Your client gets a mail."))
    return _to(booking_id)


@pages.post("/bookings/<uuid:booking_id>/completed")
@for_staff
def coach_completed(booking_id: UUID) -> ResponseReturnValue:
    """It took place."""
    complete_booking(booking_id)
    flash(_("Noted: it took place."))
    return _to(booking_id)


@pages.post("/bookings/<uuid:booking_id>/no-show")
@for_staff
def coach_no_show(booking_id: UUID) -> ResponseReturnValue:
    """The client did not come."""
    mark_no_show(booking_id)
    flash(_("Noted: they did not come."))
    return _to(booking_id)


def _move_form(found: BookingRow) -> MoveForm:
    form = MoveForm()
    form.offer_coaches(found.coach_id)
    return form


def _move_page(found: BookingRow, form: MoveForm, unusual: tuple[str, ...] = ()) -> str:
    return render_template("booking/calendar/move.html", found=found, form=form, unusual=unusual)


def _open(booking_id: UUID) -> BookingRow:
    found = booking_of(booking_id)
    if found.status is not BookingStatus.CONFIRMED:
        raise Refused(409, _("This booking is not open any more: there is nothing to change."))
    return found


def _to(booking_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("booking.coach_booking", booking_id=booking_id), 303)
