"""Pages of payments: paying, what was paid, and the practice's account and plan."""

from flask import Flask

from coachhub.payments.views import coupons, seller
from coachhub.payments.views.pages import pages

__all__ = ["coupons", "register", "seller"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
