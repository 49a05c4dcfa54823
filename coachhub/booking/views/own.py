"""A client's own way to book, from their portal into the booker."""

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.booking.service.booking_again import offers_for
from coachhub.booking.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as


@pages.get("/book")
@for_client
def own() -> ResponseReturnValue:
    """What was booked last, what is left of packages, and what else there is."""
    person = signed_in_as()
    if person.client_id is None:
        raise NotFound
    offers = offers_for(person.client_id, clock.now())
    return render_template("booking/own.html", offers=offers, practice=offers.practice, zone=person.zone)
