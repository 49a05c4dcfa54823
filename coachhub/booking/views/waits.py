"""The waiting list for visitors: asking to be told when a time opens, and ending that by a link."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from coachhub.booking.forms.waiting import WaitForm
from coachhub.booking.rules.month_page import reach_of
from coachhub.booking.service.visiting import bookable
from coachhub.booking.service.visitor_links import follow_wait_link, wait_token
from coachhub.booking.service.waiting import WaitAsked, ask_to_be_told, end_wait, wait_of
from coachhub.booking.views.asked import Visit, asked_month, visit_of
from coachhub.booking.views.month import Way
from coachhub.booking.views.pages import pages
from coachhub.booking.views.visit import client_here, few_bookings, secret
from coachhub.platform.errors import Refused
from coachhub.platform.guards import public
from coachhub.platform.identity import identity
from coachhub.platform.local_time import first_of_month, local_day
from coachhub.platform.private_pages import by_link


@pages.get("/p/<slug>/<offering>/wait")
@public
def wait(slug: str, offering: str) -> ResponseReturnValue:
    """Which days? Those of the month that was looked at, to begin with."""
    visit, form = visit_of(slug, offering), WaitForm()
    _know(visit, form)
    form.first_day.data, form.last_day.data = _days_of_month(visit)
    return _asked(visit, form)


@pages.post("/p/<slug>/<offering>/wait")
@few_bookings
@public
def begin_to_wait(slug: str, offering: str) -> ResponseReturnValue:
    """Put the visitor on the list."""
    visit, form = visit_of(slug, offering), WaitForm()
    _know(visit, form)
    if not form.validate() or form.is_without_days(_today(visit)):
        return _asked(visit, form), 422
    try:
        wait_id = ask_to_be_told(_wanted(visit, form))
    except Refused as refused:
        return _asked(visit, form, refused.text), refused.status
    return redirect(url_for("booking.waiting", token=wait_token(wait_id)), 303)


@pages.get("/w/<token>")
@public
@by_link
@secret
def waiting(token: str) -> ResponseReturnValue:
    """What is waited for, and the button that ends it."""
    found = wait_of(follow_wait_link(token))
    asked = bookable(found.offering_id)
    kept = (("coach", str(found.coach_id)),) if found.coach_id else ()
    way = Way(url_for("booking.book", slug=asked.practice.slug, offering=asked.offering.slug), kept)
    said = {"practice": asked.practice, "offering": asked.offering, "coach": asked.coach_named(found.coach_id)}
    return render_template(
        "booking/waiting.html", wait=found, token=token, way=way, zone=ZoneInfo(found.time_zone), **said
    )


@pages.post("/w/<token>")
@public
@by_link
@secret
def wait_no_more(token: str) -> ResponseReturnValue:
    """End it; a second click changes nothing."""
    end_wait(follow_wait_link(token))
    return redirect(url_for("booking.waiting", token=token), 303)


def _know(visit: Visit, form: WaitForm) -> None:
    client, person = client_here(), identity()
    if client is not None:
        form.known_as(client.name, client.email)
    elif person is not None and request.method == "GET" and not person.role.is_staff:
        form.name.data, form.email.data = person.name, person.email


def _today(visit: Visit) -> date:
    return local_day(visit.now, visit.reader.zone)


def _days_of_month(visit: Visit) -> tuple[date, date]:
    today = _today(visit)
    month = asked_month(reach_of(today, visit.found.offering.horizon_days))
    return max(month, today), first_of_month(month, 1) - timedelta(days=1)


def _wanted(visit: Visit, form: WaitForm) -> WaitAsked:
    client = client_here()
    return WaitAsked(
        offering_id=visit.found.offering.id,
        coach_id=visit.coach.coach_id if visit.coach else None,
        client_id=client.client_id if client else None,
        name=form.written_name,
        email=form.written_email,
        time_zone=visit.reader.zone.key,
        locale=str(get_locale() or "en"),
        first_day=form.first_day.data,
        last_day=form.last_day.data,
    )


def _asked(visit: Visit, form: WaitForm, refused: str = "") -> str:
    said = {"practice": visit.found.practice, "offering": visit.found.offering, "reader": visit.reader}
    back = visit.way.to(month=request.args["month"]) if "month" in request.args else visit.way.to()
    return render_template(
        "booking/wait.html", visit=visit, form=form, client=client_here(), back=back, refused=refused, **said
    )
