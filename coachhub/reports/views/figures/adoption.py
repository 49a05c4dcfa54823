"""How many have the habit some months after they began."""

from flask import url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.reports.figures import examples, lines
from coachhub.reports.service.cohort.adoption import adoption_seen
from coachhub.reports.views.figures.asked import asked, figure_page, group_asked, table_file
from coachhub.reports.views.pages import pages


@pages.get("/reports/adoption")
@for_staff
def adoption() -> ResponseReturnValue:
    """Adoption by months since the beginning, and by when clients began."""
    group = group_asked()
    seen = adoption_seen(group, clock.now())
    return figure_page(
        "adoption",
        group,
        seen.beginnings,
        seen=seen,
        line=lines.adoption_line(seen if seen.beginnings else examples.adoption()),
        table=lines.adoption_table(seen),
        cohorts=lines.cohort_table(seen),
        cohorts_file=url_for("reports.adoption_cohorts_file", **asked(group)),
    )


@pages.get("/reports/adoption.csv")
@for_staff
def adoption_file() -> Response:
    """By months since the beginning."""
    return table_file("adoption", lines.adoption_table(adoption_seen(group_asked(), clock.now())))


@pages.get("/reports/adoption-cohorts.csv")
@for_staff
def adoption_cohorts_file() -> Response:
    """By the quarter in which clients began."""
    return table_file("adoption-cohorts", lines.cohort_table(adoption_seen(group_asked(), clock.now())))
