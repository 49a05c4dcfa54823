"""The list of clients as a file: a row a client. As in the list, meetups are on days of the client's own clock, and
sessions on days of the reader's.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from coachhub.habits.rules import CycleResult
from coachhub.habits.wording import reason_words, stage_words
from coachhub.platform import clock
from coachhub.platform.csv_file import TYPE, as_csv
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.local_time import local_day
from coachhub.platform.web import as_download
from coachhub.reports.forms.clients_query import query_in
from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import ids_found
from coachhub.reports.service.listing import Listed, listed_among, listed_clients
from coachhub.reports.service.standings import A_YEAR
from coachhub.reports.views.pages import pages
from coachhub.reports.wording import standing_words


@pages.get("/clients/export")
@for_staff
def export_clients() -> Response:
    """The whole list that the address asks for, on all of its pages."""
    return _file(listed_among(ids_found(query_in(request.args)), clock.now()))


@pages.post("/clients/export")
@for_staff
def export_chosen() -> Response:
    """Those who are ticked."""
    try:
        chosen = [UUID(written) for written in request.form.getlist("client_ids")]
    except ValueError:
        raise NotFound from None
    return _file(listed_clients(chosen))


def _file(clients: Iterable[Listed]) -> Response:
    head = (
        *(_("Name"), _("E-mail"), _("Coach"), _("Time zone"), _("Status"), _("Why"), _("This month"), _("Strength")),
        *(_("Months in a row"), _("Months met of the last twelve"), _("Last meetup"), _("Next session")),
    )
    return as_download(as_csv(head, map(_row, clients)), "clients.csv", TYPE)


def _row(client: Listed) -> tuple[object, ...]:
    who = (client.name, client.email, client.coach_name, client.time_zone, standing_words(client.standing))
    session = _day(client.session_at, signed_in_as().zone)
    progress = client.progress
    if progress is None or client.standing is Standing.ARCHIVED:  # as in the list
        return (*who, "", "", None, None, None, None, session)
    done = sum(month.result is CycleResult.DONE for month in progress.results[-A_YEAR:])
    months = (progress.strength, progress.streak, done)
    return (
        *(*who, reason_words(progress.verdict), stage_words(progress.stage), *months),
        *(_day(progress.last_held_at, ZoneInfo(client.time_zone)), session),
    )


def _day(instant: datetime | None, zone: ZoneInfo) -> str | None:
    return local_day(instant, zone).isoformat() if instant else None
