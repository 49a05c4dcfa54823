"""The coach's eyes: Today, Clients, Client, and a nudge."""

from flask import Flask

from coachhub.reports.views import (
    batches,
    chosen,
    client,
    clients,
    exporting,
    figures,
    my_reports,
    nudges,
    papers,
    saved_filters,
    today,
)
from coachhub.reports.views.pages import pages

__all__ = [
    "batches",
    "chosen",
    "client",
    "clients",
    "exporting",
    "figures",
    "my_reports",
    "nudges",
    "papers",
    "saved_filters",
    "today",
]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
