"""The list of clients: an address for each filter, search and order."""

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.service.members import coaches
from coachhub.habits.forms import months_ahead
from coachhub.habits.rules import Month
from coachhub.habits.service.habits import list_habits
from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.web import asked_page
from coachhub.reports import wording
from coachhub.reports.client_line import line_of
from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import LARGEST_FIRST, SORTS, ClientsPage, ClientsQuery, clients_page
from coachhub.reports.views.pages import coach_asked, pages

_LONGEST_SEARCH = 100
NOT_CHOSEN = "not_chosen"


@pages.get("/clients")
@for_staff
def clients() -> ResponseReturnValue:
    """Fifty clients a page."""
    query = asked_query()
    page = clients_page(query)
    return render_template(
        "reports/clients.html",
        query=query,
        page=page,
        rows=[line_of(listed) for listed in page.rows],
        team=coaches(),
        filters=_filters(query, page),
        heads=_heads(query),
        habits=list_habits(),
        months=months_ahead(Month.local(clock.now(), signed_in_as().zone)),
        here=_address(query, page=query.page),
        base=_address(query),
        cleared=_address(query, words=""),
        nudge_all=url_for("reports.nudge", who="list", next=_address(query), **_filtered(query)),
    )


def asked_query() -> ClientsQuery:
    """What the address asks for; nonsense in it asks for nothing."""
    status, sort = request.args.get("status", ""), request.args.get("sort", "")
    return ClientsQuery(
        status=Standing(status) if status in set(Standing) else None,
        coach_id=coach_asked(None),
        not_chosen=request.args.get("stage") == NOT_CHOSEN,
        words=request.args.get("q", "").strip()[:_LONGEST_SEARCH],
        sort=sort if sort.removeprefix("-") in SORTS else "name",
        page=asked_page(),
    )


def _address(query: ClientsQuery, **changes: object) -> str:
    """The address of the list with something changed; back on its first page unless that is what changes."""
    wanted = replace(query, **{"page": 1, **changes})  # type: ignore[arg-type]
    sort = wanted.sort if wanted.sort != "name" else None
    return url_for("reports.clients", **_filtered(wanted), sort=sort, page=wanted.page if wanted.page > 1 else None)


def _filtered(query: ClientsQuery) -> dict[str, Any]:
    """What an address says of who is on the list."""
    return {
        "status": query.status.value if query.status else None,
        "stage": NOT_CHOSEN if query.not_chosen else None,
        "coach": query.coach_id,
        "q": query.words or None,
    }


def _filters(query: ClientsQuery, page: ClientsPage) -> list[tuple[str, str, bool, int]]:
    """Everybody but the archived, each standing that somebody has, who has not chosen yet, and what is chosen."""
    here = sum(count for standing, count in page.counts.items() if standing is not Standing.ARCHIVED)
    everybody = replace(query, status=None, not_chosen=False)
    chosen = [(_address(everybody), _("All"), everybody == query, here)]
    for standing in Standing:
        if page.counts[standing] or query.status is standing:
            words = wording.standing_words(standing)
            there = _address(everybody, status=standing)
            chosen.append((there, words, query.status is standing, page.counts[standing]))
    if page.not_chosen or query.not_chosen:
        there = _address(everybody, not_chosen=True)
        chosen.append((there, _("Nobody chosen yet"), query.not_chosen, page.not_chosen))
    return chosen


def _heads(query: ClientsQuery) -> dict[str, tuple[str, str | None]]:
    """The address behind each heading, and how it is sorted now."""
    heads = {}
    for heading in SORTS:
        is_current = query.heading == heading
        turned = not query.is_descending if is_current else heading in LARGEST_FIRST
        now = ("descending" if query.is_descending else "ascending") if is_current else None
        heads[heading] = (_address(query, sort=f"-{heading}" if turned else heading), now)
    return heads
