"""Pages of payments: paying, what was paid, and the practice's account and plan."""

from flask import Flask

from coachhub.payments.views import (
    buying,
    codes,
    connecting,
    coupons,
    credits,
    of_practice,
    paying,
    plan,
    receipts,
    seller,
    series,
)
from coachhub.payments.views.pages import pages
from coachhub.payments.views.pretending import add_pretended_pages
from coachhub.payments.views.stripe_events import webhooks

__all__ = [
    "buying",
    "codes",
    "connecting",
    "coupons",
    "credits",
    "of_practice",
    "paying",
    "plan",
    "receipts",
    "register",
    "seller",
    "series",
]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
    app.register_blueprint(webhooks)
    add_pretended_pages(app)
