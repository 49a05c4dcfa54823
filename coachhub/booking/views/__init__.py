"""Pages of bookings: what a coach sets up, what visitors see, and a coach's calendar."""

from flask import Flask

from coachhub.booking.views import (
    blocks,
    booker,
    booking_page,
    by_hand,
    calendar,
    calendar_words,
    coach_booking,
    practice_page,
)
from coachhub.booking.views.pages import pages

__all__ = [
    "blocks",
    "booker",
    "booking_page",
    "by_hand",
    "calendar",
    "calendar_words",
    "coach_booking",
    "practice_page",
    "register",
]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
