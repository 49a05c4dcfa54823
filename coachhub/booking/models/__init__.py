"""Tables of the booking domain."""

from coachhub.booking.models.bookings import Booking, BookingAnswer, BookingStatus, PaidWith, Side, Wait
from coachhub.booking.models.hours import BlockedTime, CoachMonth, CoachProfile, DatedHours, PracticePage, WeeklyHours
from coachhub.booking.models.offers import Offering, OfferingCoach, OfferingStatus, Package, PlaceKind, Question

__all__ = [
    "BlockedTime",
    "Booking",
    "BookingAnswer",
    "BookingStatus",
    "CoachMonth",
    "CoachProfile",
    "DatedHours",
    "Offering",
    "OfferingCoach",
    "OfferingStatus",
    "Package",
    "PaidWith",
    "PlaceKind",
    "PracticePage",
    "Question",
    "Side",
    "Wait",
    "WeeklyHours",
]
