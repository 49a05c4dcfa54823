"""The coach's eyes: Today, Clients, Client."""

from flask import Flask

from coachhub.reports.views import client, clients, today
from coachhub.reports.views.pages import pages

__all__ = ["client", "clients", "today"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
