"""Until when things are to be done, and said."""

from datetime import date, datetime


def may_say_topic(is_open: bool, ends_at: datetime, now: datetime) -> bool:
    """Whether the client may still say what they would like to talk about: until the session is over, or off."""
    return is_open and now < ends_at


def is_late(due_on: date | None, today: date) -> bool:
    """Whether the day of an action has passed; on its day it is not late, and without a day never."""
    return due_on is not None and due_on < today
