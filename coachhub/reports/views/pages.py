"""The blueprint of the domain, and what its addresses have in common."""

from uuid import UUID

from flask import Blueprint, request

from coachhub.reports.service.boosters import booster_due
from coachhub.reports.service.brief import brief_of
from coachhub.reports.service.shelf.reading import reports_of, versions_about
from coachhub.reports.wording import brief, papers

pages = Blueprint("reports", __name__)
ALL = "all"


@pages.app_context_processor
def _for_the_clients_month() -> dict[str, object]:
    """Asked for by the template, so that no other page reads it."""
    return {
        "booster_due": booster_due,
        "reports_of": reports_of,
        "reports_about": versions_about,
        "papers": papers,
        "brief_of": brief_of,
        "brief_words": brief,
    }


def coach_asked(otherwise: UUID | None) -> UUID | None:
    """The coach that `?coach=` names; None for all of them."""
    asked = request.args.get("coach")
    if not asked:
        return otherwise
    try:
        return None if asked == ALL else UUID(asked)
    except ValueError:
        return otherwise
