"""How a booking stands for whoever booked it, at a moment."""

from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """`late`: the time to pay is over, and it is being asked whether somebody paid."""

    HELD = "held"
    LATE = "late"
    AHEAD = "ahead"
    NOW = "now"
    OVER = "over"
    MISSED = "missed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


def standing_of(
    status: str, starts_at: datetime, ends_at: datetime, held_until: datetime | None, now: datetime
) -> Standing:
    """A hold stands until its end, that instant left out; a session is on from its first instant to before its last."""
    if status == "held":
        return Standing.HELD if held_until is not None and now < held_until else Standing.LATE
    if status == "confirmed":
        return Standing.AHEAD if now < starts_at else Standing.NOW if now < ends_at else Standing.OVER
    return {"completed": Standing.OVER, "no_show": Standing.MISSED}.get(status) or Standing(status)
