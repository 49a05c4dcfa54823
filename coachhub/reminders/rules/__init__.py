"""When a reminder is due and may go out, and how its words are put together."""

from coachhub.reminders.rules.again import ANSWERS_COME_WITHIN, may_go_again
from coachhub.reminders.rules.due import (
    GRACE,
    MORNING,
    QuietHours,
    after_meetup_due,
    after_quiet_hours,
    cannot_wait,
    in_quiet_hours,
    is_stale,
    monday_due,
    new_month_due,
    promise_due,
    wait_before_trying_again,
)
from coachhub.reminders.rules.nudges import Barrier, barrier_of
from coachhub.reminders.rules.words import Items, Part, Quote, compose, one_line_of, unknown_fields

__all__ = [
    "ANSWERS_COME_WITHIN",
    "GRACE",
    "MORNING",
    "Barrier",
    "Items",
    "Part",
    "QuietHours",
    "Quote",
    "after_meetup_due",
    "after_quiet_hours",
    "barrier_of",
    "cannot_wait",
    "compose",
    "in_quiet_hours",
    "is_stale",
    "may_go_again",
    "monday_due",
    "new_month_due",
    "one_line_of",
    "promise_due",
    "unknown_fields",
    "wait_before_trying_again",
]
