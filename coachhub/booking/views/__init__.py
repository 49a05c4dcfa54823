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
    card,
    coach_booking,
    logo,
    offerings,
    office_words,
    own,
    packages,
    practice_page,
    presenting,
    questions,
    waits,
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
    "card",
    "coach_booking",
    "logo",
    "offerings",
    "office_words",
    "own",
    "packages",
    "practice_page",
    "presenting",
    "questions",
    "register",
    "waits",
]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
