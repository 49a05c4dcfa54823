"""Booking several sessions of a package in one go: a first time, how often, which dates are free; then all or none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from coachhub.booking.forms.details import DetailsForm, details_form
from coachhub.booking.models import PaidWith
from coachhub.booking.rules.series import dates_of_series
from coachhub.booking.service.offers import questions_of
from coachhub.booking.service.profiles import practice_page
from coachhub.booking.service.series import SeriesDate, SeriesPreview, SeriesTaken, book_series, preview_series
from coachhub.booking.service.slots import Slot
from coachhub.booking.views.asked import Visit, asked_instant, booking_asked, instant_written, visit_of
from coachhub.booking.views.free_times import Search, free_times
from coachhub.booking.views.month import Way, written_instant
from coachhub.booking.views.visit import asked_id, kept_in_zone_form, zone_options
from coachhub.payments.forms.series import RhythmForm
from coachhub.payments.service.credits import spend_credit
from coachhub.payments.views.credits import my_credits
from coachhub.payments.views.pages import pages
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as

_MOST_DATES = 100


@dataclass(frozen=True)
class _Series:
    """A client who books several: `left` is how many sessions they have for it."""

    visit: Visit
    left: int
    way: Way
    rhythm: RhythmForm


@pages.get("/book/several/<offering>")
@for_client
def series(offering: str) -> ResponseReturnValue:
    """When first; then how often, with the dates that come of it."""
    asked, at = _asked(offering), asked_instant()
    if at is None or not asked.left:
        return _first_time(asked)
    return _dates(asked, at, _preview(asked, at), _details(asked.visit))


@pages.post("/book/several/<offering>")
@for_client
def book_several(offering: str) -> ResponseReturnValue:
    """Book all of them, each with a session, or none."""
    asked, at = _asked(offering), asked_instant()
    if at is None:
        return redirect(asked.way.to(), 303)
    form, starts = _details(asked.visit), _chosen()
    if not form.validate():
        return _dates(asked, at, _preview(asked, at), form), 422
    try:
        book_series(booking_asked(asked.visit, at, form, asked_id("with")), starts, PaidWith.CREDIT, _settle)
    except SeriesTaken as taken:
        return _dates(asked, at, taken.preview, form, taken.text), 409
    except Refused as refused:
        return _dates(asked, at, _preview(asked, at), form, refused.text), refused.status
    flash(ngettext("One session is booked.", "%(num)s sessions are booked.", len(starts)))
    return redirect(url_for("coaching.my_sessions"), 303)


def _asked(offering: str) -> _Series:
    visit = visit_of(practice_page().slug, offering)
    left = sum(row.left for row in my_credits(visit.found.offering.id))
    way = Way(url_for("payments.series", offering=offering), visit.kept)
    return _Series(visit, left, way, RhythmForm(left))


def _first_time(asked: _Series) -> str:
    visit = asked.visit
    coach_id = visit.coach.coach_id if visit.coach else None
    search = Search(visit.found.offering, coach_id, visit.reader.zone, asked.way, visit.now)
    zones = {"zone_options": zone_options(visit.reader.zone), "kept_in_zone_form": kept_in_zone_form}
    return _shown("payments/series_first.html", asked, times=free_times(search), **zones)


def _preview(asked: _Series, at: datetime) -> SeriesPreview:
    visit, form = asked.visit, asked.rhythm
    dates = dates_of_series(at, visit.reader.zone, form.how_often, form.how_many)
    coach_id = visit.coach.coach_id if visit.coach else None
    return preview_series(visit.found.offering.id, dates, coach_id)


def _dates(asked: _Series, at: datetime, preview: SeriesPreview, form: DetailsForm, refused: str = "") -> str:
    said = {"at": at, "at_written": written_instant(at), "preview": preview, "form": form, "refused": refused}
    return _shown("payments/series.html", asked, **said)


def _shown(template: str, asked: _Series, **said: object) -> str:
    found = asked.visit.found
    return render_template(
        template,
        asked=asked,
        visit=asked.visit,
        offering=found.offering,
        practice=found.practice,
        reader=asked.visit.reader,
        way=asked.way,
        client=signed_in_as(),
        written_instant=written_instant,
        closest=_closest,
        **said,
    )


def _closest(date: SeriesDate) -> Slot | None:
    return min(date.nearest, key=lambda slot: abs(slot.starts_at - date.starts_at), default=None)


def _details(visit: Visit) -> DetailsForm:
    person, offering = signed_in_as(), visit.found.offering
    form = details_form(offering, questions_of(offering.id), visit.reader.zone)
    form.known_as(person.name, person.email)
    return form


def _chosen() -> list[datetime]:
    """The dates of the form; what is left out, or was never written by us, is not among them."""
    found = (instant_written(text) for text in request.form.getlist("starts")[:_MOST_DATES])
    return [at for at in found if at is not None]


def _settle(booking_id: UUID) -> None:
    spend_credit(booking_id)
