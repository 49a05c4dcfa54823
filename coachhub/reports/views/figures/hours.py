"""The hours that clients invest."""

from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.reports.figures import bars, examples
from coachhub.reports.service.cohort.hours import hours_seen
from coachhub.reports.views.figures.asked import figure_page, group_asked, month_here, table_file, zone_here
from coachhub.reports.views.pages import pages


@pages.get("/reports/hours")
@for_staff
def hours() -> ResponseReturnValue:
    """Twelve months of hours, beside what was asked."""
    group = group_asked()
    seen = hours_seen(group, clock.now(), zone_here())
    return figure_page(
        "hours",
        group,
        seen.beginnings,
        seen=seen,
        shown=bars.hour_columns(seen if seen.beginnings else examples.hours(month_here())),
        table=bars.hours_table(seen),
    )


@pages.get("/reports/hours.csv")
@for_staff
def hours_file() -> Response:
    """Month by month."""
    return table_file("hours", bars.hours_table(hours_seen(group_asked(), clock.now(), zone_here())))
