"""The list of clients: an address for each filter, search and order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from coachhub.habits.forms import months_ahead
from coachhub.habits.rules import Month
from coachhub.habits.service.starter import starter_name
from coachhub.platform import clock
from coachhub.platform.along import Along
from coachhub.platform.framed import Frame, render_framed
from coachhub.platform.guards import for_staff, reads_along
from coachhub.platform.identity import signed_in_as
from coachhub.platform.readings import reader
from coachhub.platform.unchanged import is_kept, same_until, tell_version
from coachhub.platform.written_once import Written, WrittenOnce
from coachhub.reports import wording
from coachhub.reports.client_line import CLIENT_LINES
from coachhub.reports.forms.clients_query import arguments_of, kept_words, query_in, sort_asked
from coachhub.reports.forms.saved_filter import SavedFilterForm
from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import (
    LARGEST_FIRST,
    SORTS,
    ClientsQuery,
    CoachRow,
    SavedRow,
    client_rows,
    clients_page,
    clients_version,
    list_along,
    version_along,
)
from coachhub.reports.views.pages import pages

_FRAME = Frame("layouts/coach.html", "reports.today", "clients")
Filter = tuple[str, str, bool, int | None]
"""Its address, its words, whether the list is filtered so now, and how many it finds."""


class Counted(NamedTuple):
    """How many stand where, have chosen nobody, need the coach, and are found."""

    standings: tuple[tuple[Standing, int], ...]
    not_chosen: int
    in_need: int
    found: int


class Top(NamedTuple):
    """The search, and whose clients there are to choose from; without a query nothing can be searched."""

    query: ClientsQuery | None
    asked: Mapping[str, Any]
    team: Sequence[CoachRow]


class Above(NamedTuple):
    """What stands above the table: filters, how many are found, and what can be done with all of them."""

    filters: Sequence[Filter]
    saved: Sequence[Filter]
    found: int
    words: str
    cleared: str
    base: str
    asked: Mapping[str, Any]
    has_rows: bool
    may_nudge: bool


class Table(NamedTuple):
    """The table, with where it leads back to; by heading the address behind it and how it is sorted now."""

    here: str
    heads: Mapping[str, tuple[str, str | None]]
    rows: Written


class Bulk(NamedTuple):
    """Which habits can be given, each with its id and its name, and from which months."""

    habits: Sequence[tuple[str, str]]
    months: Sequence[Month]


class Pager(NamedTuple):
    """Which page it is, whether another one follows, and the address of the first."""

    page: int
    has_more: bool
    base: str


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
    """The list, with the form in which its filter is given a name.

    All of it is written once (reports/clients_parts.html) but for the forms around it, because of their tokens.
    """
    person, now = signed_in_as(), clock.now()
    page = clients_page(query, reader())
    tell_version(page.version)
    kept = kept_words(query)
    counted = Counted(page.counts, page.not_chosen, page.in_need, page.found)
    return render_framed(
        "reports/clients.html",
        _FRAME,
        _("Clients"),
        page=page,
        query=query,
        top=_TOP(None if page.is_empty_practice else query, page.team),
        above=_ABOVE(query, counted, page.saved, bool(page.run)),
        table=_TABLES(page.run, query, person.time_zone) if page.run else "",
        bulk=_BULK(page.habits, Month.local(now, person.zone)),
        pager=_PAGERS(query, page.has_more),
        current=next((saved for saved in page.saved if saved.query == kept), None),
        form=form or (SavedFilterForm(formdata=None) if kept else None),
        asked=_asked(query),
        first=list_address(query) if not page.run else None,
    )


def list_address(query: ClientsQuery, **changes: object) -> str:
    """The address of the list with something changed; back on its first page unless that is what changes."""
    wanted = replace(query, **{"page": 1, **changes})  # type: ignore[arg-type]
    words, page = kept_words(wanted), f"page={wanted.page}" if wanted.page > 1 else ""
    asked = "&".join(part for part in (words, page) if part)
    return f"{url_for('reports.clients')}?{asked}" if asked else url_for("reports.clients")


def _top(query: ClientsQuery | None, team: Sequence[CoachRow]) -> Top:
    return Top(query, _asked(query) if query else {}, team)


def _asked(query: ClientsQuery) -> dict[str, Any]:
    """What an address says of the list, but for the page."""
    return {**arguments_of(query), "sort": sort_asked(query)}


_TOP = WrittenOnce("reports/clients_parts.html", "top", _top)


def _above(query: ClientsQuery, counted: Counted, saved: Sequence[SavedRow], has_rows: bool) -> Above:
    status = query.status
    return Above(
        filters=_filters(query, counted),
        saved=_saved(saved, kept_words(query)),
        found=counted.found,
        words=query.words,
        cleared=list_address(query, words=""),
        base=list_address(query),
        asked=arguments_of(query),
        has_rows=has_rows,
        may_nudge=has_rows and status not in (Standing.INVITED, Standing.PAUSED, Standing.ARCHIVED),
    )


_ABOVE = WrittenOnce("reports/clients_parts.html", "above", _above)


def _filters(query: ClientsQuery, counted: Counted) -> list[Filter]:
    """Everybody but the archived, who needs the coach, each standing that somebody has, who has chosen nobody yet."""
    everybody = replace(query, status=None, not_chosen=False, in_need=False)
    here = sum(count for standing, count in counted.standings if standing is not Standing.ARCHIVED)
    filters: list[Filter] = [(list_address(everybody), _("All"), everybody == query, here)]
    if counted.in_need or query.in_need:
        filters.append((list_address(everybody, in_need=True), _("Need you"), query.in_need, counted.in_need))
    said = wording.standings_in_words()
    for standing, count in counted.standings:
        if count or query.status is standing:
            there = list_address(everybody, status=standing)
            filters.append((there, said[standing], query.status is standing, count))
    if counted.not_chosen or query.not_chosen:
        there = list_address(everybody, not_chosen=True)
        filters.append((there, _("Nobody chosen yet"), query.not_chosen, counted.not_chosen))
    return filters


def _saved(saved: Sequence[SavedRow], kept: str) -> list[Filter]:
    address = url_for("reports.clients")
    return [(f"{address}?{each.query}", each.name, each.query == kept, None) for each in saved]


def _table(run: str, query: ClientsQuery, reader_zone: str) -> Table:
    return Table(list_address(query, page=query.page), _heads(query), CLIENT_LINES.each(client_rows(run), reader_zone))


_TABLES = WrittenOnce("reports/clients_parts.html", "table", _table, most=64)
"""Each is about fifty kilobytes, or twice that where a name is in other letters than Latin."""


def _heads(query: ClientsQuery) -> dict[str, tuple[str, str | None]]:
    """The address behind each heading, and how it is sorted now."""
    heads = {}
    for heading in SORTS:
        is_current = query.heading == heading
        turned = not query.is_descending if is_current else heading in LARGEST_FIRST
        now = ("descending" if query.is_descending else "ascending") if is_current else None
        heads[heading] = (list_address(query, sort=f"-{heading}" if turned else heading), now)
    return heads


def _bulk(habits: Sequence[tuple[str, str]], running: Month) -> Bulk:
    """What can be done with those who are ticked. Without a habit of the practice's own ours is offered."""
    return Bulk(habits or (("", starter_name()),), months_ahead(running))


_BULK = WrittenOnce("reports/clients_parts.html", "bulk", _bulk)


def _pager(query: ClientsQuery, has_more: bool) -> Pager:
    return Pager(query.page, has_more, list_address(query))


_PAGERS = WrittenOnce("reports/clients_parts.html", "pager", _pager)
