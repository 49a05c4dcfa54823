"""Pages of bookings: what a coach sets up, what visitors see, and a coach's calendar."""

from flask import Flask

from coachhub.booking.views import (
    availability,
    blocks,
    booker,
    booking_page,
    by_hand,
    calendar,
    calendar_words,
    coach_booking,
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
    "blocks",
    "booker",
    "booking_page",
    "by_hand",
    "calendar",
    "calendar_words",
    "coach_booking",
    "offerings",
    "office_words",
    "packages",
    "practice_page",
    "presenting",
    "questions",
    "register",
]
from coachhub.booking.views import waits

__all__ = ["booker", "booking_page", "practice_page", "register", "waits"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
