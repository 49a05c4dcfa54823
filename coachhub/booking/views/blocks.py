"""Keeping times free of bookings."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.booking.forms.calendar import BlockForm
from coachhub.booking.rules.month_page import day_written
from coachhub.booking.service.blocking import BlockRow, block_of, block_time, unblock_time
from coachhub.booking.service.reading import BookingRow, bookings_between
from coachhub.booking.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import Role, signed_in_as
from coachhub.platform.local_time import local_day


@pages.get("/calendar/block")
@for_staff
def block_page() -> ResponseReturnValue:
    """From when until when?"""
    form = _form()
    form.day.data = day_written(request.args.get("day", "")) or local_day(clock.now(), signed_in_as().zone)
    return render_template("booking/calendar/block_form.html", form=form)


@pages.post("/calendar/block")
@for_staff
def block_calendar() -> ResponseReturnValue:
    """Keep it free."""
    zone, form = signed_in_as().zone, _form()
    if not form.validate():
        return render_template("booking/calendar/block_form.html", form=form), 422
    try:
        block_id = block_time(form.coach, form.instant(zone), form.end(zone), form.written_note)
    except Refused as refused:
        form.say(refused.text)
        return render_template("booking/calendar/block_form.html", form=form), 422
    flash(_("Blocked: nobody can book this time from now on."))
    return redirect(url_for("booking.block", block_id=block_id), 303)


@pages.get("/calendar/blocks/<uuid:block_id>")
@for_staff
def block(block_id: UUID) -> ResponseReturnValue:
    """A blocked time, what is booked in it all the same, and the way back."""
    found = _own(block_id)
    return render_template("booking/calendar/block.html", found=found, booked=_booked_in(found))


@pages.post("/calendar/blocks/<uuid:block_id>/open")
@for_staff
def open_block(block_id: UUID) -> ResponseReturnValue:
    """Open it again."""
    found = _own(block_id)
    unblock_time(block_id)
    flash(_("Open again: this time can be booked."))
    day = local_day(found.starts_at, signed_in_as().zone)
    return redirect(url_for("booking.calendar", day=day.isoformat(), coach=found.coach_id), 303)


def _form() -> BlockForm:
    person = signed_in_as()
    return BlockForm().offer_coaches(person.user_id, only=None if person.role is Role.OWNER else person.user_id)


def _own(block_id: UUID) -> BlockRow:
    """One that this person may see: their own; the owner sees all."""
    found, person = block_of(block_id), signed_in_as()
    if person.role is not Role.OWNER and found.coach_id != person.user_id:
        raise NotFound
    return found


def _booked_in(found: BlockRow) -> tuple[BookingRow, ...]:
    longest = timedelta(days=62)
    return bookings_between(found.coach_id, found.starts_at, min(found.ends_at, found.starts_at + longest))
