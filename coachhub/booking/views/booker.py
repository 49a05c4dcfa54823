"""The booker of an offering: month, day, slot, details. Looking changes nothing; the form takes the time."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.booking.forms.details import DetailsForm, details_form
from coachhub.booking.models import PaidWith
from coachhub.booking.service.confirming import confirm_booking
from coachhub.booking.service.holding import MOST_HOLDS, BookingAsked, SlotTaken, hold_slot
from coachhub.booking.service.offers import questions_of
from coachhub.booking.service.slots import is_free, nearest_free
from coachhub.booking.service.visitor_links import booking_token
from coachhub.booking.views.asked import Visit, asked_instant, booking_asked, month_looked_at, visit_of
from coachhub.booking.views.free_times import Search, free_times
from coachhub.booking.views.month import slot_address, written_instant
from coachhub.booking.views.month_page import month_page
from coachhub.booking.views.pages import pages
from coachhub.booking.views.visit import client_here, few_bookings, zone_options
from coachhub.platform.errors import Refused
from coachhub.platform.guards import public
from coachhub.platform.identity import identity
from coachhub.platform.links import address_of

_HELD = "held"
"""Where the browser's signed cookie keeps the holds that were made in it."""


@pages.get("/p/<slug>/<offering>")
@public
def book(slug: str, offering: str) -> ResponseReturnValue:
    """The month, or for a chosen time the form."""
    at = asked_instant()
    visit = visit_of(slug, offering, month_looked_at() if at is None else None)
    if at is None:
        return month_page(visit, free_times(_search(visit)))
    if not is_free(visit.found.offering.id, at, visit.now, _coach_id(visit)):
        return _taken(visit, at), 409
    return _details(visit, at, _form(visit))


@pages.post("/p/<slug>/<offering>")
@few_bookings
@public
def take(slug: str, offering: str) -> ResponseReturnValue:
    """Take the time: a free one is booked with this, another is held while it is paid."""
    visit = visit_of(slug, offering)
    at, form = asked_instant(), _form(visit)
    if at is None:
        return _without_time(visit, form)
    if not form.validate():
        return _details(visit, at, form), 422
    try:
        return _go_on(visit, hold_slot(_asked(visit, at, form)))
    except SlotTaken:
        return _taken(visit, at, form), 409
    except Refused as refused:
        return _details(visit, at, form, refused.text), refused.status


def _without_time(visit: Visit, form: DetailsForm) -> ResponseReturnValue:
    """None of the times near to one that is taken was chosen: they are shown again, with all that was typed."""
    near = asked_instant("near")
    return (_taken(visit, near, form), 422) if near else redirect(visit.way.to(), 303)


def _go_on(visit: Visit, booking_id: UUID) -> Response:
    token = booking_token(booking_id)
    if visit.found.offering.price:
        session[_HELD] = [*_held_here(), str(booking_id)][-MOST_HOLDS:]
        return redirect(url_for("payments.pay", token=token), 303)
    confirm_booking(booking_id, PaidWith.NOTHING)
    return redirect(url_for("booking.booking", token=token), 303)


def _held_here() -> list[str]:
    return list(session.get(_HELD, ()))


def _search(visit: Visit) -> Search:
    return Search(visit.found.offering, _coach_id(visit), visit.reader.zone, visit.way, visit.now, ahead=visit.ahead)


def _form(visit: Visit) -> DetailsForm:
    """Clients of the practice are known; somebody else who is signed in finds their name and address typed already."""
    form = details_form(visit.found.offering, questions_of(visit.found.offering.id), visit.reader.zone)
    person, client = identity(), client_here()
    if client is not None:
        form.known_as(client.name, client.email)
    elif person is not None and request.method == "GET" and not person.role.is_staff:
        form.name.data, form.email.data = person.name, person.email
    return form


def _asked(visit: Visit, at: datetime, form: DetailsForm) -> BookingAsked:
    asked = booking_asked(visit, at, form, _coach_id(visit))
    return replace(asked, held_here=tuple(map(UUID, _held_here())))


def _details(visit: Visit, at: datetime, form: DetailsForm, refused: str = "") -> str:
    way = visit.way
    back = way.to(month=f"{at.astimezone(visit.reader.zone):%Y-%m}", day=f"{at.astimezone(visit.reader.zone):%Y-%m-%d}")
    said = {"at": at, "at_written": written_instant(at), "form": form, "refused": refused, "back": back}
    return _shown("booking/details.html", visit, **said)


def _taken(visit: Visit, at: datetime, form: DetailsForm | None = None) -> str:
    """The times around it; where something was typed already, it stays, and the times are choices of its form."""
    near = nearest_free(visit.found.offering.id, at, visit.now, coach_id=_coach_id(visit))
    times = [(slot.starts_at, slot_address(visit.way, slot.starts_at)) for slot in near]
    return _shown("booking/taken.html", visit, at=at, form=form, times=times)


def _shown(template: str, visit: Visit, **said: object) -> str:
    found = visit.found
    return render_template(
        template,
        visit=visit,
        practice=found.practice,
        offering=found.offering,
        reader=visit.reader,
        way=visit.way,
        zone_options=zone_options(visit.reader.zone),
        address=address_of(f"/p/{found.practice.slug}/{found.offering.slug}"),
        client=client_here(),
        **said,
    )


def _coach_id(visit: Visit) -> UUID | None:
    return visit.coach.coach_id if visit.coach else None
