"""The operator's page."""

from flask import Flask

from coachhub.operations.views import glance, jobs, mail
from coachhub.operations.views.pages import pages

__all__ = ["glance", "jobs", "mail", "register"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
