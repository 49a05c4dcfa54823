"""Pages of bookings: what a coach sets up, what visitors see, and a coach's calendar."""

from flask import Flask

from coachhub.booking.views import booker, booking_page, practice_page
from coachhub.booking.views.pages import pages

__all__ = ["booker", "booking_page", "practice_page", "register"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
