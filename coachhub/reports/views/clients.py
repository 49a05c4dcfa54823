"""The list of clients: an address for each filter, search and order."""

from collections.abc import Iterator
from dataclasses import replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from coachhub.habits.forms import months_ahead
from coachhub.habits.rules import Month
from coachhub.habits.service.habits import habits_to_give
from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.unchanged import same_until
from coachhub.reports import wording
from coachhub.reports.client_line import lines_of
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
)
from coachhub.reports.views.pages import pages

Filter = tuple[str, str, bool, int | None]
"""Its address, its words, whether the list is filtered so now, and how many it finds."""


@pages.get("/clients")
@for_staff
@same_until(lambda: clients_version(signed_in_as().user_id))
def clients() -> ResponseReturnValue:
    """Fifty clients a page."""
    return list_page(query_in(request.args), SavedFilterForm(formdata=None))


def list_page(query: ClientsQuery, form: FlaskForm) -> str:
    """The list, with the form in which its filter is given a name."""
    person, now = signed_in_as(), clock.now()
    page = clients_page(query, person.user_id)
    return render_template(
        "reports/clients.html",
        query=query,
        asked=arguments_of(query),
        page=page,
        rows=lines_of(page.rows, person.time_zone),
        filters=list(_filters(query, page)),
        saved=_saved(query, page),
        current=next((saved for saved in page.saved if saved.query == kept_words(query)), None),
        form=form,
        heads=_heads(query),
        standings=wording.standings_in_words(),
        habits=habits_to_give(),
        months=months_ahead(Month.local(now, person.zone)),
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


def _filters(query: ClientsQuery, page: ClientsPage) -> Iterator[Filter]:
    """Everybody but the archived, who needs the coach, each standing that somebody has, who has chosen nobody yet."""
    everybody = replace(query, status=None, not_chosen=False, in_need=False)
    here = sum(count for standing, count in page.counts.items() if standing is not Standing.ARCHIVED)
    yield list_address(everybody), _("All"), everybody == query, here
    if page.in_need or query.in_need:
        yield list_address(everybody, in_need=True), _("Need you"), query.in_need, page.in_need
    said = wording.standings_in_words()
    for standing in Standing:
        if page.counts[standing] or query.status is standing:
            there = list_address(everybody, status=standing)
            yield there, said[standing], query.status is standing, page.counts[standing]
    if page.not_chosen or query.not_chosen:
        there = list_address(everybody, not_chosen=True)
        yield there, _("Nobody chosen yet"), query.not_chosen, page.not_chosen


def _saved(query: ClientsQuery, page: ClientsPage) -> list[Filter]:
    address, now = url_for("reports.clients"), kept_words(query)
    return [(f"{address}?{saved.query}", saved.name, saved.query == now, None) for saved in page.saved]


def _heads(query: ClientsQuery) -> dict[str, tuple[str, str | None]]:
    """The address behind each heading, and how it is sorted now."""
    heads = {}
    for heading in SORTS:
        is_current = query.heading == heading
        turned = not query.is_descending if is_current else heading in LARGEST_FIRST
        now = ("descending" if query.is_descending else "ascending") if is_current else None
        heads[heading] = (list_address(query, sort=f"-{heading}" if turned else heading), now)
    return heads
