"""A visitor's own booking, under the link of its mails: how it stands, moving it, calling it off, its calendar file."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.booking.forms.cancelling import CancelForm
from coachhub.booking.models import Side
from coachhub.booking.rules.cancellation import may_cancel, may_move, refund_percent_for
from coachhub.booking.rules.standing import standing_of
from coachhub.booking.service.calendars import FILE_NAME, booking_content_type, booking_file
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.holding import SlotTaken
from coachhub.booking.service.moving import move_booking, reach_days_of
from coachhub.booking.service.profiles import PracticePageRow, practice_page
from coachhub.booking.service.reading import BookingRow, booking_of
from coachhub.booking.service.slots import is_free
from coachhub.booking.service.visiting import Bookable, bookable
from coachhub.booking.service.visitor_links import follow_booking_link
from coachhub.booking.views.asked import asked_instant
from coachhub.booking.views.free_times import Search, free_times
from coachhub.booking.views.month import Way, written_instant
from coachhub.booking.views.pages import pages
from coachhub.booking.views.visit import Clock, asked_zone, secret, zone_options
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import public
from coachhub.platform.private_pages import by_link
from coachhub.platform.web import as_download


@dataclass(frozen=True)
class Own:
    """Somebody at their own booking."""

    token: str
    booking: BookingRow
    practice: PracticePageRow
    now: datetime
    reader: Clock

    @property
    def way(self) -> Way:
        """Where it is moved, for this zone."""
        kept = (("zone", self.reader.asked),) if self.reader.asked else ()
        return Way(url_for("booking.move", token=self.token), kept)


def _own(token: str) -> Own:
    found = booking_of(follow_booking_link(token))
    zone = asked_zone()
    reader = Clock(ZoneInfo(zone or found.time_zone), zone, is_guess=False)
    return Own(token, found, practice_page(), clock.now(), reader)


@pages.get("/b/<token>")
@public
@by_link
@secret
def booking(token: str) -> ResponseReturnValue:
    """How it stands, and what can be done."""
    return _shown("booking/booking.html", _own(token))


@pages.get("/b/<token>/calendar.ics")
@public
@by_link
@secret
def booking_calendar(token: str) -> ResponseReturnValue:
    """The event for the visitor's calendar, as it stands; called off, it takes itself out again."""
    own = _own(token)
    if own.booking.confirmed_at is None:
        raise NotFound
    return as_download(booking_file(own.booking), FILE_NAME, booking_content_type(own.booking))


@pages.get("/b/<token>/move")
@public
@by_link
@secret
def move(token: str) -> ResponseReturnValue:
    """To when? By the rule, and to what is free; or why not."""
    own = _own(token)
    found = _may_be_moved(own)
    if found is None:
        return _shown("booking/not_moved.html", own)
    at = asked_instant()
    if at is None:
        return _shown("booking/move.html", own, times=free_times(_search(own, found)), offering=found.offering)
    reach = reach_days_of(own.booking)
    if not is_free(found.offering.id, at, own.now, _same_coach(own, found), own.booking.id, reach):
        return _taken(own, at)
    return _shown("booking/move_to.html", own, at=at, at_written=written_instant(at))


@pages.post("/b/<token>/move")
@public
@by_link
@secret
def move_it(token: str) -> ResponseReturnValue:
    """Move it; a second click finds it there."""
    own, at = _own(token), asked_instant()
    if at is None:
        return redirect(own.way.to(), 303)
    try:
        move_booking(own.booking.id, at, Side.CLIENT)
    except SlotTaken:
        return _taken(own, at)
    return _back(token)


@pages.get("/b/<token>/cancel")
@public
@by_link
@secret
def cancel(token: str) -> ResponseReturnValue:
    """Call it off? With what comes back."""
    own = _own(token)
    return _cancel(own, CancelForm()) if may_cancel(own.booking, own.now) else _back(token)


@pages.post("/b/<token>/cancel")
@public
@by_link
@secret
def cancel_it(token: str) -> ResponseReturnValue:
    """Call it off; a hold is let go. What is off already stays so."""
    own, form = _own(token), CancelForm()
    if not form.validate():
        return _cancel(own, form), 422
    cancel_booking(own.booking.id, Side.CLIENT, form.reason.data or "")
    return _back(token)


def _cancel(own: Own, form: CancelForm) -> str:
    percent = refund_percent_for(own.booking, own.now, Side.CLIENT)
    return _shown("booking/cancel.html", own, form=form, percent=percent)


def _may_be_moved(own: Own) -> Bookable | None:
    """What it is a booking of, where the rule lets the client move it."""
    if own.booking.offering_id is None or not may_move(own.booking, own.now):
        return None
    return bookable(own.booking.offering_id)


def _search(own: Own, found: Bookable) -> Search:
    reach = reach_days_of(own.booking)
    where = (own.reader.zone, own.way, own.now, own.booking.id)
    return Search(found.offering, _same_coach(own, found), *where, reach_days=reach)


def _same_coach(own: Own, found: Bookable) -> UUID | None:
    """Whoever could choose the coach keeps them; otherwise any who is free takes it."""
    return own.booking.coach_id if found.offering.coach_choice else None


def _taken(own: Own, at: datetime) -> ResponseReturnValue:
    return _shown("booking/not_moved_there.html", own, at=at), 409


def _back(token: str) -> Response:
    return redirect(url_for("booking.booking", token=token), 303)


def _shown(template: str, own: Own, **said: object) -> str:
    found, now = own.booking, own.now
    return render_template(
        template,
        own=own,
        booking=found,
        practice=own.practice,
        reader=own.reader,
        way=own.way,
        token=own.token,
        standing=standing_of(found.status, found.starts_at, found.ends_at, found.held_until, now),
        may_move=may_move(found, now),
        may_cancel=may_cancel(found, now),
        zone_options=zone_options(own.reader.zone) if request.endpoint == "booking.move" else "",
        **said,
    )
