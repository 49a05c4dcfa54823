"""The network as a whole: its rings, its strength over the months, what it spans, who is about to be lost."""

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.network import charts
from coachhub.network.rules import MOST_DOTS
from coachhub.network.service.strength import about_to_be_lost, dots_of, network_of
from coachhub.network.views.pages import owner, pages
from coachhub.platform.guards import for_client


@pages.get("/friends/network")
@for_client
def network_page() -> ResponseReturnValue:
    """Three statements, however many friends; without friends a greyed example."""
    mine = owner()
    today = mine.today()
    network = network_of(mine, today)
    if not network.friends:
        rings, line = charts.example(today)
        return render_template("network/no_network.html", rings=rings, line=line)
    dots = dots_of(mine, today) if network.friends <= MOST_DOTS else []
    return render_template(
        "network/network.html",
        network=network,
        line=charts.strength_line(network),
        rings=charts.rings_of(network, dots),
        lost=about_to_be_lost(mine, today),
        half_life_days=mine.half_life_days,
        number_words=charts.number_words,
    )
