"""The rules of the monthly habit: pure functions of facts, `now` and the client's zone."""

from coachhub.habits.rules.cycle import (
    CycleFacts,
    CycleResult,
    Stage,
    has_moved_out,
    heat_of,
    held_in,
    is_done,
    plan_instant,
    result_of,
    stage_of,
)
from coachhub.habits.rules.months import Month, day_of_month, days_left
from coachhub.habits.rules.question import Question, Situation, good_moments, may_ask, question_of
from coachhub.habits.rules.status import NextStep, Reason, Status, Verdict, status_of
from coachhub.habits.rules.strength import (
    Hours,
    MonthResult,
    Streak,
    shown_strength,
    streak,
    strength,
    strength_series,
    the_hour,
    the_year,
)

__all__ = [
    "CycleFacts",
    "CycleResult",
    "Hours",
    "Month",
    "MonthResult",
    "NextStep",
    "Question",
    "Reason",
    "Situation",
    "Stage",
    "Status",
    "Streak",
    "Verdict",
    "day_of_month",
    "days_left",
    "good_moments",
    "has_moved_out",
    "heat_of",
    "held_in",
    "is_done",
    "may_ask",
    "plan_instant",
    "question_of",
    "result_of",
    "shown_strength",
    "stage_of",
    "status_of",
    "streak",
    "strength",
    "strength_series",
    "the_hour",
    "the_year",
]
