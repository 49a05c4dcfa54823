"""How networks grow, and what comes of messages."""

from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.reports.figures import examples, lines
from coachhub.reports.service.cohort.networks import networks_seen
from coachhub.reports.views.figures.asked import figure_page, group_asked, month_here, table_file, zone_here
from coachhub.reports.views.pages import pages


@pages.get("/reports/networks")
@for_staff
def networks() -> ResponseReturnValue:
    """Network strength over twelve months, reply and reconnect rates."""
    group = group_asked()
    seen = networks_seen(group, clock.now(), zone_here())
    return figure_page(
        "networks",
        group,
        seen.beginnings,
        seen=seen,
        line=lines.network_line(seen if seen.beginnings else examples.networks(month_here())),
        table=lines.network_table(seen),
    )


@pages.get("/reports/networks.csv")
@for_staff
def networks_file() -> Response:
    """Month by month."""
    return table_file("networks", lines.network_table(networks_seen(group_asked(), clock.now(), zone_here())))
