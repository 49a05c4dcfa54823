"""Pages of payments: paying, what was paid, and the practice's account and plan."""

from flask import Flask

from coachhub.payments.views.pages import pages
from coachhub.payments.views.stripe_events import webhooks

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
    app.register_blueprint(webhooks)
