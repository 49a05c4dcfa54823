"""Calendar feeds: the secret address that a calendar reads, and the page on which its owner finds and renews it."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.coaching.service.feed_links import (
    client_feed_address,
    coach_feed_address,
    follow_feed,
    renew_client_feed,
    renew_coach_feed,
)
from coachhub.coaching.service.feeds import feed_file
from coachhub.coaching.views.pages import pages
from coachhub.platform import clock
from coachhub.platform.calendar_file import content_type
from coachhub.platform.guards import for_anyone_signed_in, public
from coachhub.platform.identity import signed_in_as
from coachhub.platform.private_pages import by_machines_too, keep_private

feeds = Blueprint("feeds", __name__)
feeds.after_request(keep_private)


@feeds.get("/feeds/<token>.ics")
@public
@by_machines_too
def feed(token: str) -> Response:
    """The whole feed; a calendar that has it already is told so in a word."""
    response = make_response(feed_file(follow_feed(token), clock.now()))
    response.headers["Content-Type"] = content_type()
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.get("/account/calendar")
@for_anyone_signed_in
def feed_page() -> ResponseReturnValue:
    """The address to copy."""
    person = signed_in_as()
    address = client_feed_address(person.client_id) if person.client_id else coach_feed_address(person.user_id)
    webcal = f"webcal:{address.partition(':')[2]}"
    return render_template("coaching/feed.html", address=address, webcal=webcal)


@pages.post("/account/calendar/renew")
@for_anyone_signed_in
def renew_feed() -> ResponseReturnValue:
    """A new address; the one before ends."""
    person = signed_in_as()
    if person.client_id:
        renew_client_feed(person.client_id)
    else:
        renew_coach_feed(person.user_id)
    flash(_("There is a new address. The one before opens nothing any more: put the new one into your calendar."))
    return redirect(url_for("coaching.feed_page"), 303)
