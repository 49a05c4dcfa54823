"""The list of clients: an address for each filter, search and order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from coachhub.habits.forms import months_ahead
from coachhub.habits.rules import Month
from coachhub.habits.service.starter import starter_name
from coachhub.platform import clock
from coachhub.platform.along import Along
from coachhub.platform.guards import for_staff, reads_along
from coachhub.platform.identity import signed_in_as
from coachhub.platform.unchanged import is_kept, same_until, tell_version
from coachhub.platform.written_once import WrittenOnce
from coachhub.reports import wording
from coachhub.reports.client_line import CLIENT_LINES
from coachhub.reports.forms.clients_query import arguments_of, kept_words, query_in
from coachhub.reports.forms.saved_filter import SavedFilterForm
from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import (
    LARGEST_FIRST,
    SORTS,
    ClientsPage,
    ClientsQuery,
    clients_page,
    clients_version,
    list_along,
    version_along,
)
from coachhub.reports.views.pages import pages

Filter = tuple[str, str, bool, int | None]
"""Its address, its words, whether the list is filtered so now, and how many it finds."""
Counts = tuple[tuple[Standing, int], ...]


class Bulk(NamedTuple):
    """Which habits can be given, each with its id and its name, and from which months."""

    habits: Sequence[tuple[str, str]]
    months: Sequence[Month]


def _along() -> Along:
    """Whether the list has changed, for a browser that has it already; otherwise the list."""
    return version_along() if is_kept() else list_along(query_in(request.args))


@pages.get("/clients")
@reads_along(_along)
@for_staff
@same_until(clients_version, is_told=True, asks=version_along)
def clients() -> ResponseReturnValue:
    """Fifty clients a page."""
    return list_page(query_in(request.args))


def list_page(query: ClientsQuery, form: FlaskForm | None = None) -> str:
    """The list, with the form in which its filter is given a name."""
    person, now = signed_in_as(), clock.now()
    page = clients_page(query, person.user_id)
    tell_version(page.version)
    kept = kept_words(query)
    return render_template(
        "reports/clients.html",
        query=query,
        asked=arguments_of(query),
        page=page,
        rows=CLIENT_LINES.each(page.rows, person.time_zone),
        filters=_FILTERS(query, page.counts, page.not_chosen, page.in_need),
        saved=_saved(page, kept),
        current=next((saved for saved in page.saved if saved.query == kept), None),
        form=form or (SavedFilterForm(formdata=None) if kept else None),
        heads=_HEADS(query),
        bulk=_BULK(page.habits, Month.local(now, person.zone)),
        here=list_address(query, page=query.page),
        base=list_address(query),
        cleared=list_address(query, words=""),
    )


def list_address(query: ClientsQuery, **changes: object) -> str:
    """The address of the list with something changed; back on its first page unless that is what changes."""
    wanted = replace(query, **{"page": 1, **changes})  # type: ignore[arg-type]
    words, page = kept_words(wanted), f"page={wanted.page}" if wanted.page > 1 else ""
    asked = "&".join(part for part in (words, page) if part)
    return f"{url_for('reports.clients')}?{asked}" if asked else url_for("reports.clients")


def _filters(query: ClientsQuery, counts: Counts, not_chosen: int, in_need: int) -> list[Filter]:
    """Everybody but the archived, who needs the coach, each standing that somebody has, who has chosen nobody yet."""
    everybody = replace(query, status=None, not_chosen=False, in_need=False)
    here = sum(count for standing, count in counts if standing is not Standing.ARCHIVED)
    filters: list[Filter] = [(list_address(everybody), _("All"), everybody == query, here)]
    if in_need or query.in_need:
        filters.append((list_address(everybody, in_need=True), _("Need you"), query.in_need, in_need))
    said = wording.standings_in_words()
    for standing, count in counts:
        if count or query.status is standing:
            there = list_address(everybody, status=standing)
            filters.append((there, said[standing], query.status is standing, count))
    if not_chosen or query.not_chosen:
        there = list_address(everybody, not_chosen=True)
        filters.append((there, _("Nobody chosen yet"), query.not_chosen, not_chosen))
    return filters


_FILTERS = WrittenOnce("reports/clients_parts.html", "filters", _filters)


def _saved(page: ClientsPage, kept: str) -> list[Filter]:
    address = url_for("reports.clients")
    return [(f"{address}?{saved.query}", saved.name, saved.query == kept, None) for saved in page.saved]


def _heads(query: ClientsQuery) -> dict[str, tuple[str, str | None]]:
    """The address behind each heading, and how it is sorted now."""
    heads = {}
    for heading in SORTS:
        is_current = query.heading == heading
        turned = not query.is_descending if is_current else heading in LARGEST_FIRST
        now = ("descending" if query.is_descending else "ascending") if is_current else None
        heads[heading] = (list_address(query, sort=f"-{heading}" if turned else heading), now)
    return heads


_HEADS = WrittenOnce("reports/clients_parts.html", "heads", _heads)


def _bulk(habits: Sequence[tuple[str, str]], running: Month) -> Bulk:
    """What can be done with those who are ticked. Without a habit of the practice's own ours is offered."""
    return Bulk(habits or (("", starter_name()),), months_ahead(running))


_BULK = WrittenOnce("reports/clients_parts.html", "bulk", _bulk)
