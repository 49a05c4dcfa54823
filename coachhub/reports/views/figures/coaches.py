"""Coaches side by side: for the owner."""

from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from coachhub.platform import clock
from coachhub.platform.guards import for_owner
from coachhub.reports.figures.coaches import coach_cells, coaches_table
from coachhub.reports.service.cohort.coaches import CoachesSeen, Period, coaches_seen
from coachhub.reports.service.cohort.group import Group
from coachhub.reports.views.figures.asked import table_file, tabs_of, zone_here
from coachhub.reports.views.pages import pages
from coachhub.reports.wording.definitions import definitions


@pages.get("/reports/coaches")
@for_owner
def coaches_page() -> ResponseReturnValue:
    """Clients, sessions, revenue and utilisation of each coach."""
    period = _period()
    seen = _seen(period)
    return render_template(
        "reports/figures/coaches.html",
        tabs=partial(tabs_of, Group()),
        periods=_periods(period),
        seen=seen,
        lines=[coach_cells(line) for line in seen.lines],
        total=coach_cells(seen.total),
        file=url_for("reports.coaches_file", period=period.value),
        definitions=definitions,
    )


@pages.get("/reports/coaches.csv")
@for_owner
def coaches_file() -> Response:
    """A row a coach."""
    return table_file("coaches", coaches_table(_seen(_period())))


def _seen(period: Period) -> CoachesSeen:
    return coaches_seen(period, clock.now(), zone_here())


def _period() -> Period:
    text = request.args.get("period", "")
    return Period(text) if text in set(Period) else Period.THIS


def _periods(chosen: Period) -> list[tuple[str, str, bool, None]]:
    words: dict[Period, str] = {
        Period.THIS: _("This month"),
        Period.LAST: _("Last month"),
        Period.THREE: _("Last three months"),
        Period.TWELVE: _("Last twelve months"),
    }
    return [
        (url_for("reports.coaches_page", period=period.value), words[period], period is chosen, None)
        for period in Period
    ]
