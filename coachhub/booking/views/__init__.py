"""Pages of bookings: what a coach sets up, what visitors see, and a coach's calendar."""

from flask import Flask

from coachhub.booking.views import (
    availability,
    booker,
    booking_page,
    offerings,
    office_words,
    packages,
    practice_page,
    presenting,
    questions,
)
from coachhub.booking.views.pages import pages

__all__ = [
    "availability",
    "booker",
    "booking_page",
    "offerings",
    "office_words",
    "packages",
    "practice_page",
    "presenting",
    "questions",
    "register",
]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
