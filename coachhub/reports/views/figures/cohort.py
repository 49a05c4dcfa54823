"""The cohort: clients by months."""

from functools import partial
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.habits.rules import Month
from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.platform.web import asked_page
from coachhub.reports.figures import heat
from coachhub.reports.service.cohort.glance import glance_page
from coachhub.reports.service.cohort.heat import A_YEAR, SORTS, HeatPage, HeatQuery, heat_page
from coachhub.reports.views.figures.asked import asked, figure_page, group_asked, month_here, table_file
from coachhub.reports.views.pages import pages

_LARGEST_FIRST = ("begun", "strength")


@pages.get("/reports")
@for_staff
def cohort() -> ResponseReturnValue:
    """Two hundred clients a page: as strips of squares, or with `?as=table` as numbers."""
    query = _query()
    is_table = request.args.get("as") == "table"
    page = (heat_page if is_table else glance_page)(query, clock.now())
    return figure_page(
        "cohort",
        query.group,
        page.beginnings,
        choices=page.choices,
        kept=_kept(query, is_table),
        query=query,
        page=page,
        table=heat.heat_table(page) if is_table else None,
        heat=heat,
        ways=partial(_ways, query, page, is_table),
    )


@pages.get("/reports/cohort.csv")
@for_staff
def cohort_file() -> Response:
    """The same twelve months of everybody whom the address asks for."""
    page = heat_page(_query(), clock.now(), most=None)
    return table_file("cohort", heat.heat_table(page, is_file=True))


def _query() -> HeatQuery:
    sort, this = request.args.get("sort", ""), month_here()
    return HeatQuery(
        group=group_asked(),
        until=min(_month_asked() or this, this),
        this=this,
        sort=sort if sort.removeprefix("-") in SORTS else "name",
        page=asked_page(),
        archived=request.args.get("archived") == "yes",
    )


def _month_asked() -> Month | None:
    """`?until=2026-03`; earlier than any client nobody has been here."""
    try:
        return max(Month.parse(request.args.get("until", "")), Month(2000, 1))
    except ValueError:
        return None


def _kept(query: HeatQuery, is_table: bool, **changes: Any) -> dict[str, Any]:
    """What the address says beside the group; on the first page again unless that is what changes."""
    kept = {
        "until": str(query.until) if query.until < query.this else None,
        "sort": query.sort if query.sort != "name" else None,
        "archived": "yes" if query.archived else None,
        "as": "table" if is_table else None,
    }
    return {name: value for name, value in {**kept, **changes}.items() if value is not None}


def _ways(query: HeatQuery, page: HeatPage, is_table: bool) -> dict[str, Any]:
    """The addresses that lead on from here."""

    def to(**changes: Any) -> str:
        return url_for("reports.cohort", **asked(query.group), **_kept(query, is_table, **changes))

    this = query.this
    later = min(query.until.plus(A_YEAR), this)
    return {
        "base": to(),
        "earlier": to(until=str(query.until.plus(-A_YEAR))) if page.has_earlier else None,
        "later": to(until=str(later) if later < this else None) if query.until < this else None,
        "with_archived": to(archived=None if query.archived else "yes"),
        "as_table": to(**{"as": None if is_table else "table"}),
        "heads": {name: _head(query, name, to) for name in SORTS},
    }


def _head(query: HeatQuery, name: str, to: Any) -> tuple[str, str | None]:
    """The address behind a heading, and how it is sorted now."""
    is_descending = query.sort.startswith("-")
    if query.sort.removeprefix("-") != name:
        return to(sort=f"-{name}" if name in _LARGEST_FIRST else name), None
    return to(sort=name if is_descending else f"-{name}"), "descending" if is_descending else "ascending"
