"""Pages of payments: paying, what was paid, and the practice's account and plan."""

from flask import Flask

import coachhub.payments.views.buying
import coachhub.payments.views.paying  # noqa: F401 (they add their pages to the blueprint)
from coachhub.payments.views.pages import pages

__all__ = ["register"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
