"""Pages of clients."""

from flask import Flask

from coachhub.clients.views import adding, invitation, limit, my_settings, records
from coachhub.clients.views.pages import pages

__all__ = ["adding", "invitation", "limit", "my_settings", "records"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
