"""What a practice sees that is full."""

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.clients.service.limits import TooManyClients
from coachhub.clients.views.pages import pages


@pages.app_errorhandler(TooManyClients)
def show_full(full: TooManyClients) -> ResponseReturnValue:
    """Where nothing was typed that could be kept: how many, why, and the way to the plan."""
    return render_template("clients/full.html", full=full), full.status
